"""Headline figures of a period: cards, and the table that compares them.

Belongs here: which figure stands beside which, for any kind of report and any span.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.reports.content.measures import measure
from assets.reports.content.model import Card, Cards, Cell, Column, Figure, Row, Table, Tone
from assets.reports.content.reading import Facts, Span
from schemas.reports import ReportKind

MET, MISSED = "达标", "未达标"


@dataclass(frozen=True)
class Against:
    """A span that is shown beside the period.

    Attributes:
        name: of the span, such as 前一日.
        change: of the change against it, such as 较前一日.
        span: its days.
        of: the days that are compared with it where that is not the period, such as the month to
            date, which the table then shows under `title`.
        title: head of those days; empty for the period itself.
    """

    name: str
    change: str
    span: Span
    of: Span | None = None
    title: str = ""


def card(
    facts: Facts,
    metric: str,
    span: Span,
    against: Sequence[Against],
    *,
    kind: ReportKind,
    trend: Sequence[Span] = (),
) -> Card:
    """A card of a figure with its changes, target and last periods.

    Args:
        facts: the release.
        metric: id of the measure.
        span: the period.
        against: spans that it is compared with.
        kind: of the report: a day has no monthly target.
        trend: the last periods, oldest first, the present one last.
    """
    each = measure(metric)
    goal, met = each.goal(kind), each.met(facts, span, kind)
    return Card(
        label=each.title,
        unit=each.sign,
        figure=each.figure(facts, span),
        comparisons=tuple(
            (other.change, each.compare(facts, other.of or span, other.span)) for other in against
        ),
        target=f"≥{goal.text}{each.sign}" if goal else "",
        verdict="" if met is None else MET if met else MISSED,
        tone=verdict_tone(met),
        trend=tuple(each.figure(facts, past) for past in trend),
    )


def cards(
    facts: Facts,
    title: str,
    metrics: Sequence[str],
    span: Span,
    against: Sequence[Against],
    *,
    kind: ReportKind,
    trend: Sequence[Span] = (),
) -> Cards:
    """Cards of several figures side by side."""
    return Cards(
        title,
        tuple(card(facts, each, span, against, kind=kind, trend=trend) for each in metrics),
    )


def comparison_table(
    facts: Facts,
    title: str,
    metrics: Sequence[str],
    span: Span,
    against: Sequence[Against],
    *,
    now: str,
    kind: ReportKind,
    show_spans: bool = True,
) -> Table:
    """Figures with what they are compared with, a row for each.

    Args:
        facts: the release.
        title: the caption.
        metrics: ids of the measures.
        span: the period.
        against: spans beside it.
        now: head of the period's column, such as 当日.
        kind: of the report.
        show_spans: whether the figures of the other spans have columns, or only the changes.
    """
    columns = [Column("指标"), Column("目标"), Column(now)]
    for other in against:
        if other.title:
            columns.append(Column(other.title))
        if show_spans:
            columns.append(Column(other.name))
        columns.append(Column(other.change))
    rows = []
    for each in map(measure, metrics):
        goal, met = each.goal(kind), each.met(facts, span, kind)
        cells: list[Cell] = [
            f"{each.title}（{each.sign}）" if each.sign else each.title,
            f"≥{goal.text}" if goal else "",
            _marked(each.figure(facts, span), met),
        ]
        for other in against:
            if other.title:
                cells.append(each.figure(facts, other.of or span))
            if show_spans:
                cells.append(each.figure(facts, other.span))
            cells.append(each.compare(facts, other.of or span, other.span))
        rows.append(Row(tuple(cells), tone=Tone.BAD if met is False else Tone.NEUTRAL))
    return Table("headline_figures", title, tuple(columns), tuple(rows))


def verdict_tone(met: bool | None) -> Tone:
    """The tone of a verdict."""
    return Tone.NEUTRAL if met is None else Tone.GOOD if met else Tone.BAD


def _marked(figure: Figure, met: bool | None) -> Figure:
    """A figure in the tone of its verdict where the target is missed."""
    return replace(figure, tone=Tone.BAD) if met is False else figure
