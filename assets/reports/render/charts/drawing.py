"""Draw the charts of a report: columns, lines, bars lying down, and the line beside a figure."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assets.reports.content import Chart, Figure, Series
from assets.reports.render.charts.scale import Scale, chart_scale
from assets.reports.render.charts.svg import (
    SIZE,
    Palette,
    broken,
    element,
    fitted,
    label,
    picture,
    rule,
    wide,
)
from assets.reports.render.text import FIGURE, clean

_WIDTH, _TOP, _DEEP, _LINE = 760, 34, 200, 16  # of a chart, and of its plot
_END = 92.0  # room for a name at the end of a line
_NAME, _GAP = 216.0, 12.0  # of bars lying down
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 120, 30, 4.0
_MONTH = re.compile(r"(\d{4}年)(\d{1,2}月(?:\d{1,2}日)?)")
Point = tuple[float, float]


def chart_svg(chart: Chart, palette: Palette) -> str:
    """A chart as one SVG element that stands alone.

    Args:
        chart: what to draw; labels are its figures' own texts.
        palette: `SCREEN` for a page with our style sheet, `PAPER` for anything else.
    """
    match chart.shape:
        case "columns":
            parts, height = _columns_chart(chart, palette)
        case "line":
            parts, height = _line_chart(chart, palette)
        case "bars":
            parts, height = _bars_chart(chart, palette)
    return picture(chart.title, chart.summary, (_WIDTH, height), palette.font, parts)


@dataclass(frozen=True)
class _Plot:
    """Where the plot of a chart is: its axis, its edges, and the width of a category."""

    scale: Scale
    left: float
    right: float
    slot: float

    def x(self, index: int) -> float:
        """Middle of a category."""
        return self.left + self.slot * (index + 0.5)

    def y(self, value: float) -> float:
        """Height of a value."""
        return _TOP + _DEEP * (1 - self.scale.share(value))

    def point(self, index: int, value: float) -> Point:
        """Where a value of a line stands."""
        return self.x(index), self.y(value)


def _plot(chart: Chart, margin: float) -> _Plot:
    """The plot of a chart, with a margin on the right for labels."""
    scale = chart_scale(chart)
    left = max(wide(text) for _, text in scale.ticks) + 12
    right = _WIDTH - margin
    return _Plot(scale, left, right, (right - left) / max(len(chart.categories), 1))


def _columns_chart(chart: Chart, palette: Palette) -> tuple[list[str], float]:
    """Columns from zero; the series behind stands to the left, pale and outlined."""
    plot = _plot(chart, _END if chart.target else 4)
    ordered = sorted(chart.series, key=lambda each: not each.faded)
    parts = _grid(plot, palette)
    broad = min(plot.slot * 0.72, 22.0 * len(ordered) + 12) / len(ordered)
    for place, series in enumerate(ordered):
        shift = broad * (place - (len(ordered) - 1) / 2)
        parts += _columns(series, plot, palette, shift, broad)
        if not series.faded:
            parts += _values(series, plot, palette, shift)
    parts += _ends(chart, plot, palette, [])
    if len(ordered) > 1:
        parts += _column_legend(ordered, palette)
    below, height = _names(chart, plot, palette)
    return parts + below, height


def _columns(
    series: Series, plot: _Plot, palette: Palette, shift: float, broad: float
) -> Iterable[str]:
    zero = plot.y(0)
    for index, figure in enumerate(series.values):
        x = plot.x(index) + shift
        if figure.value is not None:
            y = plot.y(figure.value)
            yield element("rect", x=x - broad / 2 + 0.5, y=min(y, zero), width=broad - 1,
                          height=abs(zero - y), **palette.fill(series))  # fmt: skip
        elif not series.faded:
            yield label(figure.text, x, zero - 8, palette.muted, text_anchor="middle")


def _column_legend(ordered: list[Series], palette: Palette) -> Iterable[str]:
    x = float(_WIDTH)
    for series in reversed(ordered):
        text = fitted(series.name, _WIDTH / 4)
        x -= wide(text)
        yield label(text, x, 8, palette.text)
        x -= 18
        yield element("rect", x=x, y=3, width=12, height=10, **palette.fill(series))
        x -= 16


def _line_chart(chart: Chart, palette: Palette) -> tuple[list[str], float]:
    """Lines; the axis may start above zero and says so. A missing value is a gap."""
    plot = _plot(chart, _END if chart.target or len(chart.series) > 1 else 16)
    parts, ends = _grid(plot, palette), []
    for series in sorted(chart.series, key=lambda each: not each.faded):
        colour = palette.faded_edge if series.faded else palette.main
        dash = {"stroke-dasharray": "5 4"} if series.faded else {}
        runs = _runs((figure.value for figure in series.values), plot.point)
        parts += [
            element("polyline", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in run), fill="none",
                    stroke=colour, stroke_width=1.5 if series.faded else 2.25,
                    stroke_linejoin="round", **dash)
            for run in runs if len(run) > 1
        ]  # fmt: skip
        points = [point for run in runs for point in run]
        parts += [
            element("circle", cx=x, cy=y, r=3.0, stroke_width=1.5, stroke=colour,
                    fill=palette.ground if series.faded else colour)
            for x, y in points
        ]  # fmt: skip
        if points and len(chart.series) > 1:
            ends.append((points[-1][1], clean(series.name), colour))
    parts += _ends(chart, plot, palette, ends)
    for series in chart.series:
        if not series.faded:
            parts += _values(series, plot, palette, 0)
    below, height = _names(chart, plot, palette)
    return parts + below, height


def _runs(
    values: Iterable[float | None], place: Callable[[int, float], Point]
) -> list[list[Point]]:
    """The points of a line, in runs between its gaps."""
    found: list[list[Point]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append(place(index, value))
    return [run for run in found if run]


def _grid(plot: _Plot, palette: Palette) -> list[str]:
    """Grid lines and ticks, and in words that the axis does not start at zero."""
    parts = []
    for value, text in plot.scale.ticks:
        y, base = plot.y(value), value == max(plot.scale.low, 0)
        stroke = palette.axis if base else palette.grid
        parts.append(rule((plot.left, plot.right), (y, y), stroke))
        parts.append(label(text, plot.left - 8, y, palette.muted, text_anchor="end"))
    if plot.scale.low > 0:
        parts.append(label(f"纵轴自 {plot.scale.ticks[0][1]} 起", 0, 8, palette.muted))
    return parts


def _values(series: Series, plot: _Plot, palette: Palette, shift: float) -> Iterable[str]:
    """Labels of values: all where they fit, else the highest, the lowest and the last."""
    values = [figure.value for figure in series.values]
    present = [(value, index) for index, value in enumerate(values) if value is not None]
    if not present:
        return
    texts = [clean(figure.text, FIGURE) for figure in series.values]
    all_fit = max(wide(texts[index]) for _, index in present) + 4 <= plot.slot
    last = present[-1][1]
    few = {max(present)[1], min(present)[1], last}
    for value, index in present:
        if not all_fit and index not in few:
            continue
        near = [
            v for v in (values[index - 1 : index] + values[index + 1 : index + 2]) if v is not None
        ]
        valley = plot.scale.low > 0 and near and value < min(near)
        y = plot.y(value) + (14 if valley or value < 0 else -11)
        yield label(
            texts[index], plot.x(index) + shift, y, palette.text, text_anchor="middle",
            stroke=palette.ground, stroke_width=3, paint_order="stroke", stroke_linejoin="round",
            font_weight=700 if index == last else 400,
        )  # fmt: skip


def _ends(
    chart: Chart, plot: _Plot, palette: Palette, ends: list[tuple[float, str, str]]
) -> Iterable[str]:
    """The line of the target, and names at the right end, moved apart."""
    if chart.target and chart.target.value is not None:
        y = plot.y(chart.target.value)
        yield rule((plot.left, plot.right), (y, y), palette.target, target=True)
        ends = [*ends, (y, f"目标 {chart.target.text}", palette.target)]
    lowest = float(_TOP - SIZE)
    apart = []
    for y, text, colour in sorted(ends):
        lowest = max(y, lowest + SIZE + 3)
        apart.append((lowest, text, colour))
    over = max(lowest - (_TOP + _DEEP), 0)
    for y, text, colour in apart:
        yield label(fitted(text, _END - 8), plot.right + 6, y - over, colour)


def _names(chart: Chart, plot: _Plot, palette: Palette) -> tuple[list[str], float]:
    """The names under the axis, and the height of the drawing with them."""
    lines = _name_lines(chart.categories, plot.slot - 4)
    parts = [
        label(text, plot.x(index), _TOP + _DEEP + 16 + _LINE * row, palette.muted,
              text_anchor="middle")
        for index, each in enumerate(lines)
        for row, text in enumerate(each)
        if text
    ]  # fmt: skip
    return parts, _TOP + _DEEP + 12 + _LINE * max((len(each) for each in lines), default=0)


def _name_lines(categories: tuple[str, ...], room: float) -> list[list[str]]:
    """The lines under each category; months share the line of their year."""
    texts = [clean(each) for each in categories]
    years: list[list[str]] = [[] for _ in texts]
    months = [found.groups() for each in texts if (found := _MONTH.fullmatch(each))]
    if len(months) == len(texts):
        texts = [month for _, month in months]
        before = ["", *(year for year, _ in months)]
        years = [
            [year if year != was else ""] for was, (year, _) in zip(before, months, strict=False)
        ]
    if room >= SIZE * 3:
        return [[*broken(text, room, 3), *year] for text, year in zip(texts, years, strict=True)]
    # Too narrow to break a name: every second, third, … is named, as on a ruler.
    widest = max((wide(each) for each in texts), default=0)
    every = max(1, math.ceil((widest + 6) / (room + 4)))
    texts = [each if index % every == 0 else "" for index, each in enumerate(texts)]
    return [[text, *year] for text, year in zip(texts, years, strict=True)]


def _bars_chart(chart: Chart, palette: Palette) -> tuple[list[str], float]:
    """Bars from zero, each with its value at its end; the series behind lies below, pale."""
    axis = chart_scale(chart)
    ordered = sorted(chart.series, key=lambda each: each.faded)
    texts = [clean(figure.text, FIGURE) for series in ordered for figure in series.values]
    left = min(max(map(wide, map(clean, chart.categories)), default=0), _NAME) + 12
    right = _WIDTH - max(map(wide, texts), default=0) - 10

    def x(value: float) -> float:
        return left + (right - left) * axis.share(value)

    top = 4.0 + 20.0 * (len(ordered) > 1) + 20.0 * (chart.target is not None)
    thick = 16.0 if len(ordered) == 1 else 12.0
    pitch = thick * len(ordered) + _GAP
    down = top, top + pitch * len(chart.categories)
    parts = [
        label(fitted(name, _NAME), left - 8, top + pitch * (index + 0.5), palette.text,
              text_anchor="end")
        for index, name in enumerate(chart.categories)
    ]  # fmt: skip
    for place, series in enumerate(ordered):
        for index, figure in enumerate(series.values):
            y = top + _GAP / 2 + thick * place + pitch * index
            parts += _bar(figure, series, palette, x, (y, thick))
    parts.append(rule((x(0), x(0)), down, palette.axis))
    if chart.target and chart.target.value is not None:
        at = x(chart.target.value)
        parts.append(rule((at, at), down, palette.target, target=True))
        parts.append(
            label(fitted(f"目标 {chart.target.text}", 120), at, top - 12, palette.target,
                  text_anchor="middle" if at < _WIDTH - 70 else "end")
        )  # fmt: skip
    if len(ordered) > 1:
        parts += _bar_legend(ordered, palette)
    return parts, down[1] + 4


def _bar(
    figure: Figure, series: Series, palette: Palette, x: Callable[[float], float],
    down: tuple[float, float],
) -> Iterable[str]:  # fmt: skip
    y, thick = down
    zero, middle, text = x(0), y + thick / 2, clean(figure.text, FIGURE)
    if figure.value is None:
        yield label(text, zero + 6, middle, palette.muted)
        return
    end = x(figure.value)
    yield element("rect", x=min(zero, end), y=y + 1, width=abs(end - zero), height=thick - 2,
                  **palette.fill(series))  # fmt: skip
    ink, weight = (palette.muted, 400) if series.faded else (palette.text, 600)
    yield label(text, max(zero, end) + 6, middle, ink, font_weight=weight)


def _bar_legend(ordered: list[Series], palette: Palette) -> Iterable[str]:
    x = 0.0
    for series in ordered:
        fill = palette.faded if series.faded else palette.main
        edge = palette.faded_edge if series.faded else palette.main
        yield element("rect", x=x + 0.5, y=5, width=12, height=10, fill=fill, stroke=edge)
        text = fitted(series.name, _NAME)
        yield label(text, x + 18, 10, palette.text)
        x += 18 + wide(text) + SIZE * 1.5


def sparkline_svg(figures: Sequence[Figure], palette: Palette, title: str = "走势") -> str:
    """A line of the last periods without axes: it shows the trend, the figure the level.

    Args:
        figures: oldest first; one without a value is a gap.
        palette: colours.
        title: its name for those who cannot see it; the figures follow it as its description.
    """
    values = [figure.value for figure in figures]
    present = [value for value in values if value is not None]
    parts: list[str] = []
    if len(present) > 1:
        low, high = min(present), max(present)
        step = (_SPARK_WIDTH - 2 * _SPARK_EDGE) / (len(values) - 1)

        def place(index: int, value: float) -> Point:
            share = (value - low) / (high - low) if high > low else 0.5
            deep = _SPARK_HEIGHT - 2 * _SPARK_EDGE
            return _SPARK_EDGE + step * index, _SPARK_HEIGHT - _SPARK_EDGE - deep * share

        runs = _runs(values, place)
        x, y = runs[-1][-1]
        parts = [
            element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in run), fill="none",
                    stroke=palette.faded_edge, stroke_width=1.5, stroke_linejoin="round",
                    stroke_linecap="round")
            for run in runs
        ]  # fmt: skip
        parts.append(element("circle", cx=x, cy=y, r=3, fill=palette.main))
    described = "、".join(figure.text for figure in figures)
    return picture(title, described, (_SPARK_WIDTH, _SPARK_HEIGHT), palette.font, parts)
