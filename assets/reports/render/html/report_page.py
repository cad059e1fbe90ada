"""Place a report on a page."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assets.reports.content import Card, Chart, Figure, HeatMap, Report, Row, Stamp, Table
from assets.reports.render import face
from assets.reports.render.charts import SCREEN, chart_svg, sparkline_svg
from assets.reports.render.clean import clean
from assets.reports.render.html.web import environment, inline

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
    template = environment().get_template("report.html.j2")
    page = template.render(
        report=report,
        stamp=stamp,
        face=face,
        kind=lambda block: type(block).__name__,
        drawing=_drawing,
        spark=_spark,
        figures_in=_figures_in,
        longest=_longest,
        sortable=_sortable,
        shades=_shades,
        ends=_ends,
        **inline("base.css+report.css", "sort.js"),
    )
    return page.encode()


def _drawing(chart: Chart) -> Markup:
    # Its texts are escaped where they are placed.
    return Markup(chart_svg(chart, SCREEN))  # noqa: S704


def _spark(card: Card) -> Markup:
    drawing = sparkline_svg(card.trend, SCREEN, f"{clean(card.label)}走势")
    return Markup(drawing)  # noqa: S704


def _figures_in(table: Table) -> list[bool]:
    """Which columns hold figures: they stand to the right."""
    return [
        any(isinstance(row.cells[index], Figure) for row in table.rows)
        for index in range(len(table.columns))
    ]


def _longest(table: Table) -> list[float]:
    """For each column the value that a full data bar stands for; 0 where it has none."""
    return [
        max((_value(row, index) for row in table.rows if not row.total), default=0.0)
        if column.bar
        else 0.0
        for index, column in enumerate(table.columns)
    ]


def _value(row: Row, index: int) -> float:
    cell = row.cells[index]
    return float(cell.value) if isinstance(cell, Figure) and cell.value is not None else 0.0


def _sortable(table: Table) -> bool:
    """Whether rows may change places: not where totals stand between them."""
    totals = [row.total for row in table.rows]
    return totals == sorted(totals) and totals.count(False) > _FEW


def _shades(heat: HeatMap) -> list[list[int]]:
    """A step of colour for each cell; 0 where it has no value."""
    values = _present(heat)
    low, high = min(values, default=0.0), max(values, default=0.0)
    span = (high - low) or 1.0
    return [
        [
            0 if cell.value is None else 1 + round((_SHADES - 1) * (cell.value - low) / span)
            for cell in row
        ]
        for row in heat.cells
    ]


def _present(heat: HeatMap) -> list[float]:
    return [float(cell.value) for row in heat.cells for cell in row if cell.value is not None]


def _ends(heat: HeatMap) -> Sequence[Figure]:
    """The lowest and the highest figure, for the key of colours."""
    filled: Iterable[Figure] = (c for row in heat.cells for c in row if c.value is not None)
    ordered = sorted(filled, key=lambda figure: figure.value or 0)
    return (ordered[0], ordered[-1]) if ordered else ()
