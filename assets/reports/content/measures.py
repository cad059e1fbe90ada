"""What a report measures: the KPIs, and what became of handed-over tickets on the days themselves.

For each figure its name, unit, basis, target, and whether more of it is good news. The KPIs of
tickets are by day of acceptance and grow as tickets close; a day or a week that has just ended is
judged by what was closed in it, whenever it was accepted: `FLOWS`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from assets.reports.content.comparing import Exact, share
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, goal, mean, moved_words, nothing, rate
from assets.reports.content.model import Figure, Form, Tone
from assets.reports.content.periods import Span, days_of
from schemas.kpis import KPIS, Kpi, Sum
from schemas.reports import ReportKind

Sums = tuple[int | None, int | None]

BETTER_HIGH = frozenset(
    {
        *("answer_rate", "service_level_15s", "monitoring_pass_rate", "monitoring_rate"),
        *("close_rate", "on_time_rate", "dispatched_close_rate", "direct_answer_rate"),
        *("callback_reach_rate", "callback_rate", "callback_satisfaction_rate"),
        *("ticket_satisfaction_rate", "staff_pass_rate"),
    }
)
BETTER_LOW = frozenset({"abandonment_rate", "average_wait", "return_rate"})
# Counts of people who are there, not of events: months do not add up, the last one stands.
STATES = frozenset({"agents_on_duty"})
PER_DAY: Final = "天数不同的两个时期，件数、通数和次数按日均比较；缺数据的时期不作比较。"
NO_WORKLOAD = "本版数据没有在办变动表（workload）"


@dataclass(frozen=True)
class Against:
    """A span that is shown beside the period."""

    name: str  # of the span, such as 前一日
    change: str  # of the change against it, such as 较前一日
    span: Span  # its days
    # The days that are compared with it where that is not the period, such as the month to
    # date, which a table then shows under `title`.
    of: Span | None = None
    title: str = ""  # head of those days; empty for the period itself


@dataclass(frozen=True)
class Measure:
    """A figure that a report shows for any span."""

    id: str  # its id, as in FACTS.md where it is a KPI
    title: str  # Chinese name
    unit: str  # %, or the unit beside the figure
    basis: str  # what it counts or divides, for readers
    table: str  # fact table whose files tell whether a span is complete
    form: Form  # how it is written
    more_is: Tone  # whether an increase is good or bad news; volumes are neither
    target: int | None  # value to reach at least, in the unit; None where there is none
    of_months: bool  # whether the target is a month's volume, without meaning for a day or a week
    # Numerator and denominator of a span; None where there is no data.
    sums: Callable[[Facts, Span], Sums]
    made_of: tuple[Sum, ...] = ()  # the declared sums of these

    @property
    def sign(self) -> str:
        """The unit that stands beside the figure; empty for rates, which hold theirs."""
        return "" if self.form is Form.RATE else self.unit

    @property
    def label(self) -> str:
        """The name with its unit, as the head of a row."""
        return f"{self.title}（{self.sign}）" if self.sign else self.title

    def figure(self, facts: Facts, span: Span) -> Figure:
        """The figure of a span."""
        top, bottom = self.sums(facts, span)
        lacks = self.table == "workload" and not facts.published(self.table)
        reasons = (facts.why_unknown(each, span) for each in self.made_of)
        unknown = next(filter(None, reasons), "")
        absent = unknown or (NO_WORKLOAD if lacks else "没有数据")
        if self.form is Form.COUNT:
            return count(top, reason=absent)
        if top is None or bottom is None:
            return nothing(self.form, absent)
        return rate(top, bottom) if self.form is Form.RATE else mean(top, bottom)

    def said(self, facts: Facts, span: Span) -> str:
        """The figure of a span in a sentence: 话务量615通."""
        return f"{self.title}{self.figure(facts, span).text}{self.sign}"

    def goal(self, kind: ReportKind) -> Figure | None:
        """The target of a period of a kind; None where it has none."""
        if self.target is None or (self.of_months and kind != "monthly"):
            return None
        return goal(self.target, self.form)

    def met(self, facts: Facts, span: Span, kind: ReportKind) -> bool | None:
        """Whether the target is reached, without rounding; None without target or data."""
        top, bottom = self.sums(facts, span)
        if top is None or self.target is None or self.goal(kind) is None:
            return None
        if self.form is Form.COUNT:
            return top >= self.target
        scale = 100 if self.form is Form.RATE else 1
        return scale * top >= self.target * bottom if bottom else None

    @property
    def _tables(self) -> tuple[str, ...]:
        """The tables whose files it needs."""
        return tuple(dict.fromkeys((self.table, *(each.table for each in self.made_of))))

    def exact(self, facts: Facts, span: Span) -> Exact | None:
        """The figure of a span as it is, to be put in order; None where it is not whole."""
        if any(facts.missing_days(table, span) for table in self._tables):
            return None
        top, bottom = self.sums(facts, span)
        if self.form is Form.COUNT or top is None:
            return top
        return share(top, bottom or 0)

    def base(self, facts: Facts, span: Span) -> Figure:
        """The figure of a span that others are held against; none where files of it are missing."""
        figure = self.figure(facts, span)
        lacking = max(facts.missing_days(table, span) for table in self._tables)
        if figure.value is None or not lacking:
            return figure
        return nothing(self.form, f"缺{lacking:,}{_UNIT_OF_FILES.get(self.table, '天')}数据")

    def compare(self, facts: Facts, span: Span, before: Span) -> Figure:
        """How the figure changed against another span; counts of unlike lengths per day.

        Only spans that have all their files are compared: five days of a week against seven would
        show a fall that nobody had, and a rate of one day is none of a week.
        """
        moved = self._change(facts, span, before)
        if moved.value is None:
            return moved
        unlike = next(
            filter(None, (uneven(facts, table, span, before) for table in self._tables)), None
        )
        return replace(unlike, form=moved.form) if unlike else moved

    def _change(self, facts: Facts, span: Span, before: Span) -> Figure:
        days = (1, 1) if self.id in STATES else lengths(span, before)
        now, then = self.figure(facts, span), self.figure(facts, before)
        return change(now, then, more_is=self.more_is, days=days)

    def compared(self, facts: Facts, span: Span, other: Against) -> str:
        """The change in a sentence, comma included: ，环比增长4.2%; empty where there is none."""
        moved = self.compare(facts, span, other.span)
        if moved.value is None:
            return ""
        return f"，{self.per_day(span, other.span)}{other.change}{moved_words(moved)}"

    def per_day(self, span: Span, before: Span) -> str:
        """日均 where the figure of two spans is compared per day; else empty."""
        volume = self.form is Form.COUNT and self.id not in STATES
        return "日均" if volume and lengths(span, before) != (1, 1) else ""


# What a missing file of a table is called, where it is not a day's.
_UNIT_OF_FILES: Final = {"staff": "个月"}


def lengths(span: Span, before: Span) -> tuple[int, int]:
    """Days of two spans, for a comparison of counts; 1 and 1 where they are equally long."""
    one, other = len(days_of(span)), len(days_of(before))
    return (1, 1) if one == other else (one, other)


def no_workload(facts: Facts, span: Span) -> str:
    """Why the flows of tickets do not tell how things stood at the end of a span, or empty."""
    if not facts.published("workload"):
        return NO_WORKLOAD
    return next(iter(facts.absent("workload", span).values()), "")


def uneven(facts: Facts, table: str, span: Span, before: Span) -> Figure | None:
    """Why two spans cannot be compared; None where both have all their files."""
    for name, days in (("本期", span), ("对比期", before)):
        lacking = facts.missing_days(table, days)
        if lacking:
            unit = _UNIT_OF_FILES.get(table, "天")
            return nothing(Form.CHANGE, f"{name}缺{lacking:,}{unit}数据")
    return None


def _of_kpi(kpi: Kpi) -> Measure:
    def sums(facts: Facts, span: Span) -> Sums:
        if kpi.id in STATES:
            span = Span(span.last.replace(day=1), span.last)
        top = facts.total(kpi.numerator, span)
        return top, facts.total(kpi.denominator, span) if kpi.denominator else None

    volume = kpi.denominator is None
    form = Form.COUNT if volume else Form.RATE if kpi.unit == "%" else Form.MEAN
    more_is = Tone.BAD if kpi.id in BETTER_LOW else Tone.NEUTRAL
    return Measure(
        kpi.id,
        kpi.title,
        kpi.unit,
        kpi.basis,
        kpi.numerator.table,
        form,
        Tone.GOOD if kpi.id in BETTER_HIGH else more_is,
        kpi.target,
        volume and kpi.numerator.table != "staff",
        sums,
        (kpi.numerator, *([kpi.denominator] if kpi.denominator else [])),
    )


def _flow(
    id_: str,
    title: str,
    basis: str,
    top: Sum,
    *,
    bottom: Sum | None = None,
    target: int | None = None,
) -> Measure:
    def sums(facts: Facts, span: Span) -> Sums:
        # Where the table is missing, arrived files must not make it zero.
        if not facts.published("workload"):
            return None, None
        return facts.total(top, span), facts.total(bottom, span) if bottom else None

    form, tone = (Form.RATE, Tone.GOOD) if bottom else (Form.COUNT, Tone.NEUTRAL)
    unit = "%" if bottom else "件"
    return Measure(id_, title, unit, basis, "workload", form, tone, target, False, sums)


TARGETS = {kpi.id: kpi.target for kpi in KPIS if kpi.target is not None}
_CLOSED = Sum("workload", ("closed",))
FLOWS: tuple[Measure, ...] = (
    _flow("handed_over", "转办数", "期内受理并转交承办单位的工单", Sum("workload", ("opened",))),
    _flow("closed_in_period", "转办办结数", "期内办结的转办工单，不论何时受理", _CLOSED),
    _flow(
        "on_time_in_period",
        "转办按时办结率",
        "期内办结的转办工单中在时限内办结的÷期内办结的转办工单",
        Sum("workload", ("closed",), ("overdue_closed",)),
        bottom=_CLOSED,
        target=TARGETS["on_time_rate"],
    ),
)
ALL_KPIS = tuple(_of_kpi(kpi) for kpi in KPIS)
_MEASURES = {each.id: each for each in (*ALL_KPIS, *FLOWS)}


def measure(metric: str) -> Measure:
    """The measure of an id."""
    return _MEASURES[metric]
