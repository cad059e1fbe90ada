"""What a form must tell of a report, in reading order; where it may break off, and how to compare.

A list of clean texts and figures, for the forms that are read back cell by cell.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from assets.reports.content.model import (
    Block,
    Cards,
    Cell,
    Chart,
    HeatMap,
    Points,
    Stamp,
    Table,
    Text,
)
from assets.reports.render import masthead, page_layout
from assets.reports.render.text import PARAGRAPH, clean


def long(text: str) -> str:
    """A text where a paragraph stands."""
    return clean(text, PARAGRAPH)


def short(cell: Cell) -> Cell:
    """A text where a cell stands; a figure as it is."""
    return clean(cell) if isinstance(cell, str) else cell


def of_table(table: Table) -> Iterator[Cell]:
    """Title, heads, cells."""
    yield clean(table.title)
    for column in table.columns:
        yield clean(f"{column.title}（{column.unit}）" if column.unit else column.title)
    for row in table.rows:
        yield from map(short, row.cells)


def of_cards(cards: Cards) -> Iterator[Cell]:
    """Title, and of each card what it is, its figure, its comparisons, target and verdict."""
    yield clean(cards.title)
    for card in cards.cards:
        yield card.figure
        yield from (figure for _, figure in card.comparisons)
        yield clean(card.target)
        yield clean(card.verdict)


def of_chart(chart: Chart) -> Iterator[Cell]:
    """Title, heads, and of each category its name and its figures; gaps are left out."""
    yield clean(chart.title)
    yield from (clean(series.name) for series in chart.series)
    for at, name in enumerate(chart.categories):
        yield clean(name)
        values = [series.values[at] for series in chart.series]
        yield from (each for each in values if each.value is not None)


def of_heat_map(heat: HeatMap) -> Iterator[Cell]:
    """Title, heads, and of each row its name and its figures."""
    yield clean(heat.title)
    yield from map(clean, heat.columns)
    for name, figures in zip(heat.rows, heat.cells, strict=True):
        yield clean(name)
        yield from figures


def of_block(block: Block) -> Iterator[Cell]:
    """A block."""
    match block:
        case Text():
            yield long(block.text)
        case Points():
            yield from map(long, block.items)
        case Cards():
            yield from of_cards(block)
        case Table():
            yield from of_table(block)
        case Chart():
            yield from of_chart(block)
        case HeatMap():
            yield from of_heat_map(block)
    yield from map(long, page_layout.notes(block))


def of_masthead(stamp: Stamp) -> Iterator[str]:
    """What says that an issue is late or a correction."""
    yield from filter(None, (masthead.backfilled(stamp), masthead.revision(stamp)))
    yield from map(long, stamp.changes)


def first_missing(
    told: Iterable[Cell], found: Iterable[Any], same: Callable[[Cell, Any], bool]
) -> Cell | None:
    """The first of what must be told that does not follow in what was found; None if all does."""
    rest = iter(found)
    for each in told:
        if each != "" and not any(same(each, other) for other in rest):
            return each
    return None
