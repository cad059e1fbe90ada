"""The small line beside a headline figure."""

from collections.abc import Sequence

from assets.reports.content import Figure
from assets.reports.render.charts.palette import Palette
from assets.reports.render.charts.svg import element, picture

_WIDTH, _HEIGHT, _EDGE = 120, 30, 4.0


def sparkline_svg(figures: Sequence[Figure], palette: Palette, title: str = "走势") -> str:
    """A line of the last periods without axes: it shows the way, the figure beside it the height.

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
        step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
        run: list[str] = []
        runs = [run]
        dot = (0.0, 0.0)
        for index, value in enumerate(values):
            if value is None:
                run = []
                runs.append(run)
                continue
            share = (value - low) / (high - low) if high > low else 0.5
            dot = (_EDGE + step * index, _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share)
            run.append(f"{dot[0]:.1f},{dot[1]:.1f}")
        parts = [
            element("polyline", points=" ".join(each), fill="none", stroke=palette.faded_edge,
                    stroke_width=1.5, stroke_linejoin="round", stroke_linecap="round")
            for each in runs if each
        ]  # fmt: skip
        parts.append(element("circle", cx=dot[0], cy=dot[1], r=3, fill=palette.main))
    told = "、".join(figure.text for figure in figures)
    return picture(title, told, (_WIDTH, _HEIGHT), palette.font, parts)
