"""How wide the columns of a table are, and whether its letters must be small.

Belongs here: measuring. Figures never break; heads take two lines at most, text as many as needed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assets.reports.content.model import Tone

_USUAL, _DENSE = 108, 84  # twentieths of a point, of half a Chinese character in a table
_PADDING = 180  # of a cell, both sides
_NARROWEST, _WIDEST = 6, 60  # halves of a Chinese character
_MARK = 3  # of the same, of the mark before a row that needs attention
_LEAST_TEXT = 300  # twentieths of a point
_WIDE = frozenset("▲▼▶—≥≤“”…")


class Shown(NamedTuple):
    """A cell: clean text, its tone, and whether it is a figure."""

    text: str
    tone: Tone = Tone.NEUTRAL
    number: bool = False


class Line(NamedTuple):
    """A row: its cells, whether it is a total, whether it needs attention."""

    cells: Sequence[Shown]
    total: bool = False
    bad: bool = False


def letters(text: str) -> int:
    """Width of a text in halves of a Chinese character."""
    return sum(2 if ord(letter) > 0x2E7F or letter in _WIDE else 1 for letter in text)


def fit(
    heads: Sequence[str], lines: Sequence[Line], numeric: Sequence[bool], width: int
) -> tuple[bool, list[int]]:
    """Fit columns into a width.

    Args:
        heads: of the columns, clean.
        lines: the rows.
        numeric: whether a column holds figures.
        width: of the table, in twentieths of a point.

    Returns:
        Whether letters must be small, and the widths of the columns, which add up to `width`.
    """
    needed = [_needed(head, lines, at) for at, head in enumerate(heads)]
    both = list(zip(needed, numeric, strict=True))
    loose = sum(need for need, is_number in both if not is_number)
    room, unit = 0, _USUAL
    for unit in (_USUAL, _DENSE):
        room = width - _PADDING * len(heads)
        room -= sum(need * unit for need, is_number in both if is_number)
        # Text may wrap, but not below half of its length or a dozen characters.
        if room >= unit * min(loose, max(loose * 0.55, 12)):
            break
    share = min(1.0, max(room, 0) / (loose * unit)) if loose else 1.0
    natural = [
        need * unit + _PADDING
        if is_number
        else max(int(need * unit * share), _LEAST_TEXT) + _PADDING
        for need, is_number in both
    ]
    total = sum(natural)
    widths = [each * width // total for each in natural]
    widths[0] += width - sum(widths)
    return unit == _DENSE, widths


def _needed(head: str, lines: Sequence[Line], at: int) -> int:
    longest = max((letters(line.cells[at].text) for line in lines), default=0)
    if at == 0 and any(line.bad for line in lines):
        longest += _MARK
    return min(max(longest, (letters(head) + 1) // 2 + 1, _NARROWEST), _WIDEST)
