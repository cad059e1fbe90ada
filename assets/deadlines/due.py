"""When a ticket is due: the deadline rules (`deadlines.toml`) applied to tickets.

The day of acceptance is day 0, working or not; an extension replaces the deadline where it is later
(FACTS.md, section 2).
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from assets.core import HotlineError, error_in_chinese, fingerprint, read_toml
from assets.deadlines.calendar import Calendar
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE, moment_at, wall_clock

BUILT_IN = Path(__file__).parent / "deadlines.toml"
DEADLINE = "deadline"


class DeadlineRule(BaseModel):
    """One rule: which tickets, and how long they may take.

    Attributes:
        when: column -> value that a ticket must have.
        hours: hours after acceptance, to the second.
        working_days: working days after the day of acceptance, to the end of the day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: dict[str, str] = {}
    hours: int | None = None
    working_days: int | None = None


@dataclass(frozen=True)
class Deadlines:
    """Rules and calendar together: all that decides when a ticket is due.

    Attributes:
        rules: the first that fits counts.
        calendar: working days.
    """

    rules: tuple[DeadlineRule, ...]
    calendar: Calendar

    @property
    def columns(self) -> frozenset[str]:
        """Columns of a ticket that decide when it is due."""
        asked = {column for rule in self.rules for column in rule.when}
        return frozenset({"accepted_at", "extended_to", *asked})

    @property
    def version(self) -> str:
        """Fingerprint of rules and calendar."""
        return fingerprint([rule.model_dump() for rule in self.rules], self.calendar.version)


def load_deadlines(calendar: Calendar, path: Path | None = None) -> Deadlines:
    """The built-in rules, or the ones in a file of the operator.

    Raises:
        HotlineError: the file cannot be read or a rule is wrong.
    """
    path = path or BUILT_IN
    try:
        content = read_toml(path)
        rules = tuple(DeadlineRule.model_validate(each) for each in content["rule"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HotlineError(f"时限规则 {path} 无法读取（{type(error).__name__}）。") from None
    except ValidationError as error:
        said = error_in_chinese(error.errors()[0])
        raise HotlineError(f"时限规则 {path} 有误：{said}。") from None
    for rule in rules:
        for column, value in rule.when.items():
            columns = EXPORTS["tickets"].by_name
            codes = columns[column].codes if column in columns else ()
            if value not in codes:
                raise HotlineError(f"时限规则 {path} 有误：{column} 没有取值“{value}”。")
    return Deadlines(rules, calendar)


def _working_days_later(
    accepted: pl.Series, count: int, calendar: Calendar, zone: str
) -> tuple[pl.Series, list[int]]:
    """End of the count-th working day after each day; null where the calendar has no such year.

    Returns:
        The ends, and the years that the calendar lacks.
    """
    days = wall_clock(accepted.dt.convert_time_zone(zone)).dt.date()
    due = days.dt.add_business_days(
        count, week_mask=[True] * 7, holidays=calendar.days_off, roll="backward"
    )
    # Outside the calendar every day counts as worked: what ends there ends there in truth, too.
    early, late = days < calendar.first, due > calendar.last
    years = pl.concat([days.filter(early), due.filter(late)]).dt.year().unique().to_list()
    known = due.set(early | late, None).cast(pl.Datetime("us"))
    end_of_day = timedelta(hours=23, minutes=59, seconds=59)
    ends = moment_at(known + end_of_day, zone, repeated="latest")
    return ends.dt.convert_time_zone(TIME_ZONE), years


def with_deadline(
    rows: pl.DataFrame, deadlines: Deadlines, zone: str = TIME_ZONE
) -> tuple[pl.DataFrame, list[int]]:
    """Add `deadline` to tickets: a timestamp, or null where the rule says "when answered".

    Where a deadline falls in a year that the calendar does not have it is not known: null, too.

    Args:
        rows: tickets with their columns of DATA.md.
        deadlines: rules and calendar.
        zone: of the days.

    Returns:
        The tickets, and the years that the calendar lacks for one of them.
    """
    lacking: set[int] = set()
    undecided = pl.Series([True]).new_from_index(0, rows.height)
    due = pl.Series(DEADLINE, [None], pl.Datetime("us", TIME_ZONE)).new_from_index(0, rows.height)
    for rule in deadlines.rules:
        fits = undecided
        for column, value in rule.when.items():
            fits = fits & (rows[column] == value)
        undecided = undecided & ~fits
        accepted = rows["accepted_at"].filter(fits)
        if rule.hours is not None:
            due = due.scatter(fits.arg_true(), accepted + timedelta(hours=rule.hours))
        elif rule.working_days is not None:
            later, years = _working_days_later(
                accepted, rule.working_days, deadlines.calendar, zone
            )
            lacking.update(years)
            due = due.scatter(fits.arg_true(), later)
    extended = pl.col("extended_to")
    later_of_both = pl.when(extended > pl.col(DEADLINE)).then(extended).otherwise(DEADLINE)
    return rows.with_columns(due).with_columns(later_of_both.alias(DEADLINE)), sorted(lacking)
