"""Columns and lines: values upward, categories along the axis."""

from collections.abc import Iterable

from assets.reports.content import Chart, Figure, Series
from assets.reports.render.charts.frame import DEEP, TOP, WIDTH, Frame, frame, grid, names
from assets.reports.render.charts.palette import Palette
from assets.reports.render.charts.scale import scale
from assets.reports.render.charts.svg import SIZE, element, fitted, label, picture, wide
from assets.reports.render.clean import clean

_END = 92.0  # room for a name at the end of a line


def columns(chart: Chart, palette: Palette) -> str:
    """Columns from zero; the series behind stands to the left, pale and outlined."""
    shown = _figures(chart)
    at = frame(chart, scale(shown, from_zero=True), _END if chart.target else 4)
    ordered = sorted(chart.series, key=lambda each: not each.faded)
    parts = grid(at, palette)
    broad = min(at.slot * 0.72, 22.0 * len(ordered) + 12) / len(ordered)
    for place, series in enumerate(ordered):
        shift = broad * (place - (len(ordered) - 1) / 2)
        parts += _columns(series, at, palette, shift, broad)
        if not series.faded:
            parts += _values(series, at, palette, shift)
    parts += _target(chart, at, palette, [])
    if len(ordered) > 1:
        parts += _legend(ordered, palette)
    below, height = names(chart, at, palette)
    return picture(chart.title, chart.summary, (WIDTH, height), palette.font, parts + below)


def _columns(
    series: Series, at: Frame, palette: Palette, shift: float, broad: float
) -> Iterable[str]:
    zero = at.y(0)
    for index, figure in enumerate(series.values):
        x = at.x(index) + shift
        if figure.value is None:
            if not series.faded:
                yield label(figure.text, x, zero - 8, palette.muted, text_anchor="middle")
            continue
        y = at.y(figure.value)
        yield element("rect", x=x - broad / 2 + 0.5, y=min(y, zero), width=broad - 1,
                      height=abs(zero - y), **_fill(series, palette))  # fmt: skip


def _fill(series: Series, palette: Palette) -> dict[str, str]:
    if series.faded:
        return {"fill": palette.faded, "stroke": palette.faded_edge, "stroke-width": "0.75"}
    return {"fill": palette.main}


def line(chart: Chart, palette: Palette) -> str:
    """Lines; the axis may start above zero and says so. A missing value is a gap."""
    at = frame(
        chart,
        scale(_figures(chart), from_zero=False),
        _END if chart.target or len(chart.series) > 1 else 16,
    )
    parts, ends = grid(at, palette), []
    for series in sorted(chart.series, key=lambda each: not each.faded):
        colour = palette.faded_edge if series.faded else palette.main
        dash = {"stroke-dasharray": "5 4"} if series.faded else {}
        parts += [
            element("polyline", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in run), fill="none",
                    stroke=colour, stroke_width=1.5 if series.faded else 2.25,
                    stroke_linejoin="round", **dash)
            for run in runs(series.values, at) if len(run) > 1
        ]  # fmt: skip
        points = [point for run in runs(series.values, at) for point in run]
        parts += [
            element("circle", cx=x, cy=y, r=3.0, stroke_width=1.5, stroke=colour,
                    fill=palette.ground if series.faded else colour)
            for x, y in points
        ]  # fmt: skip
        if points and len(chart.series) > 1:
            ends.append((points[-1][1], clean(series.name), colour))
    below, height = names(chart, at, palette)
    parts += _target(chart, at, palette, ends)
    for series in chart.series:
        if not series.faded:
            parts += _values(series, at, palette, 0)
    return picture(chart.title, chart.summary, (WIDTH, height), palette.font, parts + below)


def runs(values: tuple[Figure, ...], at: Frame) -> list[list[tuple[float, float]]]:
    """The points of a line, in runs between its gaps."""
    found: list[list[tuple[float, float]]] = [[]]
    for index, figure in enumerate(values):
        if figure.value is None:
            found.append([])
        else:
            found[-1].append((at.x(index), at.y(figure.value)))
    return [run for run in found if run]


def _figures(chart: Chart) -> list[Figure]:
    target = [chart.target] if chart.target else []
    return [figure for series in chart.series for figure in series.values] + target


def _values(series: Series, at: Frame, palette: Palette, shift: float) -> Iterable[str]:
    """Labels of values: all where they fit, else the highest, the lowest and the last."""
    values = [figure.value for figure in series.values]
    present = [(value, index) for index, value in enumerate(values) if value is not None]
    if not present:
        return
    widest = max(wide(clean(series.values[index].text, 24)) for _, index in present)
    last = present[-1][1]
    few = {max(present)[1], min(present)[1], last}
    for value, index in present:
        if widest + 4 > at.slot and index not in few:
            continue
        near = [
            v for v in (values[index - 1 : index] + values[index + 1 : index + 2]) if v is not None
        ]
        hollow = at.scale.low > 0 and near and value < min(near)
        y = at.y(value) + (14 if hollow or value < 0 else -11)
        yield label(
            clean(series.values[index].text, 24), at.x(index) + shift, y, palette.text,
            text_anchor="middle", stroke=palette.ground, stroke_width=3, paint_order="stroke",
            stroke_linejoin="round", font_weight=700 if index == last else 400,
        )  # fmt: skip


def _target(
    chart: Chart, at: Frame, palette: Palette, ends: list[tuple[float, str, str]]
) -> Iterable[str]:
    """The line of the target, and names at the right end, moved apart."""
    if chart.target and chart.target.value is not None:
        y = at.y(chart.target.value)
        yield element("line", x1=at.left, x2=at.right, y1=y, y2=y, stroke=palette.target,
                      stroke_width=1.25, stroke_dasharray="7 3 2 3")  # fmt: skip
        ends = [*ends, (y, f"目标 {chart.target.text}", palette.target)]
    lowest = float(TOP - SIZE)
    apart = []
    for y, text, colour in sorted(ends):
        lowest = max(y, lowest + SIZE + 3)
        apart.append((lowest, text, colour))
    over = max((y for y, _, _ in apart), default=0) - (TOP + DEEP)
    for y, text, colour in apart:
        yield label(fitted(text, _END - 8), at.right + 6, y - max(over, 0), colour)


def _legend(ordered: list[Series], palette: Palette) -> Iterable[str]:
    x = float(WIDTH)
    for series in reversed(ordered):
        text = fitted(series.name, WIDTH / 4)
        x -= wide(text)
        yield label(text, x, 8, palette.text)
        x -= 18
        yield element("rect", x=x, y=3, width=12, height=10, **_fill(series, palette))
        x -= 16
