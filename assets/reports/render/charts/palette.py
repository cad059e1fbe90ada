"""Colours and fonts of a chart, by what they are for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """What the ink of a chart is.

    Each pair that stands together differs in lightness too, so that a black-and-white copy reads.

    Attributes:
        font: font families, as CSS writes them.
        text: labels of values.
        muted: ticks, categories, axis titles.
        grid: grid lines.
        axis: the line that values start from.
        main: the series.
        faded: fill of the series behind.
        faded_edge: its outline, or its line.
        target: line and label of the target.
        ground: what the chart stands on.
    """

    font: str
    text: str
    muted: str
    grid: str
    axis: str
    main: str
    faded: str
    faded_edge: str
    target: str
    ground: str


# Custom properties of the page's style sheet, so that one SVG serves light and dark.
SCREEN = Palette(
    font="inherit",
    text="var(--ink)",
    muted="var(--muted)",
    grid="var(--grid)",
    axis="var(--axis)",
    main="var(--main)",
    faded="var(--faded)",
    faded_edge="var(--faded-edge)",
    target="var(--red)",
    ground="var(--paper)",
)
PAPER = Palette(
    font="Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif",
    text="#1d2129",
    muted="#5b6370",
    grid="#e6e8eb",
    axis="#8a919c",
    main="#1f4e79",
    faded="#d5dde6",
    faded_edge="#8fa3b8",
    target="#b3161b",
    ground="#ffffff",
)
