"""Repeated requests: people who had to ask again, and tickets merged into another.

Callers are known by key within the facts only; here are the numbers of their tickets, by which the
hotline finds them.
"""

import polars as pl

from assets.reports.content.comparing import level, outstanding, spread
from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, rate
from assets.reports.content.measures import measure
from assets.reports.content.model import Block, Row, Section, Table, columns
from assets.reports.content.periods import Span, day_title
from assets.reports.content.sections.structure import counts, ordered, volume_change

_NAME, _TOPIC = "repeats", "重复诉求与并单"
_OFTEN = 3
_DIRECT = "直接答复"


def _totals(context: Context, rows: pl.DataFrame, accepted: int | None) -> Table:
    facts, span, other, now = context.facts, context.span, context.before, context.now
    known = facts.arrived("repeats", other.span)
    before = facts.rows("repeats", other.span) if known else None
    often = pl.col("sequence") >= _OFTEN
    totals = (
        ("重复诉求", rows.height, None if before is None else before.height),
        (
            "其中第三次及以上",
            rows.filter(often).height,
            None if before is None else before.filter(often).height,
        ),
        ("并单", _merged(facts, span) or 0, _merged(facts, other.span)),
    )
    heads = columns("项目", (now, "件"), "占接单数", (other.name, "件"), other.change)
    note = (
        "重复诉求：同一来电人30天内就同一分类再次来电形成的工单，非电话渠道不计；"
        "并单：受理后并入其他工单的，以数据截至时的状态为准。"
    )
    return Table(
        "repeat_totals",
        f"{now}重复诉求与并单",
        heads,
        tuple(
            Row(
                (
                    *(title, count(value), rate(value, accepted), count(then)),
                    volume_change(facts, span, other.span, now=value, then=then),
                )
            )
            for title, value, then in totals
        ),
        note,
    )


def _merged(facts: Facts, span: Span) -> int | None:
    found = counts(facts, "channel", "merged", span)
    return None if found is None else sum(found.values())


def _category_table(context: Context, found: list[tuple[str, int]]) -> Table:
    accepted = counts(context.facts, "category", "accepted", context.span) or {}
    rows = tuple(
        Row((name, count(n), count(accepted.get(name, 0)), rate(n, accepted.get(name, 0))))
        for name, n in found[: context.settings.topics_shown]
    )
    heads = columns("诉求分类", ("重复诉求", "件"), ("接单数", "件"), "重复占比", bar="重复诉求")
    return Table("repeat_topics", f"{context.now}重复诉求较多的分类", heads, rows)


def _chain_table(rows: pl.DataFrame, now: str, shown: int) -> Table:
    """The requests asked most often, by the number of the first ticket."""
    last = (
        rows.sort("sequence", "ticket_id")
        .group_by("first_ticket_id", maintain_order=True)
        .last()
        .filter(pl.col("sequence") >= _OFTEN)
        .sort(["sequence", "first_date", "first_ticket_id"], descending=[True, False, False])
    )
    fields = ("first_ticket_id", "category", "region", "unit", "first_date", "sequence")
    chains = tuple(
        Row((first, category, region, unit or _DIRECT, day_title(day), count(sequence)))
        for first, category, region, unit, day, sequence in last.head(shown).select(fields).rows()
    )
    heads = columns(
        *("首次工单编号", "诉求分类", "所属区县", "最近一次承办单位", "首次日期"),
        ("累计次数", "次"),
        bar="累计次数",
    )
    cut = f"共{last.height:,}起，列出前{shown:,}起。" if last.height > shown else ""
    return Table("repeat_chains", f"{now}再次来电、累计三次及以上的诉求", heads, chains, cut)


def repeats_section(context: Context) -> Section:
    """Repeated requests and merged tickets of a period."""
    facts, span, now = context.facts, context.span, context.now
    if not facts.published("repeats"):
        words = "本版数据没有重复诉求表（repeats），本节从缺。"
        return brief(_NAME, _TOPIC, "未能统计重复诉求", words)
    if not facts.arrived("repeats", span):
        return context.no_files(_NAME, _TOPIC, "工单")
    rows = facts.rows("repeats", span)
    accepted = measure("tickets_accepted").sums(facts, span)[0]
    blocks: list[Block] = [_totals(context, rows, accepted)]
    if not rows.height:
        return Section(_NAME, _TOPIC, f"{now}没有重复诉求", tuple(blocks))
    categories = ordered(dict(rows.group_by("category").len().iter_rows()))
    blocks.append(_category_table(context, categories))
    chains = _chain_table(rows, now, context.settings.topics_shown)
    if chains.rows:
        blocks.append(chains)
    headline = (
        f"群众再次来电反映同类诉求{rows.height:,}件，占接单数的{rate(rows.height, accepted).text}；"
        f"{_subjects(categories)}"
    )
    return Section(_NAME, _TOPIC, headline, tuple(blocks))


def _subjects(categories: list[tuple[str, int]]) -> str:
    """What is asked again most, or over how many subjects it is spread."""
    first = outstanding(categories)
    if first:
        return f"最多的是{level([f'“{each}”' for each in first], f'{categories[0][1]:,}件')}"
    return spread([(f"“{name}”", n) for name, n in categories], "件", 1, "类诉求")
