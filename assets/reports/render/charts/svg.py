"""Write SVG: elements with escaped attributes, and how wide a text will be.

Belongs here: what every shape of chart needs from the page, and nothing about charts.
"""

from html import escape

from assets.reports.render.clean import PARAGRAPH, clean

SIZE = 12  # of a label, in units of the drawing


def element(name: str, /, *inside: str, **attributes: str | float) -> str:
    """An element.

    Args:
        name: tag.
        inside: its content, already SVG.
        attributes: by name, _ standing for -; numbers are cut to two decimals.
    """
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{listed}>{''.join(inside)}</{name}>" if inside else f"<{name}{listed}/>"


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def label(text: str, x: float, y: float, fill: str, **attributes: str | float) -> str:
    """A text, its middle at the height y unless said otherwise."""
    return element("text", escape(text), x=x, y=y + SIZE * 0.36, fill=fill, **attributes)


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
    if wide(text) <= most:
        return text
    return text[: _end(text, most - SIZE)] + "…"


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
