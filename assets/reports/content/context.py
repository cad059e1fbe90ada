"""What every section of a report is made from, and the cards, tables and rows that many share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar

from assets.installation import ReportSettings
from assets.reports.content.facts import Facts
from assets.reports.content.figures import marked
from assets.reports.content.measures import PER_DAY, Against, Measure, lengths, measure
from assets.reports.content.model import (
    Card,
    Cards,
    Cell,
    Column,
    Figure,
    Form,
    Period,
    Row,
    Section,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.news import Change, news_of
from assets.reports.content.periods import Span, span_of
from schemas.reports import ReportKind

UNNAMED = "未填写"
T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """What the sections of a report are about."""

    facts: Facts  # the release
    period: Period  # the period
    settings: ReportSettings  # what the installation decides
    now: str  # what the period is called, such as 本月
    against: tuple[Against, ...]  # spans that sections compare it with, the one before first
    # Further spans that key figures are compared with.
    looked_at: tuple[Against, ...] = ()

    @cached_property
    def _news(self) -> frozenset[Change]:
        pairs = [(each.of or self.span, each.span) for each in (*self.against, *self.looked_at)]
        return news_of(self.facts, self.span, pairs)

    def is_news(self, each: Measure, other: Against) -> bool:
        """Whether a change is more than chance: a count's against what was to be expected."""
        days = other.of or self.span
        return (each.id, days, other.span if each.form is Form.RATE else None) in self._news

    def moved(self, each: Measure, other: Against) -> Figure:
        """The change of a figure, good or bad news only where it is more than chance."""
        moved = each.compare(self.facts, other.of or self.span, other.span)
        return moved if self.is_news(each, other) else replace(moved, tone=Tone.NEUTRAL)

    @property
    def span(self) -> Span:
        """The days of the period."""
        return span_of(self.period)

    @property
    def before(self) -> Against:
        """The span that the period is compared with first."""
        return self.against[0]

    @property
    def kind(self) -> ReportKind:
        """The kind of the report."""
        return self.period.kind

    @property
    def year(self) -> int:
        """The year in which the period begins."""
        return self.period.first.year

    def figure(self, each: Measure) -> Figure:
        """A figure of the period."""
        return each.figure(self.facts, self.span)

    def met(self, each: Measure) -> bool | None:
        """Whether the period reaches the target of a figure."""
        return each.met(self.facts, self.span, self.kind)

    def lacking(self, name: str, topic: str, table: str, *columns_: str) -> Section | None:
        """A section that needs columns which the platform does not have; None where it has them."""
        why = self.facts.lacks(table, *columns_)
        return brief(name, topic, f"{topic}从缺：{why}", f"{why}，本节从缺。") if why else None

    def no_files(self, name: str, topic: str, what: str, now: str = "") -> Section:
        """A section whose export files have not arrived: what is 工单 or 话务."""
        now = now or self.now
        return brief(name, topic, f"{now}没有{what}数据", f"{now}的{what}文件未到，本节从缺。")


def brief(name: str, topic: str, headline: str, text: str) -> Section:
    """A section of one sentence."""
    return Section(name, topic, headline, (Text(text),))


def summed(kind: type[Any], parts: Sequence[T], name: str) -> T:
    """Several parts as one; of their dataclass the first field is a name, all others are counts."""
    counts = [each.name for each in fields(kind)][1:]
    whole: T = kind(name, *(sum(getattr(part, each) for part in parts) for each in counts))
    return whole


def total_rows(
    parts: Sequence[T],
    shown: int,
    row: Callable[[str, Sequence[T], bool], Row],
    *,
    name: Callable[[T], str],
    kinds: str = "个单位",
    lone_rest: bool = False,
) -> tuple[Row, ...]:
    """The first parts of a whole, the others together in one row, and the whole.

    Args:
        parts: in order.
        shown: parts that have a row of their own.
        row: makes a row of a name, its parts, and whether it is the total.
        name: of a part.
        kinds: what several parts are called.
        lone_rest: whether a single part beyond those shown is a rest as well; otherwise it stands
            with its name, which takes no more room.
    """
    if not lone_rest and len(parts) == shown + 1:
        shown += 1
    rows = [row(name(each), [each], False) for each in parts[:shown]]
    rest = parts[shown:]
    if rest:
        rows.append(row(f"其他{len(rest):,}{kinds}", rest, False))
    return (*rows, row("合计", parts, True))


def cards(
    context: Context,
    title: str,
    metrics: Sequence[str],
    against: Sequence[Against],
    trend: Sequence[Span],
) -> Cards:
    """Cards of several figures with their changes, targets and last periods.

    Args:
        context: what the report is about.
        title: above the cards.
        metrics: ids of the measures.
        against: spans that they are compared with.
        trend: the last periods, oldest first, the present one last.
    """
    facts = context.facts

    def card(each: Measure) -> Card:
        target, met = each.goal(context.kind), context.met(each)
        return Card(
            label=each.title,
            unit=each.sign,
            figure=context.figure(each),
            comparisons=tuple((o.change, context.moved(each, o)) for o in against),
            target=f"≥{target.text}{each.sign}" if target else "",
            verdict="" if met is None else "达标" if met else "未达标",
            tone=Tone.NEUTRAL if met is None else Tone.GOOD if met else Tone.BAD,
            # The present period as far as it goes; what it is held against must be whole.
            trend=(*(each.base(facts, past) for past in trend[:-1]), context.figure(each)),
        )

    return Cards(title, tuple(map(card, map(measure, metrics))))


def comparison_table(
    context: Context,
    title: str,
    metrics: Sequence[str],
    against: Sequence[Against],
    *,
    name: str = "headline_figures",
    show_spans: bool = True,
) -> Table:
    """Figures with what they are compared with, a row for each.

    Args:
        context: what the report is about.
        title: the caption.
        metrics: ids of the measures.
        against: spans beside the period.
        name: of the table.
        show_spans: whether the figures of the other spans have columns, or only the changes.
    """
    facts, span = context.facts, context.span
    heads = [*columns("指标", "目标", context.now)]
    for other in against:
        heads += [Column(other.title)] if other.title else []
        heads += [Column(other.name)] if show_spans else []
        heads.append(Column(other.change))
    rows = []
    for each in map(measure, metrics):
        target, missed = each.goal(context.kind), context.met(each) is False
        cells: list[Cell] = [
            *(each.label, f"≥{target.text}" if target else ""),
            marked(context.figure(each), missed),
        ]
        for other in against:
            days = other.of or span
            cells += [each.figure(facts, days)] if other.title else []
            cells += [each.base(facts, other.span)] if show_spans else []
            cells.append(context.moved(each, other))
        rows.append(Row(tuple(cells), tone=Tone.BAD if missed else Tone.NEUTRAL))
    unlike = any(lengths(other.of or span, other.span) != (1, 1) for other in against)
    return Table(name, title, tuple(heads), tuple(rows), PER_DAY if unlike else "")
