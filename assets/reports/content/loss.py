"""Lost calls: how many, why, and hours in which nobody answered at all.

Belongs here: what the section on hours says about loss besides when it happens (`heat`).
"""

import polars as pl

from assets.reports.content.figures import change, count, rate
from assets.reports.content.findings import moved_words
from assets.reports.content.measures import measure, uneven
from assets.reports.content.model import Column, Row, Table, Text, Tone
from assets.reports.content.months import day_title
from assets.reports.content.reading import Facts, Span

# Calls in an hour that nobody answers before it is called an interruption, and how many are named.
_SEVERAL = 3
_NAMED = 5
_CAUSES = (
    ("hung_up", "来电人等待中挂断"),
    ("ring_timeout", "振铃超时"),
    ("agent_rejected", "坐席拒接"),
)


def loss_text(facts: Facts, span: Span, before: Span, against: str) -> Text:
    """How many calls were lost, and whether that is more than before."""
    now = facts.kpi("abandonment_rate", span)
    moved = measure("abandonment_rate").compare(facts, span, before)
    compared = f"，{against}{moved_words(moved)}" if moved.value is not None else ""
    lost = facts.sums("abandonment_rate", span)[0]
    return Text(f"本期未接通{count(lost).text}通，呼损率{now.text}{compared}。")


def causes(facts: Facts, span: Span) -> list[tuple[str, int]]:
    """Lost calls by cause, the most first."""
    rows = facts.grouped("calls", ("date",), span)
    found = [(title, int(rows[name].sum())) for name, title in _CAUSES]
    return sorted(found, key=lambda each: -each[1])


def cause_table(facts: Facts, span: Span, before: Span, against: str) -> Table:
    """Lost calls by cause, with their change against another span."""
    unlike = uneven(facts, "calls", span, before)
    earlier = dict(causes(facts, before)) if facts.arrived("calls", before) else {}
    found = causes(facts, span)
    total = sum(lost for _, lost in found)

    def row(title: str, lost: int, then: int | None, *, is_total: bool = False) -> Row:
        moved = unlike or change(count(lost), count(then), more_is=Tone.BAD)
        return Row((title, count(lost), rate(lost, total), moved), total=is_total)

    rows = [row(title, lost, earlier.get(title)) for title, lost in found]
    rows.append(row("合计", total, sum(earlier.values()) if earlier else None, is_total=True))
    columns = (Column("原因"), Column("通数", "通", bar=True), Column("占比"), Column(against))
    return Table("loss_causes", "未接通原因", columns, tuple(rows))


def interruptions(facts: Facts, span: Span) -> list[Text]:
    """Hours in which several calls came and nobody answered any: an interruption of service."""
    rows = facts.grouped("calls", ("date", "hour"), span)
    dead = rows.filter((pl.col("offered") >= _SEVERAL) & (pl.col("answered") == 0))
    found = dead.sort("date", "hour").select("date", "hour").rows()
    if not found:
        return []
    named = "、".join(f"{day_title(day)}{hour}时" for day, hour in found[:_NAMED])
    more = "等" if len(found) > _NAMED else ""
    return [
        Text(
            f"有{count(len(found)).text}个小时来电不少于{_SEVERAL}通而无一接通，"
            f"疑似服务中断：{named}{more}。"
        )
    ]
