"""Callbacks: what citizens said, and how many closed tickets nobody has called back about.

Belongs here: the section of weekly, monthly and annual reports. The gap is a difference of flows
(tickets closed, tickets first called back) since 1 January, so it is the state at the end of the
period whenever the report is made.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from assets.reports.content.figures import count
from assets.reports.content.findings import moved_words
from assets.reports.content.measures import measure
from assets.reports.content.model import Block, Column, Row, Section, Table, Text
from assets.reports.content.months import day_title
from assets.reports.content.reading import Facts, Span

_SHOWN = 15
_DIRECT = "直接答复及未注明单位"
_METRICS = (
    "callbacks_attempted",
    "callbacks_reached",
    "callback_reach_rate",
    "callback_satisfaction_rate",
    "ticket_satisfaction_rate",
    "callback_rate",
)


@dataclass(frozen=True)
class Gap:
    """Closed tickets of a unit against those called back.

    Attributes:
        unit: the unit in charge.
        closed: tickets closed in the period.
        called: tickets called back for the first time in the period.
        waiting: tickets closed since 1 January and not called back by the end of the period.
    """

    unit: str
    closed: int
    called: int
    waiting: int


def _called(facts: Facts, span: Span) -> dict[str, int]:
    """Tickets called back for the first time, by unit; a call about no known ticket is none."""
    rows = facts.grouped("callbacks", ("unit", "ticket_type"), span).drop_nulls("ticket_type")
    summed = rows.group_by(pl.col("unit").fill_null(_DIRECT)).agg(pl.col("tickets_called").sum())
    return dict(summed.rows())


def _closed(facts: Facts, span: Span) -> dict[str, int]:
    """Tickets closed, by unit: handed over ones when the unit closed them, others at once."""
    closed: dict[str, int] = defaultdict(int)
    for day, sign in ((span.last, 1), (span.first - timedelta(days=1), -1)):
        rows = facts.standing("workload", ("unit",), day)
        for unit, value in rows.select("unit", "closed").rows():
            closed[unit or _DIRECT] += sign * value
    closed[_DIRECT] += facts.sums("direct_answer_rate", span)[0] or 0
    return closed


def callback_gaps(facts: Facts, span: Span) -> list[Gap]:
    """The gap of each unit, the longest list of waiting tickets first."""
    year = Span(date(span.last.year, 1, 1), span.last)
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


def _gap_table(gaps: list[Gap], end: str) -> Table:
    shown, rest = gaps[:_SHOWN], gaps[_SHOWN:]

    def row(name: str, parts: list[Gap], *, total: bool = False) -> Row:
        sums = (sum(part.closed for part in parts), sum(part.called for part in parts))
        return Row(
            (name, *map(count, sums), count(sum(part.waiting for part in parts))), total=total
        )

    rows = [row(gap.unit, [gap]) for gap in shown]
    if rest:
        rows.append(row(f"其他{count(len(rest)).text}个单位", rest))
    rows.append(row("合计", gaps, total=True))
    return Table(
        "callback_gap",
        "各承办单位已办结未回访工单",
        (
            Column("承办单位"),
            Column("本期办结", "件"),
            Column("本期首次回访", "件"),
            Column("累计未回访", "件", bar=True),
        ),
        tuple(rows),
        f"累计未回访＝1月1日至{end}办结的工单－同期首次回访的工单，按单位相减，"
        "首次回访多于办结的单位计0；办结含并单。",
    )


def _results(facts: Facts, span: Span, before: Span, against: str) -> Table:
    rows = []
    for each in map(measure, _METRICS):
        name = f"{each.title}（{each.sign}）" if each.sign else each.title
        figures = (each.figure(facts, span), each.figure(facts, before))
        rows.append(Row((name, *figures, each.compare(facts, span, before))))
    return Table(
        "callback_results",
        "回访情况",
        (Column("指标"), Column("本期"), Column("对比期"), Column(against)),
        tuple(rows),
        "回访率＝首次回访的工单÷接单数；一张工单多次回访的，总回访数按次计。",
    )


def _most(gaps: list[Gap]) -> str:
    """Whose tickets wait: those without a unit, and the unit with the most."""
    said = [f"其中{gap.unit}的{count(gap.waiting).text}件" for gap in gaps if gap.unit == _DIRECT]
    units = [gap for gap in gaps if gap.unit != _DIRECT and gap.waiting]
    if units:
        said.append(f"承办单位中最多的是{units[0].unit}（{count(units[0].waiting).text}件）")
    return "".join(f"，{each}" for each in said)


def callback_section(facts: Facts, span: Span, before: Span, *, against: str = "环比") -> Section:
    """Callbacks of a period.

    Args:
        facts: the release.
        span: the period.
        before: the period that it is compared with.
        against: how that comparison is called.
    """
    name, topic = "callbacks", "回访"
    if not facts.arrived("callbacks", span):
        missing = "本期没有回访数据（callbacks 回访月度事实），本节从缺。"
        return Section(name, topic, "本期没有回访数据", (Text(missing),))
    reached, pleased = (
        facts.kpi(metric, span) for metric in ("callback_reach_rate", "callback_satisfaction_rate")
    )
    moved = measure("callback_reach_rate").compare(facts, span, before)
    compared = f"，{against}{moved_words(moved)}" if moved.value is not None else ""
    blocks: list[Block] = [
        Text(
            f"本期回访{facts.kpi('callbacks_attempted', span).text}次，"
            f"接通{facts.kpi('callbacks_reached', span).text}次，"
            f"接通率{reached.text}{compared}；接通的群众中满意和基本满意的占{pleased.text}。"
        ),
        _results(facts, span, before, against),
    ]
    if not facts.published("workload"):
        blocks.append(Text("本版数据没有在办变动（workload），未能计算已办结未回访工单。"))
        return Section(
            name, topic, f"回访接通率{reached.text}，满意率{pleased.text}", tuple(blocks)
        )
    gaps = callback_gaps(facts, span)
    end = day_title(span.last)
    waiting = count(sum(gap.waiting for gap in gaps))
    if waiting.value:
        blocks.append(Text(f"截至{end}，本年办结的工单中有{waiting.text}件尚未回访{_most(gaps)}。"))
        headline = f"截至{end}，本年已办结工单尚有{waiting.text}件未回访"
    else:
        headline = f"截至{end}，本年已办结工单全部回访"
    blocks.append(_gap_table(gaps, end))
    return Section(name, topic, headline, tuple(blocks))
