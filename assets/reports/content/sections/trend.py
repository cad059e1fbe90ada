"""Key figures in a row of days or months: the days of a week, the last twelve months.

What stands out in the months (highest, lowest, moving one way) is only said where enough months are
known.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from assets.reports.content.context import Context
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, extreme, marked, moved_words, rate
from assets.reports.content.measures import NO_WORKLOAD, Measure, measure
from assets.reports.content.model import (
    Block,
    Chart,
    Figure,
    Form,
    Row,
    Section,
    Series,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.periods import (
    WEEKDAYS,
    Span,
    day_title,
    days_of,
    last_months,
    month_span,
    month_title,
    shifted,
)
from assets.reports.content.units import overdue

_CALLS_AND_TICKETS = ("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate")
_OF_DAYS = tuple(map(measure, (*_CALLS_AND_TICKETS, "closed_in_period", "on_time_in_period")))
_SINCE_CLOSED = ("on_time_rate", "return_rate", "callback_satisfaction_rate")
_OF_MONTHS = tuple(
    map(
        measure,
        (*_CALLS_AND_TICKETS, *_SINCE_CLOSED, "monitoring_pass_rate", "knowledge_updates"),
    )
)
_OFFERED, _ANSWERED = measure("calls_offered"), measure("answer_rate")
_MONTHS = 12
_ENOUGH = 3


def days_section(context: Context) -> Section:
    """The days of a week beside each other, and their calls beside those of the week before."""
    facts, days = context.facts, days_of(context.span)
    offered, answered = (_of_days(facts, each, days) for each in (_OFFERED, _ANSWERED))
    headline = "逐日情况"
    if any(each.value is not None for each in answered):
        busiest, worst = _day_of(offered, sign=1), _day_of(answered, sign=-1)
        day, low_day = (WEEKDAYS[days[each].weekday()] for each in (busiest, worst))
        low = "接通率也最低" if worst == busiest else f"{low_day}接通率最低"
        headline = f"{day}话务量最多（{offered[busiest].text}通），{low}（{answered[worst].text}）"
    before = context.before
    chart = Chart(
        "calls_by_day",
        f"{context.now}与{before.name}逐日话务量（通）",
        "columns",
        tuple(WEEKDAYS[day.weekday()] for day in days),
        (
            Series(context.now, offered),
            Series(before.name, _of_days(facts, _OFFERED, days_of(before.span)), faded=True),
        ),
        summary=f"{headline}。",
    )
    return Section("days", "逐日情况", headline, (_day_table(context, days), chart))


def _of_days(facts: Facts, each: Measure, days: Sequence[date]) -> tuple[Figure, ...]:
    return tuple(each.figure(facts, Span(day, day)) for day in days)


def _day_of(values: Sequence[Figure], *, sign: int) -> int:
    """The position of the highest (sign 1) or lowest (-1) figure, the earliest of several."""
    known = [(sign * each.value, -i) for i, each in enumerate(values) if each.value is not None]
    return -max(known)[1]


def _day_table(context: Context, days: Sequence[date]) -> Table:
    facts, now = context.facts, context.now

    def row(name: str, span: Span, *, is_total: bool = False) -> Row:
        cells = (each.figure(facts, span) for each in _OF_DAYS)
        missed = any(each.met(facts, span, "daily") is False for each in _OF_DAYS)
        tone = Tone.BAD if missed and not is_total else Tone.NEUTRAL
        return Row((name, *cells, _overdue(facts, span.last)), total=is_total, tone=tone)

    rows = [row(f"{day_title(day)}（{WEEKDAYS[day.weekday()]}）", Span(day, day)) for day in days]
    heads = columns("日期", *((each.title, each.sign) for each in _OF_DAYS), ("当日末逾期", "件"))
    note = "有率低于目标的日期标为需关注；逾期为当日24时仍未办结的转办工单。"
    total = row(now, context.span, is_total=True)
    return Table("days", f"{now}逐日情况", heads, (*rows, total), note)


def _overdue(facts: Facts, day: date) -> Figure:
    """Open past their deadline at the end of a day."""
    if not facts.published("workload"):
        return count(None, reason=NO_WORKLOAD)
    return count(overdue(facts, day) if facts.arrived("workload", Span(day, day)) else None)


def trend_section(context: Context) -> Section:
    """Twelve months up to that in which the period ends, this year against last."""
    name, topic, facts = "trend", "走势", context.facts
    month = f"{context.span.last:%Y-%m}"
    months = _known_months(facts, month)
    if len(months) == 1:
        words = "只有一个月的数据，走势自有两个月的数据起列出。"
        return Section(name, topic, topic, (Text(words), _month_table(facts, months)))
    blocks: list[Block] = [
        _chart(facts, _OFFERED, "columns", months),
        _chart(facts, _ANSWERED, "line", months),
        _chart(facts, measure("tickets_accepted"), "columns", months),
        _month_table(facts, months),
    ]
    found = (finding(facts, each, month) for each in (_ANSWERED, _OFFERED))
    headline = next(filter(None, found), "") or _plain(context, month) or topic
    return Section(name, topic, headline, tuple(blocks))


def _known_months(facts: Facts, month: str) -> list[str]:
    """The last twelve months without those before the first of which anything is known."""
    months = last_months(month, _MONTHS)
    known = (facts.arrived("calls", month_span(each)) for each in months)
    return months[next((i for i, there in enumerate(known) if there), len(months) - 1) :]


def _of_months(facts: Facts, each: Measure, months: Sequence[str]) -> tuple[Figure, ...]:
    return tuple(each.figure(facts, month_span(month)) for month in months)


def finding(facts: Facts, each: Measure, month: str) -> str:
    """What stands out about a KPI of a month: 话务接通率97.55%，为近12个月最高; or empty."""
    values = _of_months(facts, each, last_months(month, _MONTHS))
    words = standing(values)
    return f"{each.title}{values[-1].text}，{words}" if words else ""


def standing(values: Sequence[Figure]) -> str:
    """What stands out about the last of a series: highest, lowest, rising or falling for months.

    Args:
        values: one a month, oldest first.

    Returns:
        Words such as 为近12个月最高 or 连续3个月下降; empty where nothing stands out or too few
        months are known.
    """
    known = [value.value for value in values if value.value is not None]
    if len(known) <= _ENOUGH or values[-1].value is None:
        return ""
    window = "近12个月" if len(known) == _MONTHS else f"有数据的{len(known):,}个月中"
    return extreme(values, window, _ENOUGH) or _run(known)


def _run(known: Sequence[float]) -> str:
    """How long the series has moved one way, where that is three steps or more."""
    for words, sign in (("上升", 1), ("下降", -1)):
        steps = 0
        while steps + 1 < len(known) and sign * (known[-1 - steps] - known[-2 - steps]) > 0:
            steps += 1
        if steps >= _ENOUGH:
            return f"连续{steps:,}个月{words}"
    return ""


def _plain(context: Context, month: str) -> str:
    """What happened since the month before, where nothing stands out; empty if not comparable."""
    now, before = (
        _OFFERED.figure(context.facts, month_span(each)) for each in (month, shifted(month, -1))
    )
    moved = change(now, before)
    return "" if moved.value is None else f"话务量{now.text}通，环比{moved_words(moved)}"


def _chart(
    facts: Facts, each: Measure, shape: Literal["columns", "line"], months: Sequence[str]
) -> Chart:
    values = _of_months(facts, each, months)
    before = _of_months(facts, each, [shifted(month, -_MONTHS) for month in months])
    series = [Series("本期", values)]
    if any(value.value is not None for value in before):
        series.append(Series("上年同月", before, faded=True))
    target = each.goal("monthly")
    if target and each.form is Form.RATE:
        # With decimals, as the axis has them.
        target = rate(each.target, 100)
    return Chart(
        each.id,
        f"近{len(months):,}个月{each.label}",
        shape,
        tuple(map(month_title, months)),
        tuple(series),
        target,
        _summary(months, values, each.sign),
    )


def _summary(months: Sequence[str], values: Sequence[Figure], unit: str) -> str:
    """Highest and lowest month in words; the earliest where several are equal."""
    known = [
        (value.value, month_title(month), value.text)
        for month, value in zip(months, values, strict=True)
        if value.value is not None
    ]
    if len(known) < 2:
        return "有数据的月份不足两个，看不出走势。"
    _, top_month, top = max(known, key=lambda each: each[0])
    _, low_month, low = min(known, key=lambda each: each[0])
    if top == low:
        return f"有数据的各月均为{top}{unit}。"
    return f"最高为{top_month}的{top}{unit}，最低为{low_month}的{low}{unit}。"


def _month_table(facts: Facts, months: Sequence[str]) -> Table:
    rows = tuple(
        Row((month_title(month), *(_cell(facts, each, month) for each in _OF_MONTHS)))
        for month in months
    )
    heads = columns("月份", *((each.title, each.sign) for each in _OF_MONTHS))
    known = len(months) == _MONTHS
    note = "" if known else f"{month_title(shifted(months[0], -1))}及以前没有数据。"
    return Table("trend_months", f"近{len(months):,}个月主要指标", heads, rows, note)


def _cell(facts: Facts, each: Measure, month: str) -> Figure:
    """A figure of a month, in bad tone where it misses the target as displayed."""
    figure = each.figure(facts, month_span(month))
    scale = 100 if figure.form is Form.RATE else 1
    missed = figure.value is not None and figure.value * scale < (each.target or 0)
    return marked(figure, missed)
