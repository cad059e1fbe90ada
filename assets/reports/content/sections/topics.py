"""Hot and rising topics: what people ask about most, and what more than was to be expected.

What is rising are the alarms of the published table `expectations`: see docs/expectations.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.expectations import slice_values
from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, listed, rate
from assets.reports.content.model import Block, Figure, Row, Section, Table, Text, Tone, columns
from assets.reports.content.periods import Span, day_title
from assets.reports.content.sections.structure import counts, ordered, volume_change

_NAME, _TOPIC = "topics", "热点诉求"
_KINDS = {"category": "诉求分类", "unit": "承办单位", "region": "所属区县"}
_NAMED, _LISTED = 2, 10


@dataclass(frozen=True)
class Rising:
    """What is asked about more than was to be expected."""

    topic: str  # the category, unit or region, or a category with its region
    kind: str  # which of these it is
    since: date  # first day
    last: date  # last day
    now: Figure  # tickets of these days
    usual: Figure  # tickets that were expected of them
    excess: Figure  # how much more, in percent

    @property
    def days(self) -> str:
        """The days in words."""
        first, last = day_title(self.since), day_title(self.last)
        return first if first == last else f"{first}至{last}"


def rising(facts: Facts, span: Span, minimum: int = 1) -> list[Rising] | None:
    """What was rising in a span, most additional tickets first.

    Args:
        facts: the release.
        span: the period.
        minimum: tickets that are worth a row.

    Returns:
        The largest alarm of each slice; a category in a region only where the category as a whole
        has none. None where too little was known to expect anything.
    """
    within = pl.col("date").is_between(span.first, span.last)
    rows = facts.expectations.filter(within, dataset="tickets")
    if rows.filter(pl.col("expected").is_not_null(), kind="day").is_empty():
        return None
    found: dict[str, tuple[int, Rising]] = {}
    alarms = rows.filter(pl.col("found") >= minimum, kind="alarm")
    for row in alarms.sort("date", "slice").iter_rows(named=True):
        values = slice_values(row["slice"])
        more = row["found"] - row["expected"]
        if more > found.get(row["slice"], (0,))[0]:
            now, usual = count(row["found"]), count(row["expected"])
            name = "，".join(values.values())
            kind = "、".join(_KINDS[column] for column in values)
            excess = change(now, usual)
            one = Rising(name, kind, row["since"], row["date"], now, usual, excess)
            found[row["slice"]] = more, one
    told = [
        (more, each)
        for name, (more, each) in found.items()
        if ";" not in name or name.partition(";")[0] not in found
    ]
    return [each for _, each in sorted(told, key=lambda one: (-one[0], one[1].topic))]


def _hot_table(context: Context, found: dict[str, int], shown: int) -> Table:
    facts, span, other = context.facts, context.span, context.before
    before = counts(facts, "category", "accepted", other.span)
    handed = counts(facts, "category", "dispatched", span) or {}
    total = sum(found.values())

    def row(name: str, n: int) -> Row:
        then = None if before is None else before.get(name, 0)
        moved = volume_change(facts, span, other.span, now=n, then=then)
        return Row((name, count(n), rate(n, total), moved, count(handed.get(name, 0))))

    heads = columns(
        "诉求分类", ("接单数", "件"), "占比", other.change, ("其中转办", "件"), bar="接单数"
    )
    rows = tuple(row(name, n) for name, n in ordered(found)[:shown])
    return Table("hot_topics", f"{context.now}热点诉求", heads, rows)


def _rising_table(found: Sequence[Rising], now: str) -> Table:
    rows = [
        Row((each.topic, each.kind, each.days, each.now, each.usual, each.excess), tone=Tone.BAD)
        for each in found[:_LISTED]
    ]
    heads = columns(*("诉求", "按", "日期", ("件数", "件"), ("预期", "件"), "较预期"), bar="件数")
    note = (
        "预期按此前各日的占比、星期、节假日和增长推算；列出明显超出正常波动的诉求分类、"
        "承办单位、所属区县，工单编号见预期表（expectations）。"
    )
    if len(found) > _LISTED:
        note = f"共{len(found):,}项，列出增加最多的{_LISTED}项。{note}"
    return Table("rising_topics", f"{now}上升较快的诉求", heads, tuple(rows), note)


def topics_section(context: Context, *, shown: int, minimum: int) -> Section:
    """The `shown` hottest topics of a period, and those of `minimum` tickets that are rising."""
    facts, now = context.facts, context.now
    found = counts(facts, "category", "accepted", context.span)
    if found is None:
        return context.no_files(_NAME, _TOPIC, "工单")
    if lacking := context.lacking(_NAME, _TOPIC, "tickets", "category", "accepted"):
        return lacking
    if not found:
        return brief(_NAME, _TOPIC, f"{now}没有受理工单", f"{now}没有受理工单。")
    blocks: list[Block] = [_hot_table(context, found, shown)]
    up = rising(facts, context.span, minimum)
    if up is None:
        blocks.append(Text("以往的数据不足，未能判断上升较快的诉求。"))
    elif up:
        blocks.append(_rising_table(up, now))
    return Section(_NAME, _TOPIC, _headline(found, up), tuple(blocks))


def _headline(found: dict[str, int], up: Sequence[Rising] | None) -> str:
    first, n = ordered(found)[0]
    most = f"诉求最多的是“{first}”（{n:,}件）"
    if not up:
        return f"{most}，没有明显上升的" if up is not None else most
    named = listed([f"“{each.topic}”（{each.now.text}件）" for each in up], _NAMED)
    top = [each.topic for each in up[:_NAMED]]
    if first not in top:
        return f"{named}明显上升；{most}"
    if len(top) == 1:
        return f"{named}明显上升，也是诉求最多的"
    return f"{named}明显上升，其中“{first}”诉求最多"
