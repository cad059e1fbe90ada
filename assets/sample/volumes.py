"""The published figures that steer how much of everything the sample holds.

Belongs here: reading `volumes.toml` and its shape, and how a yearly figure is shared out over the
months. Not here: when within a month things happen (`clock`), what they are about (`subjects`).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent
MONTHS = range(12)
# On top of the published figures, as in real exports: neither enters any rate.
TEST_CALL_SHARE = 0.003
VOIDED_TICKET_SHARE = 0.003


@dataclass(frozen=True)
class Volumes:
    """The sample's year in figures; tuples have one value a month, January first.

    Attributes:
        year: the year.
        calls_offered: table 4-4, without test calls.
        calls_answered: table 4-5.
        calls_monitored: table 4-6.
        calls_monitored_passed: table 4-6.
        tickets_accepted: table 4-7, without voided tickets.
        tickets_closed: table 4-7.
        knowledge_updates: table 4-8, without retired articles.
        callbacks_attempted: table 4-17, by the time of the attempt.
        callbacks_reached: table 4-17.
        callbacks_satisfied: satisfied and basically satisfied, behind table 4-19.
        direct_answers: tickets of the year that were answered on the spot.
        returned_tickets: tickets of the year that a unit sent back at least once.
        agents_on_duty: agents on duty in every month.
        back_office: back-office staff on duty in every month.
        managers: managers on duty in every month.
        survey_responses: responses to the survey.
        survey: question -> option -> responses that chose it (annex 2).
        holidays: days off beside ordinary weekends, and weekends that belong to a holiday.
        makeup_days: Saturdays and Sundays that are worked.
        weekday_load: relative load by weekday, Monday first.
        holiday_load: relative load of a holiday.
        hour_load: relative load by hour of the day, midnight first.
    """

    year: int
    calls_offered: tuple[int, ...]
    calls_answered: tuple[int, ...]
    calls_monitored: tuple[int, ...]
    calls_monitored_passed: tuple[int, ...]
    tickets_accepted: tuple[int, ...]
    tickets_closed: tuple[int, ...]
    knowledge_updates: tuple[int, ...]
    callbacks_attempted: tuple[int, ...]
    callbacks_reached: tuple[int, ...]
    callbacks_satisfied: tuple[int, ...]
    direct_answers: int
    returned_tickets: int
    agents_on_duty: int
    back_office: int
    managers: int
    survey_responses: int
    survey: dict[int, dict[str, int]]
    holidays: frozenset[date]
    makeup_days: frozenset[date]
    weekday_load: tuple[float, ...]
    holiday_load: float
    hour_load: tuple[float, ...]


@cache
def load_volumes() -> Volumes:
    """Read `volumes.toml`."""
    content = read_data("volumes.toml")
    calendar = content["calendar"]
    monthly: dict[str, Any] = {name: tuple(each) for name, each in content["monthly"].items()}
    return Volumes(
        year=content["year"],
        **monthly,
        **content["yearly"],
        survey={int(question): options for question, options in content["survey"].items()},
        holidays=frozenset(date.fromisoformat(day) for day in calendar["holidays"]),
        makeup_days=frozenset(date.fromisoformat(day) for day in calendar["makeup_days"]),
        weekday_load=tuple(calendar["weekday_load"]),
        holiday_load=calendar["holiday_load"],
        hour_load=tuple(calendar["hour_load"]),
    )


@cache
def read_data(name: str) -> dict[str, Any]:
    """Read one of the package's TOML files."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def share_out(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Share a total out in proportion to weights, in whole numbers that add up to it.

    Args:
        total: what is shared out.
        weights: one for each part.

    Returns:
        One number for each weight; the largest remainders are rounded up.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)
