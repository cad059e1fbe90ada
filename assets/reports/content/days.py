"""Day by day: the days of a week beside each other and beside those of the week before.

Belongs here: the section of the weekly report on single days.
"""

from collections.abc import Sequence
from datetime import date

from assets.reports.content.backlog import overdue
from assets.reports.content.figures import count
from assets.reports.content.headline_figures import Against
from assets.reports.content.measures import NO_WORKLOAD, measure
from assets.reports.content.model import Chart, Column, Figure, Row, Section, Series, Table, Tone
from assets.reports.content.months import day_title
from assets.reports.content.periods import WEEKDAYS, days_of
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "days", "逐日情况"
_FIGURES = (
    *("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate"),
    *("closed_in_period", "on_time_in_period"),
)


def _overdue(facts: Facts, day: date) -> Figure:
    """Open past their deadline at the end of a day."""
    if not facts.published("workload"):
        return count(None, reason=NO_WORKLOAD)
    if not facts.arrived("workload", Span(day, day)):
        return count(None)
    return count(overdue(facts, day))


def _table(facts: Facts, span: Span, now: str) -> Table:
    measures = [measure(metric) for metric in _FIGURES]

    def row(name: str, days: Span, *, whole: bool = False) -> Row:
        cells = (each.figure(facts, days) for each in measures)
        late = any(each.met(facts, days, "daily") is False for each in measures)
        return Row(
            (name, *cells, _overdue(facts, days.last)),
            total=whole,
            tone=Tone.BAD if late and not whole else Tone.NEUTRAL,
        )

    rows = [
        row(f"{day_title(day)}（{WEEKDAYS[day.weekday()]}）", Span(day, day))
        for day in days_of(span)
    ]
    return Table(
        _NAME,
        f"{now}逐日情况",
        (
            Column("日期"),
            *(Column(each.title, each.sign) for each in measures),
            Column("当日末逾期", "件"),
        ),
        (*rows, row(now, span, whole=True)),
        "有率低于目标的日期标为需关注；逾期为当日24时仍未办结的转办工单。",
    )


def _chart(facts: Facts, span: Span, against: Against, now: str, summary: str) -> Chart:
    offered = measure("calls_offered")
    series = tuple(
        Series(
            name,
            tuple(offered.figure(facts, Span(day, day)) for day in days_of(days)),
            faded=faded,
        )
        for name, days, faded in ((now, span, False), (against.name, against.span, True))
    )
    heads = tuple(WEEKDAYS[day.weekday()] for day in days_of(span))
    return Chart(
        "calls_by_day", f"{now}与{against.name}逐日话务量（通）", "columns", heads, series,
        summary=summary,
    )  # fmt: skip


def _named(days: Sequence[date], values: Sequence[Figure], *, lowest: bool) -> tuple[str, Figure]:
    """The day with the highest or lowest figure, the earliest of several."""
    sign = -1 if lowest else 1
    known = [
        (sign * each.value, -i, WEEKDAYS[day.weekday()], each)
        for i, (day, each) in enumerate(zip(days, values, strict=True))
        if each.value is not None
    ]
    best = max(known, key=lambda each: each[:2])
    return best[2], best[3]


def days_section(facts: Facts, span: Span, against: Against, now: str) -> Section:
    """The days of a week.

    Args:
        facts: the release.
        span: the week.
        against: the week before.
        now: what the period is called, such as 本周.
    """
    days = days_of(span)
    offered, answered = (
        [measure(metric).figure(facts, Span(day, day)) for day in days]
        for metric in ("calls_offered", "answer_rate")
    )
    headline = "逐日情况"
    if any(each.value is not None for each in answered):
        busiest, calls = _named(days, offered, lowest=False)
        worst, share = _named(days, answered, lowest=True)
        low = "接通率也最低" if worst == busiest else f"{worst}接通率最低"
        headline = f"{busiest}话务量最多（{calls.text}通），{low}（{share.text}）"
    return Section(
        _NAME,
        _TOPIC,
        headline,
        (_table(facts, span, now), _chart(facts, span, against, now, f"{headline}。")),
    )
