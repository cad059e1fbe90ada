"""Repeated requests: people who had to ask again, and tickets merged into another.

Belongs here: the section of the weekly report. Callers are known by key within the facts only; here
are the numbers of their tickets, by which the hotline finds them.
"""

import polars as pl

from assets.installation import ReportSettings
from assets.reports.content.breakdown import ordered, tally, volume_change
from assets.reports.content.figures import count, rate
from assets.reports.content.headline_figures import Against
from assets.reports.content.model import Block, Column, Row, Section, Table, Text
from assets.reports.content.months import day_title
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "repeats", "重复诉求与并单"
_OFTEN = 3
_DIRECT = "直接答复"


def _totals(facts: Facts, now: pl.DataFrame, span: Span, against: Against, this: str) -> Table:
    before = facts.rows("repeats", against.span)
    known = facts.arrived("repeats", against.span)
    accepted = facts.sums("tickets_accepted", span)[0]
    merged, merged_before = (_merged(facts, days) for days in (span, against.span))
    often = pl.col("sequence") >= _OFTEN
    rows = []
    for title, value, then in (
        ("重复诉求", now.height, before.height if known else None),
        (
            "其中第三次及以上",
            now.filter(often).height,
            before.filter(often).height if known else None,
        ),
        ("并单", merged or 0, merged_before),
    ):
        rows.append(
            Row(
                (
                    title,
                    count(value),
                    rate(value, accepted),
                    count(then),
                    volume_change(facts, span, against.span, now=value, then=then),
                )
            )
        )
    return Table(
        "repeat_totals",
        f"{this}重复诉求与并单",
        (
            Column("项目"),
            Column(this, "件"),
            Column("占接单数"),
            Column(against.name, "件"),
            Column(against.change),
        ),
        tuple(rows),
        "重复诉求：同一来电人30天内就同一分类再次来电形成的工单，非电话渠道不计；"
        "并单：受理后并入其他工单的，以数据截至时的状态为准。",
    )


def _merged(facts: Facts, span: Span) -> int | None:
    found = tally(facts, "tickets", "channel", "merged", span)
    return None if found is None else sum(found.values())


def _by_category(facts: Facts, now: pl.DataFrame, span: Span, this: str, shown: int) -> Table:
    accepted = tally(facts, "tickets", "category", "accepted", span) or {}
    found = dict(now.group_by("category").len().iter_rows())
    return Table(
        "repeat_topics",
        f"{this}重复诉求较多的分类",
        (
            Column("诉求分类"),
            Column("重复诉求", "件", bar=True),
            Column("接单数", "件"),
            Column("重复占比"),
        ),
        tuple(
            Row((name, count(n), count(accepted.get(name, 0)), rate(n, accepted.get(name, 0))))
            for name, n in ordered(found)[:shown]
        ),
    )


def _chains(now: pl.DataFrame, this: str, shown: int) -> Table:
    """The requests asked most often, by the number of the first ticket."""
    last = (
        now.sort("sequence", "ticket_id")
        .group_by("first_ticket_id", maintain_order=True)
        .last()
        .filter(pl.col("sequence") >= _OFTEN)
        .sort(["sequence", "first_date", "first_ticket_id"], descending=[True, False, False])
    )
    rows = tuple(
        Row(
            (
                row["first_ticket_id"],
                row["category"],
                row["region"],
                row["unit"] or _DIRECT,
                day_title(row["first_date"]),
                count(row["sequence"]),
            )
        )
        for row in last.head(shown).iter_rows(named=True)
    )
    cut = f"共{count(last.height).text}起，列出前{count(shown).text}起。"
    return Table(
        "repeat_chains",
        f"{this}再次来电、累计三次及以上的诉求",
        (
            Column("首次工单编号"),
            Column("诉求分类"),
            Column("所属区县"),
            Column("最近一次承办单位"),
            Column("首次日期"),
            Column("累计次数", "次", bar=True),
        ),
        rows,
        cut if last.height > shown else "",
    )


def repeats_section(
    facts: Facts, span: Span, against: Against, now: str, settings: ReportSettings
) -> Section:
    """Repeated requests and merged tickets of a span.

    Args:
        facts: the release.
        span: the period.
        against: the span that it is compared with.
        now: what the period is called, such as 本周.
        settings: how many rows are shown.
    """
    if not facts.published("repeats"):
        words = "本版数据没有重复诉求表（repeats），本节从缺。"
        return Section(_NAME, _TOPIC, "未能统计重复诉求", (Text(words),))
    if not facts.arrived("repeats", span):
        words = f"{now}的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有工单数据", (Text(words),))
    rows = facts.rows("repeats", span)
    blocks: list[Block] = [_totals(facts, rows, span, against, now)]
    if not rows.height:
        return Section(_NAME, _TOPIC, f"{now}没有重复诉求", tuple(blocks))
    blocks.append(_by_category(facts, rows, span, now, settings.topics_shown))
    chains = _chains(rows, now, settings.topics_shown)
    if chains.rows:
        blocks.append(chains)
    share = rate(rows.height, facts.sums("tickets_accepted", span)[0])
    name, n = ordered(dict(rows.group_by("category").len().iter_rows()))[0]
    headline = (
        f"群众再次来电反映同类诉求{count(rows.height).text}件，占接单数的{share.text}；"
        f"最多的是“{name}”（{count(n).text}件）"
    )
    return Section(_NAME, _TOPIC, headline, tuple(blocks))
