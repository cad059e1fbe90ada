"""The knowledge base against its monthly target, and whether a month will still reach it.

The 2023 evaluation took 1.8 of 2 points because nine months missed the target and nobody saw it
coming: so the projection is there while there is still time to act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from typing import Any

import polars as pl

from assets.reports.content.context import Context, brief, total_rows
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, rounded
from assets.reports.content.measures import TARGETS, measure
from assets.reports.content.model import (
    Block,
    Chart,
    Figure,
    Row,
    Section,
    Series,
    Table,
    Text,
    columns,
)
from assets.reports.content.periods import (
    Span,
    day_title,
    last_months,
    month_span,
    month_title,
    months_of_year,
    shifted,
)

KNOWLEDGE_TARGET = TARGETS["knowledge_updates"]
_NAME, _TOPIC = "knowledge", "知识库"
_UPDATES = measure("knowledge_updates")
_RECENT = 3
_SHOWN = 10


@dataclass(frozen=True)
class KnowledgeProjection:
    """Where the month is heading."""

    done: int  # updates so far
    days: int  # days gone
    of_days: int  # days of the month
    expected: Figure  # updates by the end of the month at the pace so far
    lacking: int  # updates still lacking for the target; 0 where it is reached
    # Updates a day that would still reach it; 0 where reached, None when it is over.
    a_day: int | None

    @property
    def on_course(self) -> bool:
        """Whether the target is reached or will be at this pace."""
        return (self.expected.value or 0) >= KNOWLEDGE_TARGET


def knowledge_projection(facts: Facts, day: date) -> KnowledgeProjection:
    """The month of a day, as of the end of that day.

    Args:
        facts: the release.
        day: the last day that counts.
    """
    done = _UPDATES.sums(facts, Span(day.replace(day=1), day))[0] or 0
    days, of_days = day.day, month_span(f"{day:%Y-%m}").last.day
    lacking = max(0, KNOWLEDGE_TARGET - done)
    left = of_days - days
    a_day = 0 if not lacking else -(-lacking // left) if left else None
    return KnowledgeProjection(done, days, of_days, rounded(done * of_days, days), lacking, a_day)


def _of_months(facts: Facts, months: Sequence[str]) -> list[int]:
    """Updates of those months that have data."""
    sums = (_UPDATES.sums(facts, month_span(month))[0] for month in months)
    return [each for each in sums if each is not None]


def next_month(facts: Facts, month: str) -> int | None:
    """What the coming month will bring at the pace of the last three: their middle value.

    None where one of the three has no data.
    """
    values = _of_months(facts, last_months(month, _RECENT))
    return median_low(values) if len(values) == _RECENT else None


def _chart(facts: Facts, months: Sequence[str]) -> Chart:
    known = _of_months(facts, months)
    met = sum(each >= KNOWLEDGE_TARGET for each in known)
    target = f"达到{KNOWLEDGE_TARGET:,}条的"
    reached = f"{target}有{met:,}个月" if met else f"没有{target}月份"
    return Chart(
        "knowledge_months",
        "各月知识库更新量（条）",
        "columns",
        tuple(map(month_title, months)),
        (Series("更新量", tuple(_UPDATES.figure(facts, month_span(each)) for each in months)),),
        count(KNOWLEDGE_TARGET),
        f"{len(known):,}个月中，{reached}。",
    )


def _unit_table(facts: Facts, span: Span) -> Table:
    updated = pl.col("added") + pl.col("revised")
    found = (
        facts.grouped("knowledge", ("unit",), span)
        .select("unit", "added", "revised", "retired")
        .sort(-updated, -pl.col("retired"), "unit")
        .rows()
    )

    def row(name: str, parts: Sequence[tuple[Any, ...]], is_total: bool) -> Row:
        added, revised, retired = (sum(part[i] for part in parts) for i in (1, 2, 3))
        return Row((name, *map(count, (added + revised, added, revised, retired))), total=is_total)

    rows = total_rows(found, _SHOWN, row, name=lambda part: part[0], lone_rest=True)
    heads = columns(
        *("报送单位", ("更新量", "条"), ("新增", "条"), ("修改", "条"), ("作废", "条")),
        bar="更新量",
    )
    note = "更新量＝新增＋修改，不含作废。" if found else "本期没有单位报送更新。"
    return Table("knowledge_units", "各单位报送情况", heads, rows if found else (), note)


def knowledge_section(context: Context) -> Section:
    """The knowledge base in a period that ends with a month."""
    facts, span = context.facts, context.span
    if not facts.arrived("knowledge", span):
        missing = "本期没有知识库数据，本节从缺。"
        return brief(_NAME, _TOPIC, "本期没有知识库数据", missing)
    if lacking := context.lacking(_NAME, _TOPIC, "knowledge", "added", "revised"):
        return lacking
    month = f"{span.last:%Y-%m}"
    of_year = _of_months(facts, months_of_year(span.last.year)[: span.last.month])
    sentences = [_month_sentence(facts, span)]
    if len(of_year) > 1:
        sentences.append(f"本年{_year_words(of_year)}。")
    expected = next_month(facts, month)
    if expected is not None:
        sentences.append(_outlook(expected, month))
    months = [m for m in last_months(month, 12) if facts.arrived("knowledge", month_span(m))]
    blocks: tuple[Block, ...] = (
        *map(Text, sentences),
        _chart(facts, months),
        _unit_table(facts, span),
    )
    return Section(_NAME, _TOPIC, _headline(context, of_year), blocks)


def _headline(context: Context, of_year: Sequence[int]) -> str:
    """Whether the month reached its target; for a longer period, how many months did."""
    if context.kind == "monthly":
        verdict = "达标" if context.met(_UPDATES) else "未达标"
    else:
        verdict = _year_words(of_year)
    done = context.figure(_UPDATES).text
    return f"知识库更新{done}条，{verdict}（目标每月{KNOWLEDGE_TARGET:,}条）"


def _month_sentence(facts: Facts, span: Span) -> str:
    done = _UPDATES.sums(facts, span)[0]
    if not done:
        return f"本期知识库没有更新，目标为每月{KNOWLEDGE_TARGET:,}条。"
    updated = pl.col("added") + pl.col("revised") > 0
    days, units = (
        facts.grouped("knowledge", (key,), span).filter(updated).height for key in ("date", "unit")
    )
    said = f"本期知识库更新{done:,}条，由{units:,}个单位报送，更新集中在{days:,}天"
    # The last day of the period that is known.
    cutoff = facts.cutoff.date() - timedelta(days=1)
    day = min(span.last, max(span.first, cutoff))
    ahead = knowledge_projection(facts, day)
    if ahead.days == ahead.of_days:
        return f"{said}，距目标差{ahead.lacking:,}条。" if ahead.lacking else f"{said}。"
    pace = f"{said}。按截至{day_title(day)}的进度，预计月末为{ahead.expected.text}条"
    if ahead.on_course:
        return f"{pace}，能够达标。"
    return f"{pace}，达标还差{ahead.lacking:,}条，今后每天需更新{ahead.a_day:,}条。"


def _year_words(of_year: Sequence[int]) -> str:
    known, met = len(of_year), sum(each >= KNOWLEDGE_TARGET for each in of_year)
    if not met:
        return f"有数据的{known:,}个月均未达标"
    if met == known:
        return f"有数据的{known:,}个月均达标"
    return f"有数据的{known:,}个月中，{met:,}个月达标，{known - met:,}个月未达标"


def _outlook(expected: int, month: str) -> str:
    enough = "能够达标" if expected >= KNOWLEDGE_TARGET else "预计难以达标"
    following = month_title(shifted(month, 1))
    return f"按近{_RECENT}个月的中位数预计，{following}更新{expected:,}条，{enough}。"


def shortfall(facts: Facts, span: Span) -> int:
    """Updates lacking for a month's target; 0 where it is reached or nothing is known."""
    done = _UPDATES.sums(facts, span)[0]
    return 0 if done is None else max(0, KNOWLEDGE_TARGET - done)
