"""The frame of an upright chart: where the plot is, its ticks, and the names under its axis."""

import math
import re
from dataclasses import dataclass

from assets.reports.content import Chart
from assets.reports.render.charts.palette import Palette
from assets.reports.render.charts.scale import Scale
from assets.reports.render.charts.svg import SIZE, broken, element, label, wide
from assets.reports.render.clean import clean

WIDTH, TOP, DEEP, LINE = 760, 34, 200, 16
_MONTH = re.compile(r"(\d{4}年)(\d{1,2}月(?:\d{1,2}日)?)")


@dataclass(frozen=True)
class Frame:
    """Where the plot of an upright chart is.

    Attributes:
        scale: axis of values.
        left: left edge of the plot.
        right: right edge of the plot.
        slots: number of categories.
    """

    scale: Scale
    left: float
    right: float
    slots: int

    @property
    def slot(self) -> float:
        """Width of a category."""
        return (self.right - self.left) / max(self.slots, 1)

    def x(self, index: int) -> float:
        """Middle of a category."""
        return self.left + self.slot * (index + 0.5)

    def y(self, value: float) -> float:
        """Height of a value."""
        return TOP + DEEP * (1 - self.scale.share(value))


def frame(chart: Chart, scale: Scale, margin: float) -> Frame:
    """The frame of a chart, with a margin on the right for labels."""
    left = max(wide(text) for _, text in scale.ticks) + 12
    return Frame(scale, left, WIDTH - margin, len(chart.categories))


def grid(frame: Frame, palette: Palette) -> list[str]:
    """Grid lines and ticks, and in words that the axis does not start at zero."""
    parts = []
    for value, text in frame.scale.ticks:
        y, base = frame.y(value), value == max(frame.scale.low, 0)
        parts.append(
            element("line", x1=frame.left, x2=frame.right, y1=y, y2=y,
                    stroke=palette.axis if base else palette.grid, stroke_width=1)
        )  # fmt: skip
        parts.append(label(text, frame.left - 8, y, palette.muted, text_anchor="end"))
    if frame.scale.low > 0:
        first = frame.scale.ticks[0][1]
        parts.append(label(f"纵轴自 {first} 起", 0, 8, palette.muted))
    return parts


def names(chart: Chart, frame: Frame, palette: Palette) -> tuple[list[str], float]:
    """The names under the axis, and the height of the drawing with them."""
    lines = _lines(chart.categories, frame.slot - 4)
    parts = [
        label(text, frame.x(index), TOP + DEEP + 16 + LINE * row, palette.muted,
              text_anchor="middle")
        for index, each in enumerate(lines)
        for row, text in enumerate(each)
        if text
    ]  # fmt: skip
    return parts, TOP + DEEP + 12 + LINE * max((len(each) for each in lines), default=0)


def _lines(categories: tuple[str, ...], room: float) -> list[list[str]]:
    """The lines under each category; months share the line of their year."""
    texts = [clean(each) for each in categories]
    months = [_MONTH.fullmatch(each) for each in texts]
    years: list[list[str]] = [[] for _ in texts]
    if texts and all(months):
        pairs = [(each[1], each[2]) for each in months if each]
        texts = [month for _, month in pairs]
        years = [
            [year if index == 0 or pairs[index - 1][0] != year else ""]
            for index, (year, _) in enumerate(pairs)
        ]
    if room < SIZE * 3:
        # Too narrow to break a name: every second, third, … is named, as on a ruler.
        widest = max((wide(each) for each in texts), default=0)
        every = max(1, math.ceil((widest + 6) / (room + 4)))
        texts = [each if index % every == 0 else "" for index, each in enumerate(texts)]
        return [[text, *year] for text, year in zip(texts, years, strict=True)]
    return [[*broken(text, room, 3), *year] for text, year in zip(texts, years, strict=True)]
