"""A report as one HTML file that needs nothing else: no network, no fonts, no other file."""

from markupsafe import Markup

from assets.reports.content import Card, Chart, Figure, HeatMap, Report, Stamp, Table
from assets.reports.render import page_layout
from assets.reports.render.charts import SCREEN, chart_svg, sparkline_svg
from assets.reports.render.html.pages import render_page
from assets.reports.render.text import clean

_SHADES = 9
_FEW = 3  # rows: fewer need no sorting


def render_html(report: Report, stamp: Stamp) -> bytes:
    """One self-contained page.

    Args:
        report: what to place.
        stamp: its issue.

    Returns:
        UTF-8; the same bytes for the same arguments.
    """
    return render_page(
        "report.html.j2",
        "report.css",
        "sort.js",
        report=report,
        stamp=stamp,
        layout=page_layout,
        kind=lambda block: type(block).__name__,
        drawing=_drawing,
        spark=_spark,
        longest=_longest,
        sortable=_sortable,
        shades=_shades,
        ends=_ends,
    )


def _drawing(chart: Chart) -> Markup:
    # Its texts are escaped where they are placed.
    return Markup(chart_svg(chart, SCREEN))  # noqa: S704


def _spark(card: Card) -> Markup:
    drawing = sparkline_svg(card.trend, SCREEN, f"{clean(card.label)}走势")
    return Markup(drawing)  # noqa: S704


def _longest(table: Table) -> list[float]:
    """For each column the value that a full data bar stands for; 0 where it has none."""
    found = [0.0] * len(table.columns)
    for row in table.rows:
        for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            if column.bar and not row.total and isinstance(cell, Figure):
                found[index] = max(found[index], float(cell.value or 0))
    return found


def _sortable(table: Table) -> bool:
    """Whether rows may change places: not where totals stand between them."""
    totals = [row.total for row in table.rows]
    return totals == sorted(totals) and totals.count(False) > _FEW


def _shades(heat: HeatMap) -> list[list[int]]:
    """A step of colour for each cell; 0 where it has no value."""
    return [
        [0 if shade is None else 1 + round((_SHADES - 1) * shade) for shade in row]
        for row in page_layout.shades(heat, uniform=0.0)
    ]


def _ends(heat: HeatMap) -> list[Figure]:
    """The lowest and the highest figure, for the key of colours."""
    filled = [cell for row in heat.cells for cell in row if cell.value is not None]
    ordered = sorted(filled, key=lambda figure: figure.value or 0)
    return [ordered[0], ordered[-1]] if ordered else []
