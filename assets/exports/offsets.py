"""Where the lines of a text end, and which of them hold a sign that needs a closer look.

Belongs here: searching bytes for whole texts at once, which costs a tenth of parsing them. Not
here: what the lines come to (`lines.py`).
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# Small enough that what is compared stays in the processor's cache.
_BLOCK = 1 << 18
_NEW_LINE = ord("\n")


def line_ends(data: bytes) -> Offsets:
    """Offset after the end of each line of a text, there or not in the case of the last one."""
    ends = _positions(data, _NEW_LINE) + 1
    return ends if data.endswith(b"\n") or not data else np.append(ends, len(data) + 1)


def lines_with(data: bytes, ends: Offsets, signs: Iterable[str]) -> Offsets:
    """Positions of the lines that hold one of these signs.

    Args:
        data: the text.
        ends: what `line_ends` returns.
        signs: characters.
    """
    found = [_positions_of(data, sign) for sign in signs]
    return np.unique(np.searchsorted(ends, np.concatenate(found), side="right"))


def without(data: bytes, ends: Offsets, left_out: Offsets) -> list[memoryview]:
    """The text in pieces, some of its lines left out."""
    view = memoryview(data)
    begins = np.concatenate([[0], ends[left_out]]).tolist()
    stops = [*_begins(ends, left_out).tolist(), len(data)]
    return [view[begin:stop] for begin, stop in zip(begins, stops, strict=True) if begin < stop]


def only(data: bytes, ends: Offsets, chosen: Offsets) -> list[memoryview]:
    """Some lines of a text, neighbouring ones in one piece."""
    view = memoryview(data)
    breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
    runs = pairwise([0, *breaks.tolist(), len(chosen)])
    begins, stops = _begins(ends, chosen), ends[chosen]
    return [view[begins[first] : stops[last - 1]] for first, last in runs if first < last]


def _begins(ends: Offsets, positions: Offsets) -> Offsets:
    return np.where(positions > 0, ends[positions - 1], 0)


def _positions_of(data: bytes, sign: str) -> Offsets:
    first, *others = sign.encode()
    found = _positions(data, first)
    signs = np.frombuffer(data, np.uint8)
    for distance, byte in enumerate(others, start=1):
        found = found[signs[found + distance] == byte]  # UTF-8: none of these is the last byte
    return found


def _positions(data: bytes, byte: int) -> Offsets:
    signs = np.frombuffer(data, np.uint8)
    blocks = (
        np.flatnonzero(signs[start : start + _BLOCK] == byte) + start
        for start in range(0, len(data), _BLOCK)
    )
    return np.concatenate([np.empty(0, np.int64), *blocks])
