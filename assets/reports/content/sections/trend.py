"""Key figures in a row of days or months: the days of a week, the last twelve months.

What stands out in the months (highest, lowest, moving one way) is only said where enough months are
known.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from assets.reports.content.comparing import Exact, extreme, level, outstanding, run, tops
from assets.reports.content.context import Context
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, marked, moved_words, rate
from assets.reports.content.measures import Measure, measure, no_workload
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
    offered = _of_days(facts, _OFFERED, days)
    headline = _days_headline(facts, days)
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


def _days_headline(facts: Facts, days: Sequence[date]) -> str:
    """The days with most calls and with the lowest answer rate, where they are set apart."""
    said, before = [], list[date]()
    for each, least, word in ((_OFFERED, False, "最多"), (_ANSWERED, True, "最低")):
        found = outstanding([(day, each.exact(facts, Span(day, day))) for day in days], least=least)
        if found:
            name = "、".join(WEEKDAYS[day.weekday()] for day in found)
            figure = each.figure(facts, Span(found[0], found[0])).text
            what = "接通率" if least else "话务量"
            text = f"{'各' if len(found) > 1 else ''}{figure}{each.sign}"
            start = f"{what}亦" if found == before else f"{name}{what}"
            said.append(f"{start}{word}（{text}）")
        before = found
    return "，".join(said) or "逐日情况"


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
    if why := no_workload(facts, Span(day, day)):
        return count(None, reason=why)
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
    spans = list(map(month_span, last_months(month, _MONTHS)))
    words = standing([each.exact(facts, span) for span in spans], each.form)
    return f"{each.title}{each.figure(facts, spans[-1]).text}{each.sign}，{words}" if words else ""


def standing(values: Sequence[Exact | None], form: Form) -> str:
    """What stands out about the last of a series: highest, lowest, rising or falling for months.

    Args:
        values: one a month, oldest first; None of a month that is not whole.
        form: of the figures.

    Returns:
        Words such as 为近12个月最高 or 连续3个月下降; empty where nothing stands out or too few
        months are known.
    """
    known = sum(value is not None for value in values)
    if known <= _ENOUGH or values[-1] is None:
        return ""
    window = "近12个月" if known == _MONTHS else f"有数据的{known:,}个月中"
    return extreme(values, window, _ENOUGH, form) or run(values, _ENOUGH)


def _plain(context: Context, month: str) -> str:
    """What happened since the month before, where nothing stands out; empty if not comparable."""
    now, before = month_span(month), month_span(shifted(month, -1))
    moved = _OFFERED.compare(context.facts, now, before)
    if moved.value is None:
        return ""
    per_day = _OFFERED.per_day(now, before)
    text = _OFFERED.figure(context.facts, now).text
    return f"{month_title(month)}话务量{text}通，{per_day}环比{moved_words(moved)}"


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
        _summary(facts, each, months),
    )


def _summary(facts: Facts, each: Measure, months: Sequence[str]) -> str:
    """Highest and lowest of the whole months in words, with all that are level."""
    exact = [(month, each.exact(facts, month_span(month))) for month in months]
    if sum(value is not None for _, value in exact) < 2:
        return "数据完整的月份不足两个，看不出走势。"
    ends = [tops(exact, least=least) for least in (False, True)]
    texts = [f"{each.figure(facts, month_span(found[0])).text}{each.sign}" for found in ends]
    if ends[0] == ends[1]:
        return f"数据完整的各月均为{texts[0]}。"
    top, low = (
        level(list(map(month_title, found)), text) for found, text in zip(ends, texts, strict=True)
    )
    return f"最高为{top}，最低为{low}。"


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
