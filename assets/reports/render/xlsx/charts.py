"""Charts in a sheet: the figures at the left, the chart beside them.

Belongs here: where a chart stands in a sheet. What it looks like is in `render.native`.
"""

from assets.reports.content import Chart, Tone
from assets.reports.render.clean import clean
from assets.reports.render.native import chart_heads, native_chart
from assets.reports.render.xlsx.book import HAIR, HEAD_FILL, TONES
from assets.reports.render.xlsx.sheet import LINE, Sheet, width

_FEWEST_ROWS = 15
_WIDEST, _NARROWEST, _PIXELS = 26, 12, 7.1  # characters; pixels of a character


def chart_widths(chart: Chart) -> list[float]:
    """Widths of the columns of a chart's figures."""
    names = max((width(clean(name)) + 2 for name in chart.categories), default=0)
    heads = [width(clean(name)) + 2 for name in chart_heads(chart)[1:]]
    first = min(max(names, _NARROWEST), _WIDEST)
    return [first, *(min(max(head, _NARROWEST), _WIDEST) for head in heads)]


def place_chart(sheet: Sheet, chart: Chart) -> None:
    """Write a chart's figures, and the chart to their right."""
    sheet.band(chart.title)
    if chart.summary:
        sheet.paragraph(chart.summary, font_color=TONES[Tone.NEUTRAL])
    top = sheet.row
    heads = chart_heads(chart)
    for index, name in enumerate(heads):
        look = {"align": "right"} if index else {"align": "left"}
        sheet.text(index, name, sheet.book.format(bold=True, bg_color=HEAD_FILL, bottom=1, **look))
    sheet.row += 1
    cell = {"bottom": 1, "bottom_color": HAIR}
    for at, name in enumerate(chart.categories):
        sheet.text(0, name, sheet.book.format(**cell))
        columns = [series.values[at] for series in chart.series]
        for index, figure in enumerate([*columns, *([chart.target] if chart.target else [])], 1):
            # A gap stays empty: a text would be drawn as zero.
            if figure.value is not None:
                sheet.figure(index, figure, **cell)
        sheet.sheet.set_row(sheet.row, LINE)
        sheet.row += 1
    first = len(heads)
    sheet.row = max(sheet.row, top + _FEWEST_ROWS)
    wide = sum(sheet.widths[first:]) * _PIXELS - 24
    drawn = native_chart(sheet.book.workbook, chart, sheet.name, top)
    drawn.set_size({"width": min(wide, 900), "height": (sheet.row - top) * 22})
    sheet.sheet.insert_chart(
        top, first, drawn,
        {"x_offset": 18, "y_offset": 2, "description": clean(chart.summary or chart.title)[:255]},
    )  # fmt: skip
