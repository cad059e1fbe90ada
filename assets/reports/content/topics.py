"""Hot and rising topics: what people ask about most, and what more than they used to.

Belongs here: the section on subjects. A topic is rising against its mean of the four weeks before,
where the excess is more than chance gives: three times the square root of the mean (counts of
independent events scatter by the root of their mean).
"""

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from assets.installation import ReportSettings
from assets.reports.content.breakdown import ordered, tally, volume_change
from assets.reports.content.figures import change, count, mean, rate
from assets.reports.content.headline_figures import Against
from assets.reports.content.model import Block, Column, Figure, Row, Section, Table, Text, Tone
from assets.reports.content.periods import days_of
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "topics", "热点诉求"
_PAST_DAYS = 28
_ENOUGH_DAYS = 14
_SCATTER = 3
_NAMED = 2


@dataclass(frozen=True)
class Rising:
    """A topic that is asked about more than usual.

    Attributes:
        topic: the category.
        now: tickets of the period.
        usual: its mean over as many days of the four weeks before.
        excess: how much more, in percent.
    """

    topic: str
    now: Figure
    usual: Figure
    excess: Figure


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
    found = tally(facts, "tickets", "category", "accepted", span)
    before = tally(facts, "tickets", "category", "accepted", past)
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
            candidates.append(
                (usual - now, Rising(topic, count(now), shown, change(count(now), shown)))
            )
    return [each for _, each in sorted(candidates, key=lambda one: (one[0], one[1].topic))]


def _hot_table(facts: Facts, span: Span, against: Against, now: str, shown: int) -> Table:
    found = tally(facts, "tickets", "category", "accepted", span) or {}
    before = tally(facts, "tickets", "category", "accepted", against.span)
    handed = tally(facts, "tickets", "category", "dispatched", span) or {}
    total = sum(found.values())
    rows = []
    for name, n in ordered(found)[:shown]:
        then = None if before is None else before.get(name, 0)
        rows.append(
            Row(
                (
                    name,
                    count(n),
                    rate(n, total),
                    volume_change(facts, span, against.span, now=n, then=then),
                    count(handed.get(name, 0)),
                )
            )
        )
    return Table(
        "hot_topics",
        f"{now}热点诉求",
        (
            Column("诉求分类"),
            Column("接单数", "件", bar=True),
            Column("占比"),
            Column(against.change),
            Column("其中转办", "件"),
        ),
        tuple(rows),
    )


def _rising_table(found: list[Rising], now: str, minimum: int, percent: int) -> Table:
    return Table(
        "rising_topics",
        f"{now}上升较快的诉求",
        (
            Column("诉求分类"),
            Column(now, "件", bar=True),
            Column("前四周均值", "件"),
            Column("较前四周均值"),
        ),
        tuple(
            Row((each.topic, each.now, each.usual, each.excess), tone=Tone.BAD) for each in found
        ),
        f"列出不少于{count(minimum).text}件、高出前四周均值{count(percent).text}%以上"
        "且超出正常波动的诉求。",
    )


def topics_section(
    facts: Facts,
    span: Span,
    against: Against,
    *,
    now: str,
    shown: int,
    minimum: int,
    settings: ReportSettings,
) -> Section:
    """Hot and rising topics of a span.

    Args:
        facts: the release.
        span: the period.
        against: the span that it is compared with.
        now: what the period is called, such as 当日.
        shown: rows of the table of hot topics.
        minimum: tickets that a topic needs to count as rising.
        settings: how much a topic must rise.
    """
    found = tally(facts, "tickets", "category", "accepted", span)
    if found is None:
        words = f"{now}的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有工单数据", (Text(words),))
    if not found:
        return Section(_NAME, _TOPIC, f"{now}没有受理工单", (Text(f"{now}没有受理工单。"),))
    blocks: list[Block] = [_hot_table(facts, span, against, now, shown)]
    up = rising(facts, span, minimum, settings.rising_percent)
    if up is None:
        blocks.append(Text("前四周数据不足两周，未能判断上升较快的诉求。"))
    elif up:
        blocks.append(_rising_table(up, now, minimum, settings.rising_percent))
    return Section(_NAME, _TOPIC, _headline(found, up), tuple(blocks))


def _headline(found: dict[str, int], up: list[Rising] | None) -> str:
    first, n = ordered(found)[0]
    most = f"诉求最多的是“{first}”（{count(n).text}件）"
    if not up:
        return f"{most}，没有明显上升的" if up is not None else most
    top = up[:_NAMED]
    named = "、".join(f"“{each.topic}”（{each.now.text}件）" for each in top)
    named += "等" if len(up) > len(top) else ""
    if first not in [each.topic for each in top]:
        return f"{named}明显上升；{most}"
    if len(top) == 1:
        return f"{named}明显上升，也是诉求最多的"
    return f"{named}明显上升，其中“{first}”诉求最多"
