"""Hot and rising topics: what people ask about most, and what more than they used to.

A topic is rising against its mean of the four weeks before, where the excess is more than chance
gives: three times the square root of the mean (counts of independent events scatter by the root of
their mean).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, listed, mean, rate
from assets.reports.content.model import Block, Figure, Row, Section, Table, Text, Tone, columns
from assets.reports.content.periods import Span, days_of
from assets.reports.content.sections.structure import counts, ordered, volume_change

_NAME, _TOPIC = "topics", "热点诉求"
_PAST_DAYS = 28
_ENOUGH_DAYS = 14
_SCATTER = 3
_NAMED = 2


@dataclass(frozen=True)
class Rising:
    """A topic that is asked about more than usual."""

    topic: str  # the category
    now: Figure  # tickets of the period
    usual: Figure  # its mean over as many days of the four weeks before
    excess: Figure  # how much more, in percent


def rising(facts: Facts, span: Span, minimum: int, percent: int) -> list[Rising] | None:
    """Topics of a span above their mean of the four weeks before, most additional tickets first.

    Args:
        facts: the release.
        span: the period.
        minimum: tickets that a topic needs.
        percent: by how much it exceeds its mean.

    Returns:
        None where fewer than two weeks of the four have data.
    """
    past = Span(span.first - timedelta(days=_PAST_DAYS), span.first - timedelta(days=1))
    known = _PAST_DAYS - facts.missing_days("tickets", past)
    found = counts(facts, "category", "accepted", span)
    before = counts(facts, "category", "accepted", past)
    if known < _ENOUGH_DAYS or found is None or before is None:
        return None
    days = len(days_of(span)) - facts.missing_days("tickets", span)
    candidates = []
    for topic, now in found.items():
        # Mean of the past over as many days as the period has, as a fraction of whole numbers.
        top, bottom = before.get(topic, 0) * days, known
        usual = top / bottom
        if (
            now >= minimum
            and 100 * now * bottom >= (100 + percent) * top
            and now - usual > _SCATTER * sqrt(usual)
        ):
            shown = mean(top, bottom)
            risen = Rising(topic, count(now), shown, change(count(now), shown))
            candidates.append((usual - now, topic, risen))
    return [each for *_, each in sorted(candidates, key=lambda one: one[:2])]


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


def _rising_table(found: Sequence[Rising], now: str, minimum: int, percent: int) -> Table:
    rows = [Row((e.topic, e.now, e.usual, e.excess), tone=Tone.BAD) for e in found]
    heads = columns("诉求分类", (now, "件"), ("前四周均值", "件"), "较前四周均值", bar=now)
    note = f"列出不少于{minimum:,}件、高出前四周均值{percent:,}%以上且超出正常波动的诉求。"
    return Table("rising_topics", f"{now}上升较快的诉求", heads, tuple(rows), note)


def topics_section(context: Context, *, shown: int, minimum: int) -> Section:
    """The `shown` hottest topics of a period, and those of `minimum` tickets that are rising."""
    facts, now, percent = context.facts, context.now, context.settings.rising_percent
    found = counts(facts, "category", "accepted", context.span)
    if found is None:
        return context.no_files(_NAME, _TOPIC, "工单")
    if lacking := context.lacking(_NAME, _TOPIC, "tickets", "category", "accepted"):
        return lacking
    if not found:
        return brief(_NAME, _TOPIC, f"{now}没有受理工单", f"{now}没有受理工单。")
    blocks: list[Block] = [_hot_table(context, found, shown)]
    up = rising(facts, context.span, minimum, percent)
    if up is None:
        blocks.append(Text("前四周数据不足两周，未能判断上升较快的诉求。"))
    elif up:
        blocks.append(_rising_table(up, now, minimum, percent))
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
