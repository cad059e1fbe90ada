"""How many seats each hour needs, beside those that were staffed: where a rota should change.

The staffing of a period by Erlang A (`staffing`) from its own calls, and the section that holds it
with call loss and the heat maps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from assets.expectations import answer_probability, mean_patience, seats_needed
from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, marked, mean, rate
from assets.reports.content.measures import TARGETS, measure
from assets.reports.content.model import (
    Block,
    Cell,
    Figure,
    HeatMap,
    Row,
    Section,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.periods import WEEKDAYS, Span
from assets.reports.content.sections.hours import (
    HOUR_HEADS,
    HOURS,
    HourOfWeek,
    Week,
    busiest_hours,
    cause_table,
    interruptions,
    loss_map,
    loss_text,
    volume_map,
    week_of,
    worst_hours,
    worst_words,
)

_NAME, _TOPIC = "rota", "话务时段与排班"
# A hotline that is open around the clock has somebody there even in an hour without calls.
_FEWEST = 1
# Answered calls for each seat, below which agents who sat there may not show.
_SEEN_BY = 2
TARGET = TARGETS["answer_rate"]
# So many hours with most seats are named; more are counted.
_PEAKS_NAMED = 3
# Seats by weekday and hour.
Seats = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Need:
    """What an hour of the day needs, on its busiest weekday."""

    hour: HourOfWeek  # the hour on the weekday that needs most seats
    seats: int  # seats that reach the target then
    # Agents who answered calls in that hour, all such days together; None if unknown.
    staffed: int | None

    @property
    def _lacking(self) -> int:
        """Seats that are missing, all days together; 0 where there are enough or none is known."""
        return 0 if self.staffed is None else max(0, self.seats * self.hour.days - self.staffed)

    @property
    def _quiet(self) -> bool:
        """Whether there were too few calls to see an agent by: who answers none is not seen."""
        return self.hour.answered < _SEEN_BY * self.seats * self.hour.days

    @property
    def short(self) -> bool:
        """Whether seats are missing."""
        return bool(self._lacking) and not self._quiet

    @property
    def present(self) -> Figure:
        """Agents there, on average."""
        return mean(self.staffed, self.hour.days, reason="没有在席情况")

    @property
    def missing(self) -> Cell:
        """How many seats are missing, in words where none is."""
        if self.staffed is None:
            return self.present
        if not self._lacking:
            return "无缺口"
        return (
            "来电少，未作判断" if self._quiet else marked(mean(self._lacking, self.hour.days), True)
        )


def can_compute(week: Week) -> bool:
    """Whether the calls say how patient callers are: some were answered and some were lost."""
    return 0 < week.answered < week.offered and week.talk_seconds > 0


def _pace(week: Week) -> tuple[float, float]:
    """Mean handling time and mean patience, in seconds."""
    patience = mean_patience(week.wait_seconds, week.offered - week.answered)
    return week.talk_seconds / week.answered, patience


def seats_for(week: Week, calls: int) -> int:
    """Seats for so many calls in an hour, handled as those of a week were."""
    return max(_FEWEST, seats_needed(calls, *_pace(week), TARGET / 100))


def seats_of_week(week: Week, *, growth: float = 1.0) -> Seats:
    """Seats for each hour of the week; no calls at all give none to compute from.

    Args:
        week: calls by hour of the week.
        growth: factor on the calls, for a look ahead.
    """
    service, patience = _pace(week)
    return tuple(
        tuple(
            max(_FEWEST, seats_needed(growth * each.load, service, patience, TARGET / 100))
            for each in day
        )
        for day in week.hours
    )


def needs(facts: Facts, span: Span, week: Week, seats: Seats) -> list[Need]:
    """The 24 hours of the day, each on the weekday that needs most."""
    staffed = staffed_hours(facts, span)
    found = []
    for hour in HOURS:
        most = max(range(7), key=lambda day: (seats[day][hour], week.hours[day][hour].load, -day))
        here = staffed.get((most, hour), 0) if staffed is not None else None
        found.append(Need(week.hours[most][hour], seats[most][hour], here))
    return found


def staffed_hours(facts: Facts, span: Span) -> dict[tuple[int, int], int] | None:
    """Agents by weekday and hour, summed over days; None where the release does not say."""
    if not facts.published("seats"):
        return None
    rows = facts.rows("seats", span).with_columns(weekday=pl.col("date").dt.weekday() - 1)
    summed = rows.group_by("weekday", "hour").agg(pl.col("agents").sum())
    return {(weekday, hour): agents for weekday, hour, agents in summed.rows()}


def _assumptions(week: Week) -> str:
    talk = mean(week.talk_seconds, week.answered)
    patience = mean(week.wait_seconds, week.offered - week.answered)
    return (
        f"按 Erlang A 排队模型测算，目标接通率{TARGET}%。来电率取该星期该时段的平均值；"
        f"处理时长取本期平均通话{talk.text}秒；平均忍耐时间取全部来电的等待秒数÷未接通通数，为"
        f"{patience.text}秒（接通的来电没有等到放弃，只计等待、不计放弃）。"
        f"所需在席是同时接听电话的最少人数，至少{_FEWEST}席，"
        "不含话后整理、回访、用餐、轮休和请假，排班时另加。目前在席是该小时内接通过来电的不同坐席数的平均，来电少的时段可能偏低。"
    )


def _seat_map(week: Week, seats: Seats) -> HeatMap:
    most = max(max(day) for day in seats)
    peaks = [each.title for each in week.each() if seats[each.weekday][each.hour] == most]
    many = len(peaks) > _PEAKS_NAMED
    where = f"共{len(peaks):,}个时段" if many else f"在{'、'.join(peaks)}"
    return HeatMap(
        "seats_needed",
        f"接通率达到{TARGET}%所需在席（席）",
        WEEKDAYS,
        HOUR_HEADS,
        tuple(tuple(count(each) for each in day) for day in seats),
        summary=f"最多需要{most:,}席，{where}。",
    )


def _need_table(found: Sequence[Need], week: Week) -> Table:
    rows = tuple(
        Row(
            (
                *(f"{need.hour.hour}时", WEEKDAYS[need.hour.weekday]),
                *(need.hour.a_day, need.hour.lost),
                *(count(need.seats), need.present, need.missing),
            ),
            tone=Tone.BAD if need.short else Tone.NEUTRAL,
        )
        for need in found
    )
    heads = columns(
        *("时段", "最忙的一天", ("每小时话务量", "通"), "呼损率"),
        *(("所需在席", "席"), ("目前在席", "席"), ("缺口", "席")),
        bar="每小时话务量",
    )
    title = "各时段在席需求（取一周中需要最多的一天）"
    return Table("staffing", title, heads, rows, _assumptions(week))


def rota_section(context: Context) -> Section:
    """Call loss by hour and weekday, with the staffing that would meet the target."""
    facts, span = context.facts, context.span
    if not facts.arrived("calls", span):
        missing = "本期没有话务数据，本节从缺。"
        return brief(_NAME, _TOPIC, "本期没有话务数据", missing)
    lost = ("hung_up", "ring_timeout", "agent_rejected")
    if lacking := context.lacking(_NAME, _TOPIC, "calls", "offered", "answered", *lost):
        return lacking
    week = week_of(facts, span)
    blocks: list[Block] = [
        loss_text(context),
        loss_map(week),
        volume_map(week),
        cause_table(facts, span, context.before),
    ]
    interrupted = interruptions(facts, span)
    if interrupted:
        blocks.append(Text(interrupted))
    worst = worst_hours(week)
    headline = (
        f"话务较忙的时段中，呼损率明显偏高的有{worst_words(worst)}"
        if worst
        else f"呼损率{context.figure(measure('abandonment_rate')).text}"
    )
    if why := facts.lacks("calls", "talk_seconds", "answered_wait_seconds", "lost_wait_seconds"):
        blocks.append(Text(f"{why}，不测算在席需求。"))
    elif can_compute(week):
        seats = seats_of_week(week)
        found = needs(facts, span, week, seats)
        said = _seat_words(facts, span, week, seats, found)
        blocks += [Text(said), _seat_map(week, seats), _need_table(found, week)]
    else:
        blocks.append(Text("本期没有未接通的来电，无从估计来电人的忍耐时间，不测算在席需求。"))
    return Section(_NAME, _TOPIC, headline, tuple(blocks))


def _seat_words(facts: Facts, span: Span, week: Week, seats: Seats, found: Sequence[Need]) -> str:
    busiest = busiest_hours(week)[0]
    said = (
        f"话务最忙的是{busiest.title}，平均每小时{busiest.a_day.text}通，接通率要达到{TARGET}%，"
        f"须有{seats[busiest.weekday][busiest.hour]:,}席同时接听；"
        f"一周之中最多需要{max(need.seats for need in found):,}席。"
    )
    if not facts.published("seats"):
        return f"{said}本版数据没有在席情况（seats），未能与目前在席比较。"
    short = [need for need in found if need.short]
    if not short:
        return f"{said}各时段目前在席均不少于接听所需。{_gap_of_model(facts, span, week)}"
    return f"{said}目前在席少于所需的有{len(short):,}个时段：{short_words(short)}。"


def short_words(found: Sequence[Need]) -> str:
    """The hours of the day that lack seats."""
    return "、".join(f"{need.hour.hour}时" for need in found)


def _gap_of_model(facts: Facts, span: Span, week: Week) -> str:
    """What the seats that were there should have answered, beside what was answered."""
    staffed = staffed_hours(facts, span) or {}
    service, patience = _pace(week)
    answered = sum(
        each.offered
        * answer_probability(
            each.load, service, patience, staffed.get((each.weekday, each.hour), 0) // each.days
        )
        for each in week.each()
        if each.days
    )
    able, real = rate(round(answered), week.offered), rate(week.answered, week.offered)
    if able.value is None or real.value is None or able.value <= real.value:
        return ""
    return (
        f"在席人员如只接电话，测算接通率为{able.text}，实际为{real.text}，"
        "相差部分主要不在于在席人数：宜先核实在席人员兼做回访、工单等工作以及示忙、"
        "振铃未接的情况，再考虑增员。"
    )
