"""Write SVG: colours, elements with escaped attributes, and how wide a text will be."""

from dataclasses import dataclass
from html import escape

from assets.reports.content import Series
from assets.reports.render.text import PARAGRAPH, clean

SIZE = 12  # of a label, in units of the drawing


@dataclass(frozen=True)
class Palette:
    """Colours and fonts of a chart, by what they are for.

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

    def fill(self, series: Series) -> dict[str, str]:
        """Attributes of the bars of a series; one that stands behind is pale and outlined."""
        if series.faded:
            return {"fill": self.faded, "stroke": self.faded_edge, "stroke-width": "0.75"}
        return {"fill": self.main}


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


def element(name: str, /, *inside: str, **attributes: str | float) -> str:
    """An element.

    Args:
        name: tag.
        inside: its content, already SVG.
        attributes: by name, _ standing for -; numbers are cut to two decimals.
    """
    listed = "".join(
        f' {key.replace("_", "-")}="{_written(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{listed}>{''.join(inside)}</{name}>" if inside else f"<{name}{listed}/>"


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def label(text: str, x: float, y: float, fill: str, **attributes: str | float) -> str:
    """A text with its middle at the height y."""
    return element("text", escape(text), x=x, y=y + SIZE * 0.36, fill=fill, **attributes)


def rule(
    across: tuple[float, float], down: tuple[float, float], stroke: str, *, target: bool = False
) -> str:
    """A straight line: of the grid, of an axis, or of the target."""
    look: dict[str, str | float] = {"stroke_width": 1}
    if target:
        look = {"stroke_width": 1.25, "stroke_dasharray": "7 3 2 3"}
    return element(
        "line", x1=across[0], x2=across[1], y1=down[0], y2=down[1], stroke=stroke,
        **look,
    )  # fmt: skip


def picture(
    title: str, summary: str, size: tuple[float, float], font: str, parts: list[str]
) -> str:
    """The whole drawing, with its name and what it shows for those who cannot see it."""
    return element(
        "svg",
        element("title", escape(clean(title))),
        element("desc", escape(clean(summary, PARAGRAPH))) if summary else "",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_written(size[0])} {_written(size[1])}",
        width=size[0],
        height=size[1],
        role="img",
        font_family=font,
        font_size=SIZE,
    )


def wide(text: str) -> float:
    """Width of a label: Chinese characters are as wide as high, others about half."""
    return sum(SIZE if ord(char) > 0x2E7F else SIZE * 0.58 for char in text)


def fitted(text: str, most: float) -> str:
    """A label cut to a width, with … where it was cut."""
    text = clean(text)
    return text if wide(text) <= most else text[: _end(text, most - SIZE)] + "…"


def broken(text: str, most: float, lines: int) -> list[str]:
    """A label in lines of a width; the last is cut with … where it does not fit."""
    rest = clean(text)
    found: list[str] = []
    while rest and len(found) < lines - 1 and wide(rest) > most:
        end = max(_end(rest, most), 1)
        found.append(rest[:end])
        rest = rest[end:]
    return [*found, fitted(rest, most)]


def _end(text: str, most: float) -> int:
    """How many characters fit into a width."""
    for index, char in enumerate(text):
        most -= wide(char)
        if most < 0:
            return index
    return len(text)
