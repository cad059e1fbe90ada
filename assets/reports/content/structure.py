"""Where requests come from and what they are: channels, types, regions together.

Belongs here: the section of daily and weekly reports.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assets.reports.content.breakdown import Attribute, breakdown_table, leading
from assets.reports.content.headline_figures import Against
from assets.reports.content.model import Column, Section, Table, Text
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "structure", "诉求构成"
_WORDS = {"channel": "渠道", "ticket_type": "类型", "region": "区县"}


def structure_section(
    facts: Facts,
    span: Span,
    against: Against,
    now: str,
    shown: Mapping[Attribute, int],
    *,
    together: bool = False,
) -> Section:
    """Tickets of a span by several attributes.

    Args:
        facts: the release.
        span: the period.
        against: the span that it is compared with.
        now: what the period is called, such as 当日.
        shown: how many rows each attribute gets.
        together: whether all stand in one table, to save room.
    """
    if not facts.arrived("tickets", span):
        words = f"{now}的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有工单数据", (Text(words),))
    most = {each: leading(facts, each, span) for each in shown}
    if not all(most.values()):
        words = f"{now}没有受理工单"
        return Section(_NAME, _TOPIC, words, (Text(f"{words}。"),))
    tables = tuple(
        breakdown_table(facts, each, span, (against,), title=f"按{each.title}", now=now, shown=rows)
        for each, rows in shown.items()
    )
    said = "，".join(most.values())
    return Section(_NAME, _TOPIC, said, (_joined(tables, shown),) if together else tables)


def _joined(tables: Sequence[Table], shown: Iterable[Attribute]) -> Table:
    """One table of several: the attribute before each name, and one total of them all."""
    rows = [
        replace(row, cells=(f"{_WORDS[each.key]}：{row.cells[0]}", *row.cells[1:]))
        for table, each in zip(tables, shown, strict=True)
        for row in table.rows
        if not row.total
    ]
    columns = (Column("构成"), *tables[0].columns[1:])
    return Table(_NAME, "按渠道、类型、区县", columns, (*rows, tables[0].rows[-1]))
