"""Which drawing a chart gets."""

from assets.reports.content import Chart
from assets.reports.render.charts.bars import bars
from assets.reports.render.charts.palette import Palette
from assets.reports.render.charts.upright import columns, line

_SHAPES = {"columns": columns, "line": line, "bars": bars}


def chart_svg(chart: Chart, palette: Palette) -> str:
    """A chart as one SVG element that stands alone.

    Args:
        chart: what to draw; labels are its figures' own texts.
        palette: `SCREEN` for a page with our style sheet, `PAPER` for anything else.
    """
    return _SHAPES[chart.shape](chart, palette)
