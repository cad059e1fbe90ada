"""Callbacks: what citizens said, and how many closed tickets nobody has called back about.

The gap is a difference of flows (tickets closed, tickets first called back) since 1 January, so it
is the state at the end of the period whenever the report is made.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from assets.reports.content.comparing import tops
from assets.reports.content.context import Context, brief, summed, total_rows
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count
from assets.reports.content.measures import measure
from assets.reports.content.model import Block, Row, Section, Table, Text, columns
from assets.reports.content.periods import Span, day_title, year_span

_NAME, _TOPIC = "callbacks", "回访"
_SHOWN = 15
_DIRECT = "直接答复及未注明单位"
_METRICS = (
    *("callbacks_attempted", "callbacks_reached", "callback_reach_rate"),
    *("callback_satisfaction_rate", "ticket_satisfaction_rate", "callback_rate"),
)


@dataclass(frozen=True)
class Gap:
    """Closed tickets of a unit against those called back."""

    unit: str  # the unit in charge
    closed: int  # tickets closed in the period
    called: int  # tickets called back for the first time in the period
    waiting: int  # tickets closed since 1 January and not called back by the end of the period


def _called(facts: Facts, span: Span) -> dict[str, int]:
    """Tickets called back for the first time, by unit; a call about no known ticket is none."""
    rows = facts.grouped("callbacks", ("unit", "ticket_type"), span).drop_nulls("ticket_type")
    summed = rows.group_by(pl.col("unit").fill_null(_DIRECT)).agg(pl.col("tickets_called").sum())
    return dict(summed.rows())


def _closed(facts: Facts, span: Span) -> dict[str, int]:
    """Tickets closed, by unit: handed over ones when the unit closed them, others at once."""
    closed: dict[str, int] = defaultdict(int)
    for unit, value in facts.tally("workload", "unit", "closed", span).items():
        closed[unit or _DIRECT] += value
    closed[_DIRECT] += measure("direct_answer_rate").sums(facts, span)[0] or 0
    return closed


def callback_gaps(facts: Facts, span: Span) -> list[Gap]:
    """The gap of each unit, the longest list of waiting tickets first."""
    year = Span(year_span(span.last.year).first, span.last)
    closed, called = _closed(facts, span), _called(facts, span)
    closed_before, called_before = _closed(facts, year), _called(facts, year)
    gaps = [
        Gap(
            unit,
            closed.get(unit, 0),
            called.get(unit, 0),
            max(0, closed_before.get(unit, 0) - called_before.get(unit, 0)),
        )
        for unit in closed_before.keys() | called_before.keys()
        if closed_before.get(unit, 0) or called_before.get(unit, 0)
    ]
    return sorted(gaps, key=lambda gap: (-gap.waiting, gap.unit))


def waiting_tickets(gaps: Sequence[Gap]) -> int:
    """Tickets closed this year that nobody has called back about."""
    return sum(gap.waiting for gap in gaps)


def _gap_table(gaps: Sequence[Gap], end: str) -> Table:
    def row(name: str, parts: Sequence[Gap], is_total: bool) -> Row:
        each = summed(Gap, parts, name)
        figures = map(count, (each.closed, each.called, each.waiting))
        return Row((name, *figures), total=is_total)

    heads = columns(
        *("承办单位", ("本期办结", "件"), ("本期首次回访", "件"), ("累计未回访", "件")),
        bar="累计未回访",
    )
    note = (
        f"累计未回访＝1月1日至{end}办结的工单－同期首次回访的工单，按单位相减，"
        "首次回访多于办结的单位计0；办结含并单。"
    )
    rows = total_rows(gaps, _SHOWN, row, name=lambda gap: gap.unit, lone_rest=True)
    return Table("callback_gap", "各承办单位已办结未回访工单", heads, rows, note)


def _results(context: Context) -> Table:
    facts, span, against = context.facts, context.span, context.before
    rows = tuple(
        Row(
            (
                *(each.label, each.figure(facts, span), each.base(facts, against.span)),
                context.moved(each, against),
            )
        )
        for each in map(measure, _METRICS)
    )
    heads = columns("指标", "本期", "对比期", against.change)
    note = "回访率＝首次回访的工单÷接单数；一张工单多次回访的，总回访数按次计。"
    return Table("callback_results", "回访情况", heads, rows, note)


def callback_section(context: Context) -> Section:
    """Callbacks of a period."""
    facts, span, before = context.facts, context.span, context.before
    if not facts.arrived("callbacks", span):
        missing = "本期没有回访数据，本节从缺。"
        return brief(_NAME, _TOPIC, "本期没有回访数据", missing)
    attempted, reached, reach, pleased = (
        context.figure(measure(metric)).text for metric in _METRICS[:4]
    )
    compared = measure("callback_reach_rate").compared(facts, span, before)
    said = (
        f"本期回访{attempted}次，接通{reached}次，接通率{reach}{compared}；"
        f"有效回访中，满意和基本满意占{pleased}。"
    )
    blocks: list[Block] = [Text(said), _results(context)]
    if not facts.published("workload"):
        blocks.append(Text("本版数据没有在办变动（workload），未能计算已办结未回访工单。"))
        headline = f"回访接通率{reach}，满意率{pleased}"
        return Section(_NAME, _TOPIC, headline, tuple(blocks))
    gaps = callback_gaps(facts, span)
    end = day_title(span.last)
    waiting = waiting_tickets(gaps)
    if waiting:
        blocks.append(Text(f"截至{end}，本年办结的工单中有{waiting:,}件尚未回访{_most(gaps)}。"))
        headline = f"截至{end}，本年已办结工单尚有{waiting:,}件未回访"
    else:
        headline = f"截至{end}，本年已办结工单全部回访"
    blocks.append(_gap_table(gaps, end))
    return Section(_NAME, _TOPIC, headline, tuple(blocks))


def _most(gaps: Sequence[Gap]) -> str:
    """Whose tickets wait: those without a unit, and the unit with the most."""
    said = [f"，其中{gap.unit}的{gap.waiting:,}件" for gap in gaps if gap.unit == _DIRECT]
    units = [gap for gap in gaps if gap.unit != _DIRECT and gap.waiting]
    if units:
        most = tops([(gap.unit, gap.waiting) for gap in units])
        if len(most) == 1:
            said.append(f"，承办单位中最多的是{most[0]}（{units[0].waiting:,}件）")
        else:
            said.append(f"，承办单位中有{len(most):,}家最多，各{units[0].waiting:,}件")
    return "".join(said)
