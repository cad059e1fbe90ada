"""How each block of a report stands in a sheet, and how wide its columns must be."""

from collections.abc import Iterable
from itertools import zip_longest

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from assets.reports.content import (
    Block,
    Card,
    Cards,
    Chart,
    Figure,
    HeatMap,
    Points,
    Table,
    Text,
    Tone,
)
from assets.reports.render.native_charts import native_chart
from assets.reports.render.page_layout import (
    MARK,
    cell_text,
    chart_heads,
    column_head,
    compared_with,
    fit_across,
    notes,
    numeric_columns,
)
from assets.reports.render.text import clean, half_widths
from assets.reports.render.xlsx.sheet import (
    ACCENT,
    BAD_FILL,
    HAIR,
    HEAD_FILL,
    LINE,
    MUTED,
    TONES,
    TOTAL_FILL,
    Sheet,
    lines,
)

BULLET = "● "
_CELL = {"bottom": 1, "bottom_color": HAIR}
_HEAD = {"bold": True, "bg_color": HEAD_FILL}
_SHADES = {Tone.BAD: "#F28B7D", Tone.GOOD: "#7CC49A", Tone.NEUTRAL: "#7FB2E5"}
_BARS = "#A9C8EA"
# Widths of columns, in characters.
_WIDEST_HEAD, _WIDEST_TEXT, _NARROWEST, _HEAT = 30, 42, 9, 9
_CARD_LABEL, _CARD_FIGURE, _CARD_UNIT, _CARD_COMPARED = 22.0, 16.0, 7.0, 18.0
_CARD_TARGET, _CARD_VERDICT, _CARD_TREND = 14.0, 10.0, 24.0
_CHART_NARROWEST, _CHART_WIDEST = 12, 26
_CHART_ROWS = 15  # at least
_PIXELS = 7.1  # of a character


def place(sheet: Sheet, block: Block) -> None:
    """Write a block and move below it."""
    match block:
        case Text():
            sheet.paragraph(block.text)
        case Points():
            for item in block.items:
                sheet.paragraph(item, bullet=BULLET)
        case Cards():
            _cards(sheet, block)
        case Table():
            _table(sheet, block)
        case Chart():
            _chart(sheet, block)
        case HeatMap():
            _heat_map(sheet, fit_across(block))
    for note in notes(block):
        sheet.paragraph(note, font_size=9, font_color=MUTED)
    sheet.row += 1


def widths_of(blocks: Iterable[Block]) -> list[float]:
    """How wide the columns of a sheet must be for all of its blocks."""
    needed = [_widths(block) for block in blocks]
    return [max(each) for each in zip_longest(*needed, fillvalue=0.0)]


def _widths(block: Block) -> list[float]:
    match block:
        case Table():
            return _table_widths(block)
        case Cards():
            return _card_widths(block)
        case Chart():
            needed = [
                _widest(block.categories),
                *(_widest([head]) for head in chart_heads(block)[1:]),
            ]
            return [min(max(each + 2, _CHART_NARROWEST), _CHART_WIDEST) for each in needed]
        case HeatMap():
            shown = fit_across(block)
            return [min(_widest(shown.rows) + 2, _WIDEST_HEAD), *[_HEAT] * len(shown.columns)]
        case _:
            return []


def _widest(texts: Iterable[str]) -> int:
    return max((half_widths(clean(text)) for text in texts), default=0)


def _table_widths(table: Table) -> list[float]:
    widths = []
    for index, column in enumerate(table.columns):
        longest = _widest([column_head(column), *(cell_text(r.cells[index]) for r in table.rows)])
        most = _WIDEST_TEXT if index else _WIDEST_HEAD
        widths.append(float(min(max(longest + 3, _NARROWEST), most)))
    return widths


def _table(sheet: Sheet, table: Table) -> None:
    sheet.band(table.title)
    sheet.head()
    numeric = numeric_columns(table)
    aligned = [
        {"align": "right" if is_number else "left", "indent": int(index > 0 and not is_number)}
        for index, is_number in enumerate(numeric)
    ]
    heads = [column_head(column) for column in table.columns]
    for index, head in enumerate(heads):
        sheet.text(index, head, **_HEAD, text_wrap=True, top=1, bottom=1, **aligned[index])
    sheet.next_row(_tallest(sheet, heads) * LINE + 4)
    first = sheet.row
    for row in table.rows:
        bad = row.tone is Tone.BAD
        look: dict[str, object] = dict(_CELL)
        if row.total:
            look |= {"bold": True, "bg_color": TOTAL_FILL, "top": 1}
        if bad:
            look |= {"bg_color": BAD_FILL}
        for index, cell in enumerate(row.cells):
            if isinstance(cell, Figure):
                sheet.figure(index, cell, **look)
                continue
            # The mark is shown by the format, so that the cell holds the name alone.
            mark = {"num_format": f'"{MARK} "@'} if bad and not index else {}
            sheet.text(index, cell, **look, text_wrap=True, **aligned[index], **mark)
        texts = ["" if isinstance(cell, Figure) else cell for cell in row.cells]
        sheet.next_row(_tallest(sheet, texts) * LINE + 2)
    rows = [first + at for at, row in enumerate(table.rows) if not row.total]
    for index, column in enumerate(table.columns):
        if column.bar and rows:
            sheet.sheet.conditional_format(
                rows[0], index, rows[-1], index,
                {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "min_type": "num",
                 "min_value": 0, "bar_color": _BARS},
            )  # fmt: skip


def _tallest(sheet: Sheet, texts: list[str]) -> int:
    """Lines that the texts of a row need."""
    each = (lines(clean(text), width) for text, width in zip(texts, sheet.widths, strict=False))
    return max(each, default=1)


def _card_widths(cards: Cards) -> list[float]:
    label = _widest(card.label for card in cards.cards) + 2
    first = min(max(label, _CARD_LABEL), _WIDEST_HEAD)
    compared = [_CARD_COMPARED] * min(len(compared_with(cards)), 12)
    return [
        first, _CARD_FIGURE, _CARD_UNIT, *compared, _CARD_TARGET, _CARD_VERDICT, _CARD_TREND,
    ]  # fmt: skip


def _cards(sheet: Sheet, cards: Cards) -> None:
    """Headline figures, a row each; the periods of a sparkline stand right of what is printed."""
    sheet.band(cards.title)
    compared = compared_with(cards)
    trend_at = max(sheet.span, len(_card_widths(cards))) + 1
    for index, name in enumerate(["指标", "本期", "单位", *compared, "目标", "评价", "走势"]):
        align = "right" if index == 1 or 3 <= index < 3 + len(compared) else "left"
        sheet.text(index, name, **_HEAD, top=1, bottom=1, align=align, indent=int(name == "目标"))
    if any(card.trend for card in cards.cards):
        sheet.text(trend_at, "走势的各期（由远到近）", font_color=MUTED, font_size=9)
    sheet.next_row(20)
    for card in cards.cards:
        _card(sheet, card, compared, trend_at)
        sheet.next_row(25)


def _card(sheet: Sheet, card: Card, compared: list[str], trend_at: int) -> None:
    sheet.text(0, card.label, **_CELL, bold=True, text_wrap=True)
    sheet.figure(1, card.figure, **_CELL, bold=True, font_size=14)
    sheet.text(2, card.unit, **_CELL, text_wrap=True)
    changes = dict(card.comparisons)
    for index, label in enumerate(compared, 3):
        if label in changes:
            sheet.figure(index, changes[label], **_CELL)
        else:
            sheet.text(index, "", **_CELL, text_wrap=True)
    after = 3 + len(compared)
    verdict = {"bold": card.tone is not Tone.NEUTRAL, "font_color": TONES[card.tone]}
    sheet.text(after, card.target, **_CELL, text_wrap=True, indent=1)
    sheet.text(after + 1, card.verdict, **_CELL, **verdict, text_wrap=True)
    sheet.text(after + 2, "", **_CELL, text_wrap=True)
    if not card.trend:
        return
    for index, figure in enumerate(card.trend, trend_at):
        # A period without a figure stays empty: a text would be drawn as zero.
        if figure.value is not None:
            sheet.figure(index, figure, font_size=9)
    cells = xl_range_abs(sheet.row, trend_at, sheet.row, trend_at + len(card.trend) - 1)
    sheet.sheet.add_sparkline(
        sheet.row, after + 2,
        {"range": f"{quote_sheetname(sheet.name)}!{cells}", "series_color": ACCENT, "weight": 1.5,
         "last_point": True, "last_color": TONES[Tone.BAD], "show_hidden": True},
    )  # fmt: skip


def _chart(sheet: Sheet, chart: Chart) -> None:
    """A chart's figures, and the chart to their right."""
    sheet.band(chart.title)
    if chart.summary:
        sheet.paragraph(chart.summary, font_color=TONES[Tone.NEUTRAL])
    top, heads = sheet.row, chart_heads(chart)
    for index, name in enumerate(heads):
        sheet.text(index, name, **_HEAD, bottom=1, align="right" if index else "left")
    sheet.next_row()
    target = [chart.target] if chart.target else []
    for at, name in enumerate(chart.categories):
        sheet.text(0, name, **_CELL)
        for index, figure in enumerate([*(each.values[at] for each in chart.series), *target], 1):
            # A gap stays empty: a text would be drawn as zero.
            if figure.value is not None:
                sheet.figure(index, figure, **_CELL)
        sheet.next_row(LINE)
    sheet.row = max(sheet.row, top + _CHART_ROWS)
    wide = sum(sheet.widths[len(heads) :]) * _PIXELS - 24
    drawn = native_chart(sheet.book.workbook, chart, sheet.name, top)
    drawn.set_size({"width": min(wide, 900), "height": (sheet.row - top) * 22})
    sheet.sheet.insert_chart(
        top, len(heads), drawn,
        {"x_offset": 18, "y_offset": 2, "description": clean(chart.summary or chart.title)[:255]},
    )  # fmt: skip


def _heat_map(sheet: Sheet, heat: HeatMap) -> None:
    sheet.band(heat.title)
    if heat.summary:
        sheet.paragraph(heat.summary, font_color=TONES[Tone.NEUTRAL])
    sheet.head()
    for index, name in enumerate(("", *heat.columns)):
        sheet.text(index, name, **_HEAD, align="center", text_wrap=True)
    sheet.next_row()
    first = sheet.row
    for name, cells in zip(heat.rows, heat.cells, strict=True):
        sheet.text(0, name, **_HEAD, text_wrap=True)
        for index, figure in enumerate(cells, 1):
            sheet.figure(index, figure, align="center", font_size=9)
        sheet.next_row(LINE + 3)
    if heat.rows and heat.columns:
        sheet.sheet.conditional_format(
            first, 1, sheet.row - 1, len(heat.columns),
            {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": _SHADES[heat.tone]},
        )  # fmt: skip
