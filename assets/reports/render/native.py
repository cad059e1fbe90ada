"""Numbers and charts that Word and Excel draw themselves and that the office can go on editing.

Belongs here: how a number is shown, and what a chart looks like in both. Where its figures stand
is the caller's business: categories in the first column below `top`, a column for each series,
then the target.
"""

from dataclasses import replace

import xlsxwriter
from xlsxwriter.chart import Chart as Drawn

from assets.reports.content import Chart, Figure, Form, HeatMap
from assets.reports.render.clean import clean

# Each shows exactly the text of a figure of its form.
NUMBER_FORMATS = {
    Form.COUNT: "#,##0",
    Form.PLAIN: "0",
    Form.RATE: "0.00%",
    Form.MEAN: "0.00",
    Form.CHANGE: '▲0.0%;▼0.0%;"持平"',
    Form.POINTS: '▲0.00"个百分点";▼0.00"个百分点";"持平"',
}
_MAIN, _FADED, _SECOND, _TARGET = "#1F5FA8", "#C3CFDD", "#E08A1E", "#C00000"
_FONT = {"name": "微软雅黑", "size": 9, "color": "#404A55"}
_GRID = {"visible": True, "line": {"color": "#E3E7EC", "width": 0.75}}
_TYPES = {"columns": "column", "line": "line", "bars": "bar"}
_MOST_COLUMNS = 12  # of a heat map; more cannot be read across an A4 page
_MOST_LABELS = 10  # more would touch


def upright(heat: HeatMap) -> HeatMap:
    """A heat map that goes across a page: one with many columns is turned."""
    if len(heat.columns) <= max(_MOST_COLUMNS, len(heat.rows)):
        return heat
    turned = tuple(zip(*heat.cells, strict=True))
    return replace(heat, rows=heat.columns, columns=heat.rows, cells=turned)


def chart_heads(chart: Chart) -> list[str]:
    """Heads of the columns of a chart's figures."""
    target = [f"目标 {chart.target.text}"] if chart.target else []
    return ["", *(series.name for series in chart.series), *target]


def native_chart(
    book: xlsxwriter.Workbook, chart: Chart, sheet: str, top: int, scale: float = 1
) -> Drawn:
    """Make a chart of figures that stand in a sheet.

    Args:
        book: the workbook.
        chart: what it shows.
        sheet: name of the sheet.
        top: row of the heads of its figures.
        scale: of the letters.

    Returns:
        The chart, to be inserted.
    """
    font = _FONT | {"size": 9 * scale}
    drawn = book.add_chart({"type": _TYPES[chart.shape]})
    shown_form = next((v.form for s in chart.series for v in s.values), Form.COUNT)
    heads = chart_heads(chart)
    last = top + max(len(chart.categories), 1)
    for index, series in enumerate(chart.series, 1):
        colour = _FADED if series.faded else (_MAIN if index == 1 else _SECOND)
        drawn.add_series(
            {
                "name": [sheet, top, index],
                "categories": [sheet, top + 1, 0, last, 0],
                "values": [sheet, top + 1, index, last, index],
                **_look(chart, colour, faded=series.faded),
                **_labels(chart, series.values, font, faded=series.faded),
            }
        )
    if chart.target:
        line = book.add_chart({"type": "line"}) if chart.shape == "columns" else drawn
        line.add_series(
            {
                "name": [sheet, top, len(heads) - 1],
                "categories": [sheet, top + 1, 0, last, 0],
                "values": [sheet, top + 1, len(heads) - 1, last, len(heads) - 1],
                "line": {"color": _TARGET, "width": 1.5, "dash_type": "dash"},
                **({"fill": {"none": True}} if chart.shape == "bars" else {}),
            }
        )
        if line is not drawn:
            drawn.combine(line)
    _axes(drawn, chart, font, NUMBER_FORMATS[shown_form])
    many = len(chart.series) > 1 or chart.target
    drawn.set_legend({"position": "top", "font": font} if many else {"none": True})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    drawn.set_plotarea({"fill": {"none": True}})
    drawn.show_blanks_as("gap")
    return drawn


def _look(chart: Chart, colour: str, *, faded: bool) -> dict[str, object]:
    if chart.shape == "line":
        marker = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"none": True}}
        line = {"color": colour, "width": 1.75 if faded else 2.25}
        return {"line": line, "marker": {"type": "none"} if faded else marker}
    return {"fill": {"color": colour}, "gap": 45 if chart.shape == "bars" else 60, "overlap": -5}


def _labels(
    chart: Chart, values: tuple[Figure, ...], font: dict[str, object], *, faded: bool
) -> dict[str, object]:
    crowded = len(values) > _MOST_LABELS or (chart.shape == "columns" and len(chart.series) > 1)
    if faded or not values or (crowded and chart.shape != "bars"):
        return {}
    where = "above" if chart.shape == "line" else "outside_end"
    shown = NUMBER_FORMATS[values[0].form]
    return {"data_labels": {"value": True, "position": where, "num_format": shown, "font": font}}


def _axes(drawn: Drawn, chart: Chart, font: dict[str, object], shown: str) -> None:
    names = {"num_font": font, "line": {"color": "#9AA5B1"}, "major_tick_mark": "none"}
    amounts: dict[str, object] = {
        "num_font": font, "num_format": shown, "line": {"none": True}, "major_gridlines": _GRID,
        "major_tick_mark": "none",
    }  # fmt: skip
    if chart.shape == "bars":
        # Every bar carries its figure, so the axis would only repeat them.
        drawn.set_y_axis(names | {"reverse": True, "major_gridlines": {"visible": False}})
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(amounts | ({"min": 0} if chart.shape == "columns" else {}))
    # Marks of what it is, for readers that cannot see it.
    drawn.set_title({"none": True, "name": clean(chart.title)})
