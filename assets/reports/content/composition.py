"""What citizens ask, how it reaches the hotline and where it comes from, over a month or a year.

Belongs here: the section of monthly and annual reports, which compares with two periods and names
every type, channel and region.
"""

from collections.abc import Sequence

from assets.reports.content.breakdown import (
    CHANNEL,
    REGION,
    TICKET_TYPE,
    breakdown_table,
    leading,
)
from assets.reports.content.headline_figures import Against
from assets.reports.content.model import Section, Text
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "structure", "诉求构成"
_WORDS = {TICKET_TYPE: "类型", CHANNEL: "渠道", REGION: "区县"}
_SHOWN = 30


def composition_section(
    facts: Facts, span: Span, against: Sequence[Against], *, now: str
) -> Section:
    """Tickets of a span by type, channel and region.

    Args:
        facts: the release.
        span: the period.
        against: spans that it is compared with.
        now: what the period is called, such as 本月.
    """
    if not facts.arrived("tickets", span):
        words = f"{now}的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有工单数据", (Text(words),))
    most = {each: leading(facts, each, span) for each in _WORDS}
    if not all(most.values()):
        words = f"{now}没有受理工单"
        return Section(_NAME, _TOPIC, words, (Text(f"{words}。"),))
    tables = tuple(
        breakdown_table(facts, each, span, against, title=f"按{each.title}", now=now, shown=_SHOWN)
        for each in _WORDS
    )
    said = "，".join(f"{_WORDS[each]}以{words}" for each, words in most.items())
    return Section(_NAME, _TOPIC, said, tables)
