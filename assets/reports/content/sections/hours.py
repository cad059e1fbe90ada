"""When citizens call and when nobody answers: by hour of a day, and by hour of the week.

The section of a day, and the heat maps and findings of longer periods. How many seats the hours
need is in `rota`: a matter of months, not of one day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from assets.reports.content.chance import at_least, holm
from assets.reports.content.comparing import foremost, outstanding
from assets.reports.content.context import Context
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, listed, nothing, rate, rounded
from assets.reports.content.measures import Against, lengths, measure, uneven
from assets.reports.content.model import (
    Chart,
    Figure,
    Form,
    HeatMap,
    Row,
    Section,
    Series,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.periods import WEEKDAYS, Span, day_title

HOURS = range(24)
HOUR_HEADS = tuple(f"{hour}时" for hour in HOURS)
# Fewer calls give no share of lost ones.
_ENOUGH_CALLS = 20
_NAMED = 3
# Calls in an hour that nobody answers before it is called an interruption, and how many are named.
_SEVERAL = 3
_INTERRUPTIONS_NAMED = 5
_CAUSES = (
    ("hung_up", "来电人等待中挂断"),
    ("ring_timeout", "振铃超时"),
    ("agent_rejected", "坐席拒接"),
)


def hours_section(context: Context) -> Section:
    """Calls of a day by hour."""
    name, topic, now = "hours", "分时段话务", context.now
    if not context.facts.arrived("calls", context.span):
        return context.no_files(name, topic, "话务")
    if lacking := context.lacking(name, topic, "calls", "offered", "answered"):
        return lacking
    offered, answered = (
        context.facts.tally("calls", "hour", each, context.span) for each in ("offered", "answered")
    )
    lost = {hour: calls - answered.get(hour, 0) for hour, calls in offered.items()}
    headline = _day_headline(offered, lost)
    series = (
        Series("话务量", tuple(count(offered.get(hour, 0)) for hour in HOURS), faded=True),
        Series("未接通", tuple(count(lost.get(hour, 0)) for hour in HOURS)),
    )
    title = f"{now}各小时话务量与未接通（通）"
    chart = Chart("calls_by_hour", title, "columns", HOUR_HEADS, series, summary=f"{headline}。")
    return Section(name, topic, headline, (chart,))


def _day_headline(offered: Mapping[int, int], lost: Mapping[int, int]) -> str:
    if not offered:
        return "没有来电"
    busy, worst = (outstanding(sorted(each.items())) for each in (offered, lost))
    missed = sum(lost.values())
    peak = f"{_clock(busy)}为来电高峰（{_each(offered, busy)}）" if busy else "各时段来电数相近"
    if not missed:
        return f"{peak}，各时段全部接通"
    if not worst or not lost[worst[0]]:
        return f"{peak}，未接通{missed:,}通"
    if worst == busy:
        return f"{peak}，未接通亦最多（{_each(lost, worst)}）"
    return f"{peak}，{_clock(worst)}未接通最多（{_each(lost, worst)}）"


def _clock(hours: Sequence[int]) -> str:
    return "、".join(f"{hour}时至{hour + 1}时" for hour in hours)


def _each(found: Mapping[int, int], hours: Sequence[int]) -> str:
    return f"{'各' if len(hours) > 1 else ''}{found[hours[0]]:,}通"


@dataclass(frozen=True)
class HourOfWeek:
    """Calls of one hour of one weekday."""

    weekday: int  # 0 for Monday
    hour: int  # 0 to 23
    days: int  # days of the period with calls that fall on this weekday
    offered: int  # calls
    answered: int  # of them answered

    @property
    def lost(self) -> Figure:
        """Share of calls that nobody answered; too few calls give none."""
        if self.offered < _ENOUGH_CALLS:
            return nothing(Form.RATE, f"来电不足{_ENOUGH_CALLS}通")
        return rate(self.offered - self.answered, self.offered)

    @property
    def lost_share(self) -> Fraction:
        """The same as it is, to be put in order; 0 where too few calls give none."""
        known = self.lost.value is not None
        return Fraction(self.offered - self.answered, self.offered) if known else Fraction(0)

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
    """The hours of a week, and what all calls of the period have in common."""

    hours: tuple[tuple[HourOfWeek, ...], ...]  # by weekday and hour, all 168
    offered: int  # calls of the period
    answered: int  # of them answered
    talk_seconds: int  # talk time of answered calls
    wait_seconds: int  # waits of all calls, answered and lost

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
    offered, answered, talk, answered_wait, lost_wait = (
        int(rows[name].sum())
        for name in (
            *("offered", "answered", "talk_seconds"),
            *("answered_wait_seconds", "lost_wait_seconds"),
        )
    )
    return Week(hours, offered, answered, talk, answered_wait + lost_wait)


def worst_hours(week: Week) -> list[HourOfWeek]:
    """Busy hours of the week that clearly lose more calls than the whole, the highest first.

    Only hours with at least the average number of calls: two lost calls of a quiet night make a
    high share, and no reason to change a rota. Of so many hours some are high by chance (Holm).
    """
    busy = [hour for hour in week.each() if hour.offered * 7 * 24 >= week.offered]
    usual = Fraction(week.offered - week.answered, week.offered) if week.offered else Fraction(0)
    odds = [at_least(each.offered - each.answered, each.offered, usual) for each in busy]
    known = [hour for hour, clear in zip(busy, holm(odds), strict=True) if clear]
    return sorted(known, key=lambda each: (-each.lost_share, each.weekday, each.hour))


def worst_words(hours: list[HourOfWeek]) -> str:
    """The first few hours with their shares of lost calls."""
    return listed([f"{each.title}（{each.lost.text}）" for each in hours], _NAMED)


def busiest_hours(week: Week) -> list[HourOfWeek]:
    """Hours of the week by calls a day, the most first."""
    known = [hour for hour in week.each() if hour.days]
    return sorted(known, key=lambda e: (-Fraction(e.offered, e.days), e.weekday, e.hour))


def volume_map(week: Week) -> HeatMap:
    """Calls by hour of the week."""
    first = busiest_hours(week)
    named = foremost([(e, Fraction(e.offered, e.days)) for e in first], _NAMED)
    texts = [f"{each.title}（{each.a_day.text}通）" for each in named]
    peak = f"话务最集中的时段依次是{'、'.join(texts)}。" if texts else "各时段话务量相近。"
    return HeatMap(
        "call_volume",
        "各星期各时段平均每小时话务量（通）",
        WEEKDAYS,
        HOUR_HEADS,
        tuple(tuple(hour.a_day for hour in day) for day in week.hours),
        summary=peak,
    )


def loss_map(week: Week) -> HeatMap:
    """Share of lost calls by hour of the week."""
    worst = worst_words(worst_hours(week))
    most = f"明显高于总体的有{worst}" if worst else "均无明显偏高"
    return HeatMap(
        "call_loss",
        "各星期各时段呼损率",
        WEEKDAYS,
        HOUR_HEADS,
        tuple(tuple(hour.lost for hour in day) for day in week.hours),
        Tone.BAD,
        f"话务量不低于平均的时段中，呼损率{most}。来电不足{_ENOUGH_CALLS}通的时段不计算。",
    )


def loss_text(context: Context) -> Text:
    """How many calls were lost, and whether that is more than before."""
    share = measure("abandonment_rate")
    lost = count(share.sums(context.facts, context.span)[0])
    compared = share.compared(context.facts, context.span, context.before)
    return Text(f"本期未接通{lost.text}通，呼损率{context.figure(share).text}{compared}。")


def cause_table(facts: Facts, span: Span, against: Against) -> Table:
    """Lost calls by cause, with their change against another span, the most first."""
    unlike, days = uneven(facts, "calls", span, against.span), lengths(span, against.span)
    found = _causes(facts, span)
    earlier = _causes(facts, against.span) if facts.arrived("calls", against.span) else {}
    total = sum(found.values())

    def row(title: str, lost: int, then: int | None, *, is_total: bool = False) -> Row:
        moved = unlike or change(count(lost), count(then), more_is=Tone.BAD, days=days)
        return Row((title, count(lost), rate(lost, total), moved), total=is_total)

    rows = [
        row(title, lost, earlier.get(title))
        for title, lost in sorted(found.items(), key=lambda each: -each[1])
    ]
    rows.append(row("合计", total, sum(earlier.values()) if earlier else None, is_total=True))
    heads = columns("原因", ("通数", "通"), "占比", against.change, bar="通数")
    return Table("loss_causes", "未接通原因", heads, tuple(rows))


def _causes(facts: Facts, span: Span) -> dict[str, int]:
    rows = facts.grouped("calls", ("date",), span)
    return {title: int(rows[name].sum()) for name, title in _CAUSES}


def interruptions(facts: Facts, span: Span) -> str:
    """Hours in which several calls came and nobody answered any; empty where there is none."""
    rows = facts.grouped("calls", ("date", "hour"), span)
    dead = rows.filter((pl.col("offered") >= _SEVERAL) & (pl.col("answered") == 0))
    found = dead.sort("date", "hour").select("date", "hour").rows()
    if not found:
        return ""
    named = listed([f"{day_title(day)}{hour}时" for day, hour in found], _INTERRUPTIONS_NAMED)
    return f"有{len(found):,}个小时来电不少于{_SEVERAL}通而无一接通，疑似服务中断：{named}。"
