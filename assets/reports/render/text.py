"""Make text safe to place and measure it, the same way in every form.

Escaping markup or formulas is the business of the form that knows them.
"""

import re

CELL = 200
PARAGRAPH = 2_000
FIGURE = 24  # a figure in a drawing

_SPACES = re.compile("[\t\n\u2028\u2029]+|\r\n?")
# Controls (C0, DEL, C1), direction marks and overrides, byte order mark and annotation anchors,
# lone surrogates, and the code points that Unicode reserves as no characters. Joiners stay, for
# they hold emoji together, and private-use ones stay, for registries keep rare names there.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr((plane << 16) + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_JOINERS = "\u200d\ufe0f"


def clean(text: str, most: int = CELL) -> str:
    """A text as every form places it.

    Args:
        text: any text.
        most: number of characters kept, the … of a cut included: `CELL`, `PARAGRAPH` or `FIGURE`.

    Returns:
        The text without controls, direction marks, lone surrogates and noncharacters; a line break
        or tab is a space; too long a text is cut and ends with ….
    """
    # Nothing printable is replaced or dropped, and nearly every text is printable.
    kept = text if text.isprintable() else _DROPPED.sub("", _SPACES.sub(" ", text))
    if len(kept) <= most:
        return kept
    return kept[: most - 1].rstrip(_JOINERS) + "…"


def half_widths(text: str) -> int:
    """Width of a text in halves of a Chinese character, as its encoding happens to count."""
    return len(text.encode("gb18030"))
