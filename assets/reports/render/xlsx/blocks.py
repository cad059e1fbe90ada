"""How each block of a report stands in a sheet.

Belongs here: text, points, cards, tables, charts and heat maps, each a function of a sheet.
"""

from collections.abc import Iterable

from xlsxwriter.format import Format

from assets.reports.content import (
    Block,
    Cards,
    Chart,
    Column,
    Figure,
    HeatMap,
    Points,
    Table,
    Text,
    Tone,
)
from assets.reports.render import face
from assets.reports.render.clean import clean
from assets.reports.render.native import upright
from assets.reports.render.xlsx.book import BAD_FILL, HAIR, HEAD_FILL, MUTED, TONES, TOTAL_FILL
from assets.reports.render.xlsx.cards import card_widths, place_cards
from assets.reports.render.xlsx.charts import chart_widths, place_chart
from assets.reports.render.xlsx.sheet import LINE, Sheet, lines, width

_WIDEST_HEAD, _WIDEST_TEXT, _NARROWEST, _HEAT = 30, 42, 9, 9
_CELL = {"bottom": 1, "bottom_color": HAIR}
_SHADES = {Tone.BAD: "#F28B7D", Tone.GOOD: "#7CC49A", Tone.NEUTRAL: "#7FB2E5"}
_BARS = "#A9C8EA"


def place(sheet: Sheet, block: Block) -> None:
    """Write a block and move below it."""
    match block:
        case Text():
            sheet.paragraph(block.text)
        case Points():
            for item in block.items:
                sheet.point(item)
        case Cards():
            place_cards(sheet, block)
        case Table():
            _table(sheet, block)
        case Chart():
            place_chart(sheet, block)
        case HeatMap():
            _heat_map(sheet, upright(block))
    for note in face.notes(block):
        sheet.paragraph(note, font_size=9, font_color=MUTED)
    sheet.row += 1


def widths_of(blocks: Iterable[Block]) -> list[float]:
    """How wide the columns of a sheet must be for all of its blocks."""
    widths: list[float] = []
    for block in blocks:
        match block:
            case Table():
                needed = _table_widths(block)
            case Cards():
                needed = card_widths(block)
            case Chart():
                needed = chart_widths(block)
            case HeatMap():
                shown = upright(block)
                head = max((width(clean(row)) for row in shown.rows), default=0) + 2
                needed = [min(head, _WIDEST_HEAD), *(_HEAT for _ in shown.columns)]
            case _:
                needed = []
        widths += [0.0] * (len(needed) - len(widths))
        widths = [max(w, n) for w, n in zip(widths, needed, strict=False)] + widths[len(needed) :]
    return widths


def _table_widths(table: Table) -> list[float]:
    widths: list[float] = []
    for index, column in enumerate(table.columns):
        texts = [_shown(row.cells[index]) for row in table.rows]
        longest = max([width(clean(text)) for text in texts], default=0)
        head = width(clean(_head(column)))
        most = _WIDEST_TEXT if index else _WIDEST_HEAD
        widths.append(min(max(longest + 3, head + 3, _NARROWEST), most))
    return widths


def _shown(cell: Figure | str) -> str:
    return cell.text if isinstance(cell, Figure) else cell


def _head(column: Column) -> str:
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def _table(sheet: Sheet, table: Table) -> None:
    sheet.band(table.title)
    sheet.head()
    numeric = [_numeric(table, index) for index in range(len(table.columns))]
    tallest = 1
    for index, column in enumerate(table.columns):
        head = sheet.book.format(
            bold=True, bg_color=HEAD_FILL, text_wrap=True, top=1, bottom=1,
            align="right" if numeric[index] else "left",
            indent=int(bool(index) and not numeric[index]),
        )  # fmt: skip
        text = clean(_head(column))
        sheet.text(index, text, head)
        tallest = max(tallest, lines(text, sheet.widths[index]))
    sheet.sheet.set_row(sheet.row, min(tallest * LINE + 4, 400))
    sheet.row += 1
    first = sheet.row
    texts: dict[tuple[bool, bool], list[Format]] = {}
    for row in table.rows:
        bad = row.tone is Tone.BAD
        look = _row_look(total=row.total, bad=bad)
        if (row.total, bad) not in texts:
            texts[row.total, bad] = _text_looks(sheet, numeric, look, bad=bad)
        tallest = 1
        for index, cell in enumerate(row.cells):
            if isinstance(cell, Figure):
                sheet.figure(index, cell, **look)
                continue
            sheet.text(index, cell, texts[row.total, bad][index])
            tallest = max(tallest, lines(clean(cell), sheet.widths[index]))
        sheet.sheet.set_row(sheet.row, min(tallest * LINE + 2, 400))
        sheet.row += 1
    _bars(sheet, table, first)


def _row_look(*, total: bool, bad: bool) -> dict[str, object]:
    """How all cells of a row look."""
    look: dict[str, object] = dict(_CELL)
    if total:
        look |= {"bold": True, "bg_color": TOTAL_FILL, "top": 1}
    if bad:
        look |= {"bg_color": BAD_FILL}
    return look


def _text_looks(
    sheet: Sheet, numeric: list[bool], look: dict[str, object], *, bad: bool
) -> list[Format]:
    """How a text looks in each column of such a row."""
    looks = []
    for index, is_number in enumerate(numeric):
        shown = look | {"text_wrap": True, "align": "right" if is_number else "left"}
        if index and not is_number:
            shown["indent"] = 1
        # The mark is shown by the format, so that the cell holds the name alone.
        if bad and not index:
            shown["num_format"] = f'"{face.MARK} "@'
        looks.append(sheet.book.format(**shown))
    return looks


def _numeric(table: Table, index: int) -> bool:
    """Whether a column holds figures, and is therefore set to the right."""
    return any(isinstance(row.cells[index], Figure) for row in table.rows)


def _bars(sheet: Sheet, table: Table, first: int) -> None:
    rows = [first + at for at, row in enumerate(table.rows) if not row.total]
    for index, column in enumerate(table.columns):
        if column.bar and rows:
            sheet.sheet.conditional_format(
                rows[0], index, rows[-1], index,
                {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "min_type": "num",
                 "min_value": 0, "bar_color": _BARS},
            )  # fmt: skip


def _heat_map(sheet: Sheet, heat: HeatMap) -> None:
    sheet.band(heat.title)
    if heat.summary:
        sheet.paragraph(heat.summary, font_color=TONES[Tone.NEUTRAL])
    sheet.head()
    head = sheet.book.format(bold=True, bg_color=HEAD_FILL, align="center", text_wrap=True)
    for index, name in enumerate(("", *heat.columns)):
        sheet.text(index, name, head)
    sheet.row += 1
    first = sheet.row
    side = sheet.book.format(bold=True, bg_color=HEAD_FILL, text_wrap=True)
    for name, cells in zip(heat.rows, heat.cells, strict=True):
        sheet.text(0, name, side)
        for index, figure in enumerate(cells):
            sheet.figure(index + 1, figure, align="center", font_size=9)
        sheet.sheet.set_row(sheet.row, LINE + 3)
        sheet.row += 1
    if heat.rows and heat.columns:
        sheet.sheet.conditional_format(
            first, 1, sheet.row - 1, len(heat.columns),
            {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": _SHADES[heat.tone]},
        )  # fmt: skip
