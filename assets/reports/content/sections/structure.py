"""What citizens ask, how it reaches the hotline and where it comes from: shares and changes.

Names come from the data and stand as they are, in a fixed order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assets.reports.content.comparing import tops
from assets.reports.content.context import UNNAMED, Context, brief, total_rows
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, nothing, rate
from assets.reports.content.measures import lengths, uneven
from assets.reports.content.model import Cell, Column, Figure, Form, Row, Section, Table, columns
from assets.reports.content.periods import Span

_NAME, _TOPIC = "structure", "诉求构成"
# So many level ones are named.
_LEVEL = 3


@dataclass(frozen=True)
class _Attribute:
    """An attribute of tickets that a report breaks down by."""

    key: str  # column of the tickets table
    title: str  # head of the column
    word: str  # the attribute in a word, such as 区县


_ATTRIBUTES = {
    "channel": _Attribute("channel", "受理渠道", "渠道"),
    "ticket_type": _Attribute("ticket_type", "诉求类型", "类型"),
    "region": _Attribute("region", "所属区县", "区县"),
}


def counts(facts: Facts, key: str, measure: str, span: Span) -> dict[str, int] | None:
    """A measure of tickets by attribute over a span; None where no file of the span arrived."""
    if not facts.published("tickets") or not facts.arrived("tickets", span):
        return None
    found: dict[str, int] = {}
    for name, value in facts.tally("tickets", key, measure, span).items():
        label = str(name or UNNAMED)
        found[label] = found.get(label, 0) + value
    return found


def ordered(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Most first, equal ones by name: the same order every time."""
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def volume_change(facts: Facts, span: Span, before: Span, *, now: int, then: int | None) -> Figure:
    """Change of a count of tickets; none where one of the two spans lacks files."""
    if then is None:
        return nothing(Form.CHANGE, "对比期没有数据")
    moved = change(count(now), count(then), days=lengths(span, before))
    return moved if moved.value is None else uneven(facts, "tickets", span, before) or moved


def _table(context: Context, attribute: _Attribute, shown: int) -> Table:
    """Tickets accepted by an attribute, with share and changes; the rest beyond those shown."""
    facts, span = context.facts, context.span

    def accepted(days: Span) -> dict[str, int] | None:
        return counts(facts, attribute.key, "accepted", days)

    found = accepted(span) or {}
    total = sum(found.values())
    others = [(each, accepted(each.span)) for each in context.against]

    def row(name: str, names: Sequence[str], is_total: bool) -> Row:
        value = sum(found.get(each, 0) for each in names)
        cells: list[Cell] = [name, count(value), rate(value, total)]
        for other, earlier in others:
            then = None if earlier is None else sum(earlier.get(each, 0) for each in names)
            cells.append(volume_change(facts, span, other.span, now=value, then=then))
        return Row(tuple(cells), total=is_total)

    # A name that only the other spans have still belongs to the total of their columns.
    names = dict.fromkeys(name for name, _ in ordered(found))
    for _, earlier in others:
        names.update(dict.fromkeys(sorted(earlier or {})))
    heads = (
        *columns(attribute.title, (context.now, "件"), "占比", bar=context.now),
        *(Column(other.change) for other, _ in others),
    )
    rows = total_rows(list(names), shown, row, name=str, kinds=f"个{attribute.word}")
    return Table(f"by_{attribute.key}", f"按{attribute.title}", heads, rows)


def structure_section(
    context: Context,
    shown: Mapping[str, int],
    *,
    together: bool = False,
    named: bool = False,
) -> Section:
    """Tickets of a period by several attributes.

    Args:
        context: what the report is about.
        shown: how many rows each attribute gets, by its key, in order.
        together: whether all stand in one table, to save room.
        named: whether the headline names the attributes.
    """
    facts, now = context.facts, context.now
    if not facts.arrived("tickets", context.span):
        return context.no_files(_NAME, _TOPIC, "工单")
    known = [key for key in shown if not facts.lacks("tickets", key)]
    needed = ("accepted", *([] if known else shown))
    if lacking := context.lacking(_NAME, _TOPIC, "tickets", *needed):
        return lacking
    attributes = [_ATTRIBUTES[key] for key in known]
    leading = [_leading(facts, each, context.span) for each in attributes]
    if not all(leading):
        return brief(_NAME, _TOPIC, f"{now}没有受理工单", f"{now}没有受理工单。")
    if named:
        leading = [f"从{a.word}看，{said}" for a, said in zip(attributes, leading, strict=True)]
    tables = tuple(_table(context, each, shown[each.key]) for each in attributes)
    if together:
        tables = (_joined(tables, attributes),)
    return Section(_NAME, _TOPIC, ("；" if named else "，").join(leading), tables)


def _leading(facts: Facts, attribute: _Attribute, span: Span) -> str:
    """The largest part of a span in words: 电话占83.17%; empty where there is none."""
    found = counts(facts, attribute.key, "accepted", span)
    if not found:
        return ""
    found_all = ordered(found)
    first = tops(found_all)
    part = rate(found_all[0][1], sum(found.values())).text
    if len(first) == 1:
        return f"{first[0]}占{part}"
    if len(first) > _LEVEL:
        return f"{len(first):,}个{attribute.word}同为最多，各占{part}"
    return f"{'、'.join(first)}各占{part}"


def _joined(tables: Sequence[Table], attributes: Sequence[_Attribute]) -> Table:
    """One table of several: the attribute before each name, and one total of them all."""
    rows = [
        replace(row, cells=(f"{each.word}：{row.cells[0]}", *row.cells[1:]))
        for table, each in zip(tables, attributes, strict=True)
        for row in table.rows
        if not row.total
    ]
    heads = (Column("构成"), *tables[0].columns[1:])
    return Table(_NAME, "按渠道、类型、区县", heads, (*rows, tables[0].rows[-1]))
