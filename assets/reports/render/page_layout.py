"""What the forms share of a block: heads, notes, the mark of a row, and the shades of a heat map.

Sizes, colours and the order on the page are each form's own.
"""

from dataclasses import replace

from assets.reports.content import (
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Figure,
    HeatMap,
    Table,
    Tone,
)

MARK = "▶"  # before the head of a row that needs attention: colour is lost in a copy
_MOST_COLUMNS = 12  # of a heat map; more cannot be read across an A4 page


def cell_text(cell: Cell) -> str:
    """The text of a cell."""
    return cell.text if isinstance(cell, Figure) else cell


def column_head(column: Column) -> str:
    """Title of a column with its unit."""
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def numeric_columns(table: Table) -> list[bool]:
    """Which columns hold figures and are therefore set to the right."""
    return [
        any(isinstance(row.cells[index], Figure) for row in table.rows)
        for index in range(len(table.columns))
    ]


def compared_with(cards: Cards) -> list[str]:
    """What cards are compared with, in order of first use."""
    return list(dict.fromkeys(label for card in cards.cards for label, _ in card.comparisons))


def chart_heads(chart: Chart) -> list[str]:
    """Heads of the columns of a chart's figures; the first column holds the categories."""
    target = [f"目标 {chart.target.text}"] if chart.target else []
    return ["", *(series.name for series in chart.series), *target]


def fit_across(heat: HeatMap) -> HeatMap:
    """A heat map that goes across a page: one with many columns is turned."""
    if len(heat.columns) <= max(_MOST_COLUMNS, len(heat.rows)):
        return heat
    return transpose(heat)


def transpose(heat: HeatMap) -> HeatMap:
    """A heat map with rows and columns swapped."""
    cells = tuple(zip(*heat.cells, strict=True))
    return replace(heat, rows=heat.columns, columns=heat.rows, cells=cells)


def shades(heat: HeatMap, *, uniform: float | None) -> list[list[float | None]]:
    """How deep each cell is shaded: 0 for the lowest value, 1 for the highest.

    Args:
        heat: the heat map.
        uniform: shade of every value where all are the same.

    Returns:
        A row of shades for each row of cells; None for a cell without a value.
    """
    values = [cell.value for row in heat.cells for cell in row if cell.value is not None]
    low, high = min(values, default=0), max(values, default=0)

    def shade(value: float | None) -> float | None:
        if value is None:
            return None
        return (value - low) / (high - low) if high > low else uniform

    return [[shade(cell.value) for cell in row] for row in heat.cells]


def notes(block: Block) -> tuple[str, ...]:
    """What stands below a block: its own note, what its mark means, and why it shows —."""
    found = dict.fromkeys(f.reason for f in figures(block) if f.value is None and f.reason)
    marked = isinstance(block, Table) and any(row.tone is Tone.BAD for row in block.rows)
    each = (
        block.note if isinstance(block, Table) else "",
        f"{MARK}：需关注" if marked else "",
        f"—：{'；'.join(found)}" if found else "",
    )
    return tuple(filter(None, each))


def figures(block: Block) -> tuple[Figure, ...]:
    """The figures that a block prints; a chart draws its own, and leaves a gap where none is."""
    match block:
        case Table():
            return tuple(c for row in block.rows for c in row.cells if isinstance(c, Figure))
        case HeatMap():
            return tuple(cell for row in block.cells for cell in row)
        case Cards():
            return tuple(figure for card in block.cards for figure in _of_card(card))
        case _:
            return ()


def _of_card(card: Card) -> tuple[Figure, ...]:
    return (card.figure, *(change for _, change in card.comparisons))
