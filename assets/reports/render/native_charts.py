"""Numbers and charts that Word and Excel draw themselves and that the office can go on editing.

How a number is shown, and what a chart looks like in both. Where its figures stand is the caller's
business: categories in the first column below `top`, a column for each series, then the target.
"""

import xlsxwriter
from xlsxwriter.chart import Chart as Drawn

from assets.reports.content import Chart, Form, Series
from assets.reports.render.text import clean

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
_MOST_LABELS = 10  # more would touch


def native_chart(book: xlsxwriter.Workbook, chart: Chart, sheet: str, top: int) -> Drawn:
    """Make a chart of figures that stand in a sheet.

    Args:
        book: the workbook.
        chart: what it shows.
        sheet: name of the sheet.
        top: row of the heads of its figures.

    Returns:
        The chart, to be inserted.
    """
    drawn = book.add_chart({"type": _TYPES[chart.shape]})
    last = top + max(len(chart.categories), 1)

    def column(index: int) -> dict[str, object]:
        return {
            "name": [sheet, top, index],
            "categories": [sheet, top + 1, 0, last, 0],
            "values": [sheet, top + 1, index, last, index],
        }

    for index, series in enumerate(chart.series, 1):
        colour = _FADED if series.faded else (_MAIN if index == 1 else _SECOND)
        look = _look(chart, colour, faded=series.faded)
        drawn.add_series(column(index) | look | _labels(chart, series))
    if chart.target:
        line = book.add_chart({"type": "line"}) if chart.shape == "columns" else drawn
        look = {"line": {"color": _TARGET, "width": 1.5, "dash_type": "dash"}}
        no_fill = {"fill": {"none": True}} if chart.shape == "bars" else {}
        line.add_series(column(len(chart.series) + 1) | look | no_fill)
        if line is not drawn:
            drawn.combine(line)
    _axes(drawn, chart)
    many = len(chart.series) > 1 or chart.target
    drawn.set_legend({"position": "top", "font": _FONT} if many else {"none": True})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    drawn.set_plotarea({"fill": {"none": True}})
    drawn.show_blanks_as("gap")
    # Marks of what it is, for readers that cannot see it.
    drawn.set_title({"none": True, "name": clean(chart.title)})
    return drawn


def _look(chart: Chart, colour: str, *, faded: bool) -> dict[str, object]:
    if chart.shape == "line":
        marker = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"none": True}}
        line = {"color": colour, "width": 1.75 if faded else 2.25}
        return {"line": line, "marker": {"type": "none"} if faded else marker}
    return {"fill": {"color": colour}, "gap": 45 if chart.shape == "bars" else 60, "overlap": -5}


def _labels(chart: Chart, series: Series) -> dict[str, object]:
    values = series.values
    crowded = len(values) > _MOST_LABELS or (chart.shape == "columns" and len(chart.series) > 1)
    if series.faded or not values or (crowded and chart.shape != "bars"):
        return {}
    where = "above" if chart.shape == "line" else "outside_end"
    shown = NUMBER_FORMATS[values[0].form]
    return {"data_labels": {"value": True, "position": where, "num_format": shown, "font": _FONT}}


def _axes(drawn: Drawn, chart: Chart) -> None:
    names = {"num_font": _FONT, "line": {"color": "#9AA5B1"}, "major_tick_mark": "none"}
    if chart.shape == "bars":
        # Every bar carries its figure, so the axis would only repeat them.
        drawn.set_y_axis(names | {"reverse": True, "major_gridlines": {"visible": False}})
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        return
    form = next((figure.form for each in chart.series for figure in each.values), Form.COUNT)
    amounts = {
        "num_font": _FONT, "num_format": NUMBER_FORMATS[form], "line": {"none": True},
        "major_gridlines": _GRID, "major_tick_mark": "none",
    }  # fmt: skip
    drawn.set_x_axis(names)
    drawn.set_y_axis(amounts | ({"min": 0} if chart.shape == "columns" else {}))
