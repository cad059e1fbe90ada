"""How wide the columns of a table are, and whether it needs a wide page.

Numbers never wrap, names may, and what is left over is shared out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UPRIGHT, WIDE = 482.0, 729.0  # points between the margins of an A4 page
INDENT = 1.2  # em that a name stands away from a number before it
_PADDING = 4.0  # points, on each side of a cell
_SIZES = (8.5, 8.0, 7.5)  # points; smaller is not read on paper
_WIDE_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)
_NAME, _SHORTEST = 16.0, 7.0  # em that a name gets before and after others are short of room
_SPARE = 1.02  # covers rounding and kerning


@dataclass(frozen=True)
class Needs:
    """What a column needs, in em of the table's letters.

    Attributes:
        least: with names wrapped.
        most: with everything on one line.
    """

    least: float
    most: float


def needs(head: float, cells: Iterable[float], *, numeric: bool, indent: float) -> Needs:
    """What a column needs.

    Args:
        head: length of its head, which may take two lines, in em.
        cells: lengths of its cells.
        numeric: whether the cells are figures, which never wrap.
        indent: em that the column keeps free on its left.
    """
    longest = max(cells, default=0.0) * _SPARE
    title = head * _SPARE
    folded = title if title <= 5.2 else title / 2 + 0.6
    least = max(longest, folded) if numeric else min(max(longest, folded), _SHORTEST)
    return Needs(least + indent, max(longest, title) + indent)


@dataclass(frozen=True)
class Fit:
    """How a table fits.

    Attributes:
        size: of its letters, in points.
        widths: of its columns, in points.
        wide: whether it needs a wide page.
    """

    size: float
    widths: tuple[float, ...]
    wide: bool


def fit(columns: Sequence[Needs]) -> Fit:
    """Choose page, size and widths, the plainest that works."""
    tried = [(size, False) for size in _SIZES] + [(size, True) for size in _WIDE_SIZES]
    for size, wide in tried:
        room = (WIDE if wide else UPRIGHT) - 2 * _PADDING * len(columns)
        if sum(each.least for each in columns) * size <= room:
            return Fit(size, _shared(columns, room / size, size), wide)
    size, room = _WIDE_SIZES[-1], WIDE / max(len(columns), 1)
    return Fit(size, tuple(room for _ in columns), wide=True)


def _shared(columns: Sequence[Needs], room: float, size: float) -> tuple[float, ...]:
    """Widths in points: first what is needed, then what names want, then the same to each."""
    given = [each.least for each in columns]
    for cap in (_NAME, float("inf")):
        wants = [
            max(min(each.most, cap) - now, 0.0) for each, now in zip(columns, given, strict=True)
        ]
        left = room - sum(given)
        share = min(1.0, left / sum(wants)) if sum(wants) else 0.0
        given = [now + want * share for now, want in zip(given, wants, strict=True)]
    left = max(room - sum(given), 0.0) / max(len(given), 1)
    return tuple(round((each + left) * size + 2 * _PADDING, 2) for each in given)
