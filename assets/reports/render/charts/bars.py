"""Bars lying down: for names too long to stand under a column."""

from collections.abc import Iterable

from assets.reports.content import Chart, Series
from assets.reports.render.charts.palette import Palette
from assets.reports.render.charts.scale import Scale, scale
from assets.reports.render.charts.svg import SIZE, element, fitted, label, picture, wide
from assets.reports.render.clean import clean

_WIDTH, _NAMES, _GAP = 760, 216.0, 12.0


def bars(chart: Chart, palette: Palette) -> str:
    """Bars from zero, each with its value at its end; the series behind lies below, pale."""
    shown = [figure for series in chart.series for figure in series.values]
    target = [chart.target] if chart.target else []
    axis = scale([*shown, *target], from_zero=True)
    ordered = sorted(chart.series, key=lambda each: each.faded)
    left = min(max(map(wide, map(clean, chart.categories)), default=0), _NAMES) + 12
    values = max((wide(clean(figure.text, 24)) for figure in shown), default=0)
    right = _WIDTH - values - 10
    top = 4.0 + 20.0 * (len(ordered) > 1) + 20.0 * len(target)
    thick = 16.0 if len(ordered) == 1 else 12.0
    pitch = thick * len(ordered) + _GAP
    height = top + pitch * len(chart.categories) + 4
    zero = left + (right - left) * axis.share(0)
    parts = [
        label(fitted(name, _NAMES), left - 8, top + pitch * (index + 0.5), palette.text,
              text_anchor="end")
        for index, name in enumerate(chart.categories)
    ]  # fmt: skip
    for place, series in enumerate(ordered):
        y = top + _GAP / 2 + thick * place
        parts += _bars(series, palette, axis, (left, right), (y, pitch, thick))
    parts.append(
        element("line", x1=zero, x2=zero, y1=top, y2=height - 4, stroke=palette.axis,
                stroke_width=1)
    )  # fmt: skip
    if chart.target and chart.target.value is not None:
        x = left + (right - left) * axis.share(chart.target.value)
        parts.append(
            element("line", x1=x, x2=x, y1=top, y2=height - 4, stroke=palette.target,
                    stroke_width=1.25, stroke_dasharray="7 3 2 3")
        )  # fmt: skip
        parts.append(
            label(fitted(f"目标 {chart.target.text}", 120), x, top - 12, palette.target,
                  text_anchor="middle" if x < _WIDTH - 70 else "end")
        )  # fmt: skip
    if len(ordered) > 1:
        parts += _legend(ordered, palette)
    return picture(chart.title, chart.summary, (_WIDTH, height), palette.font, parts)


def _bars(
    series: Series, palette: Palette, axis: Scale, across: tuple[float, float],
    down: tuple[float, float, float],
) -> Iterable[str]:  # fmt: skip
    (left, right), (first, pitch, thick) = across, down
    zero = left + (right - left) * axis.share(0)
    fill = (
        {"fill": palette.faded, "stroke": palette.faded_edge, "stroke-width": "0.75"}
        if series.faded
        else {"fill": palette.main}
    )
    for index, figure in enumerate(series.values):
        y, text = first + pitch * index, clean(figure.text, 24)
        if figure.value is None:
            yield label(text, zero + 6, y + thick / 2, palette.muted)
            continue
        x = left + (right - left) * axis.share(figure.value)
        yield element(
            "rect", x=min(zero, x), y=y + 1, width=abs(x - zero), height=thick - 2, **fill
        )
        yield label(text, max(zero, x) + 6, y + thick / 2,
                    palette.muted if series.faded else palette.text,
                    font_weight=400 if series.faded else 600)  # fmt: skip


def _legend(ordered: list[Series], palette: Palette) -> Iterable[str]:
    x = 0.0
    for series in ordered:
        fill = palette.faded if series.faded else palette.main
        edge = palette.faded_edge if series.faded else palette.main
        yield element("rect", x=x + 0.5, y=5, width=12, height=10, fill=fill, stroke=edge)
        text = fitted(series.name, _NAMES)
        yield label(text, x + 18, 10, palette.text)
        x += 18 + wide(text) + SIZE * 1.5
