"""When citizens call and when nobody answers: by weekday and hour.

Belongs here: the calls of a period by hour of the week, as heat maps and in words. How many seats
the hours need is in `rota`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from assets.reports.content.figures import nothing, rate, rounded
from assets.reports.content.model import Figure, Form, HeatMap, Tone
from assets.reports.content.periods import WEEKDAYS
from assets.reports.content.reading import Facts, Span

HOURS = range(24)
_ENOUGH_CALLS = 20
_NAMED = 3
_MEASURES = ("offered", "answered", "answered_wait_seconds", "lost_wait_seconds", "talk_seconds")


@dataclass(frozen=True)
class HourOfWeek:
    """Calls of one hour of one weekday.

    Attributes:
        weekday: 0 for Monday.
        hour: 0 to 23.
        days: days of the period with calls that fall on this weekday.
        offered: calls.
        answered: of them answered.
    """

    weekday: int
    hour: int
    days: int
    offered: int
    answered: int

    @property
    def lost(self) -> Figure:
        """Share of calls that nobody answered; too few calls give none."""
        if self.offered < _ENOUGH_CALLS:
            return nothing(Form.RATE, f"来电不足{_ENOUGH_CALLS}通")
        return rate(self.offered - self.answered, self.offered)

    @property
    def a_day(self) -> Figure:
        """Calls in this hour of such a day."""
        return rounded(self.offered, self.days, reason="没有数据")

    @property
    def load(self) -> float:
        """Calls an hour, not rounded."""
        return self.offered / self.days if self.days else 0.0

    @property
    def title(self) -> str:
        """Such as 星期一10时."""
        return f"{WEEKDAYS[self.weekday]}{self.hour}时"


@dataclass(frozen=True)
class Week:
    """The hours of a week, and what all calls of the period have in common.

    Attributes:
        hours: by weekday and hour, all 168.
        offered: calls of the period.
        answered: of them answered.
        talk_seconds: talk time of answered calls.
        wait_seconds: waits of all calls, answered and lost.
    """

    hours: tuple[tuple[HourOfWeek, ...], ...]
    offered: int
    answered: int
    talk_seconds: int
    wait_seconds: int

    def each(self) -> Iterator[HourOfWeek]:
        """The 168 hours, Monday 0:00 first."""
        return (hour for day in self.hours for hour in day)


def week_of(facts: Facts, span: Span) -> Week:
    """The calls of a period by hour of the week."""
    rows = facts.grouped("calls", ("date", "hour"), span).with_columns(
        weekday=pl.col("date").dt.weekday() - 1
    )
    days = dict(rows.group_by("weekday").agg(pl.col("date").n_unique()).rows())
    summed = rows.group_by("weekday", "hour").agg(pl.col("offered", "answered").sum())
    found = {(weekday, hour): sums for weekday, hour, *sums in summed.rows()}
    hours = tuple(
        tuple(
            HourOfWeek(weekday, hour, days.get(weekday, 0), *found.get((weekday, hour), (0, 0)))
            for hour in HOURS
        )
        for weekday in range(7)
    )
    totals = {name: int(rows[name].sum()) for name in _MEASURES}
    return Week(
        hours,
        totals["offered"],
        totals["answered"],
        totals["talk_seconds"],
        totals["answered_wait_seconds"] + totals["lost_wait_seconds"],
    )


def worst_hours(week: Week) -> list[HourOfWeek]:
    """Busy hours of the week by share of lost calls, the highest first.

    Only hours with at least the average number of calls: two lost calls of a quiet night make a
    high share, and no reason to change a rota.
    """
    busy = [hour for hour in week.each() if hour.offered * 7 * 24 >= week.offered]
    known = [hour for hour in busy if hour.lost.value]
    return sorted(known, key=lambda each: (-(each.lost.value or 0), each.weekday, each.hour))


def busiest_hours(week: Week) -> list[HourOfWeek]:
    """Hours of the week by calls a day, the most first."""
    known = [hour for hour in week.each() if hour.days]
    return sorted(known, key=lambda each: (-each.load, each.weekday, each.hour))


def volume_map(week: Week) -> HeatMap:
    """Calls by hour of the week."""
    named = [f"{each.title}（{each.a_day.text}通）" for each in busiest_hours(week)[:_NAMED]]
    return _map(
        "call_volume",
        "各星期各时段平均每小时话务量（通）",
        tuple(tuple(hour.a_day for hour in day) for day in week.hours),
        Tone.NEUTRAL,
        f"话务最集中的时段依次是{'、'.join(named)}。",
    )


def loss_map(week: Week) -> HeatMap:
    """Share of lost calls by hour of the week."""
    named = [f"{each.title}（{each.lost.text}）" for each in worst_hours(week)[:_NAMED]]
    busy = "话务量不低于平均的时段中，呼损率"
    said = f"{busy}最高的依次是{'、'.join(named)}。" if named else f"{busy}均为零。"
    return _map(
        "call_loss",
        "各星期各时段呼损率",
        tuple(tuple(hour.lost for hour in day) for day in week.hours),
        Tone.BAD,
        f"{said}来电不足{_ENOUGH_CALLS}通的时段不计算。",
    )


def _map(
    name: str, title: str, cells: tuple[tuple[Figure, ...], ...], tone: Tone, summary: str
) -> HeatMap:
    return HeatMap(
        name, title, WEEKDAYS, tuple(f"{hour}时" for hour in HOURS), cells, tone, summary
    )
