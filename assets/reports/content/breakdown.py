"""How a volume is made up: by channel, type, region, or any other attribute.

Belongs here: counts by attribute in a fixed order, their shares and changes, and the table of them.
Names come from the data and stand as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.reports.content.figures import change, count, nothing, rate
from assets.reports.content.headline_figures import Against
from assets.reports.content.measures import uneven
from assets.reports.content.model import Cell, Column, Figure, Form, Row, Table
from assets.reports.content.reading import Facts, Span

UNNAMED = "未填写"


@dataclass(frozen=True)
class Attribute:
    """An attribute of tickets that a report breaks down by.

    Attributes:
        key: column of the tickets table.
        title: head of the column.
        kinds: what several of its values are called, such as 个地区.
    """

    key: str
    title: str
    kinds: str


CHANNEL = Attribute("channel", "受理渠道", "个渠道")
TICKET_TYPE = Attribute("ticket_type", "诉求类型", "个类型")
REGION = Attribute("region", "所属区县", "个区县")


def tally(facts: Facts, table: str, key: str, measure: str, span: Span) -> dict[str, int] | None:
    """A measure by attribute over a span; None where no file of the span arrived."""
    if not facts.published(table) or not facts.arrived(table, span):
        return None
    found: dict[str, int] = {}
    for name, value in facts.tally(table, key, measure, span).items():
        label = str(name or UNNAMED)
        found[label] = found.get(label, 0) + value
    return found


def ordered(found: dict[str, int]) -> list[tuple[str, int]]:
    """Most first, equal ones by name: the same order every time."""
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def volume_change(facts: Facts, span: Span, before: Span, *, now: int, then: int | None) -> Figure:
    """Change of a count of tickets; none where one of the two spans lacks files."""
    if then is None:
        return nothing(Form.CHANGE, "对比期没有数据")
    moved = change(count(now), count(then))
    return moved if moved.value is None else uneven(facts, "tickets", span, before) or moved


def breakdown_table(
    facts: Facts,
    attribute: Attribute,
    span: Span,
    against: Sequence[Against],
    *,
    title: str,
    now: str,
    shown: int,
) -> Table:
    """Tickets accepted by an attribute, with share and changes.

    Args:
        facts: the release.
        attribute: what they are broken down by.
        span: the period.
        against: spans compared with it; one with a `title` shows its own days as well.
        title: the caption.
        now: head of the period's column.
        shown: rows; the rest stands together in one.
    """
    found = tally(facts, "tickets", attribute.key, "accepted", span) or {}
    total = sum(found.values())
    others = [
        (each, tally(facts, "tickets", attribute.key, "accepted", each.of or span) or {},
         tally(facts, "tickets", attribute.key, "accepted", each.span))
        for each in against
    ]  # fmt: skip

    def row(name: str, names: Sequence[str], *, whole: bool = False) -> Row:
        value = sum(found.get(each, 0) for each in names)
        cells: list[Cell] = [name, count(value), rate(value, total)]
        for other, mine, theirs in others:
            these = sum(mine.get(each, 0) for each in names)
            those = None if theirs is None else sum(theirs.get(each, 0) for each in names)
            if other.title:
                cells.append(count(these))
            cells.append(volume_change(facts, other.of or span, other.span, now=these, then=those))
        return Row(tuple(cells), total=whole)

    # A name that only the other spans have still belongs to the total of their columns.
    known = dict.fromkeys(name for name, _ in ordered(found))
    for _, mine, theirs in others:
        known.update(dict.fromkeys(sorted({*mine, *(theirs or {})})))
    names = list(known)
    # A rest of one would take the place of the name itself.
    top = names if len(names) <= shown + 1 else names[:shown]
    rows = [row(name, [name]) for name in top]
    if len(top) < len(names):
        rest = count(len(names) - len(top)).text
        rows.append(row(f"其他{rest}{attribute.kinds}", names[len(top) :]))
    rows.append(row("合计", names, whole=True))
    columns = [Column(attribute.title), Column(now, "件", bar=True), Column("占比")]
    for other in against:
        if other.title:
            columns.append(Column(other.title, "件"))
        columns.append(Column(other.change))
    return Table(f"by_{attribute.key}", title, tuple(columns), tuple(rows))


def leading(facts: Facts, attribute: Attribute, span: Span) -> str:
    """The largest part of a span in words: 电话占83.17%; empty where there is none."""
    found = tally(facts, "tickets", attribute.key, "accepted", span)
    if not found:
        return ""
    name, n = ordered(found)[0]
    return f"{name}占{rate(n, sum(found.values())).text}"
