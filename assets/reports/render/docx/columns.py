"""How wide the columns of a table are, and whether its letters must be small.

Figures never break; heads take two lines at most, text as many as needed.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from assets.reports.content import Tone
from assets.reports.render.text import half_widths

_USUAL, _DENSE = 107, 87  # twentieths of a point, of half a Chinese character in a table
_PADDING = 180  # of a cell, both sides
# Halves of a Chinese character: bounds of a column, the mark before a row that needs attention,
# text that reads well, and the longest of what does not break.
_NARROWEST, _WIDEST, _MARK, _PROSE = 6, 60, 3, 26
_WORD, _NAME, _LONGEST_ID = 8, 20, 22
_WRAPPED = 0.7  # of its length, that text keeps before letters become small
_UNBROKEN = re.compile(r"[!-~]+")


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
    least = [need if numeric[at] else _least(need, lines, at) for at, need in enumerate(needed)]
    room = width - _PADDING * len(heads)
    unit = _USUAL if sum(least) * _USUAL <= room else _DENSE
    # What is left after the least goes to the columns that want more.
    wanted = sum(needed) - sum(least)
    share = min(max(room / unit - sum(least), 0) / wanted, 1) if wanted else 0
    natural = [
        _PADDING + int((low + (need - low) * share) * unit)
        for low, need in zip(least, needed, strict=True)
    ]
    total = sum(natural)
    widths = [each * width // total for each in natural]
    widths[0] += width - sum(widths)
    return unit == _DENSE, widths


def _least(need: int, lines: Sequence[Line], at: int) -> float:
    """Width below which text would be in shreds: short words and ids stay in one piece."""
    texts = [line.cells[at].text for line in lines]
    ids = (len(word) for text in texts for word in _UNBROKEN.findall(text))
    whole = min(max(ids, default=0) + 2, _LONGEST_ID)
    short = min(max(map(half_widths, texts), default=0) + _MARK, _WORD if at else _NAME)
    return min(max(min(need, _PROSE) * _WRAPPED, whole, short), need)


def _needed(head: str, lines: Sequence[Line], at: int) -> int:
    longest = max((half_widths(line.cells[at].text) for line in lines), default=0)
    if at == 0 and any(line.bad for line in lines):
        longest += _MARK
    if any(line.cells[at].number for line in lines):
        longest += 1  # for a % sign, which is wider than a digit
    return min(max(longest, (half_widths(head) + 1) // 2 + 1, _NARROWEST), _WIDEST)
