"""Where the lines of a text end, and which of them hold a sign that needs a closer look.

Belongs here: searching the bytes of a whole text at once, which costs a tenth of parsing it. Not
here: what the lines come to (`lines.py`).
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# Small enough that what is compared stays in the processor's cache.
_BLOCK = 1 << 18


class Lines:
    """The lines of a UTF-8 text, by position; each is made when it is asked for, as few are.

    Args:
        text: what they are a part of.
        begin: offset of the first one.
        end: offset after the last one, which may lack its end.
    """

    def __init__(self, text: bytes, begin: int, end: int) -> None:
        self._text, self._begin, self._end = text, begin, end

    @cached_property
    def ends(self) -> Offsets:
        """Offset after the end of each line, as if the last one had one too."""
        ends = self._offsets("\n") + 1
        is_whole = self._begin == self._end or self._text.endswith(b"\n", self._begin, self._end)
        return ends if is_whole else np.append(ends, self._end + 1)

    @cached_property
    def lengths(self) -> Offsets:
        """Bytes of each line with its end."""
        return np.diff(self.ends, prepend=self._begin)

    def __len__(self) -> int:
        """Number of lines."""
        return len(self.ends)

    def __getitem__(self, at: int) -> str:
        """One line."""
        return self.text(at, at)

    def text(self, first: int, last: int) -> str:
        """Neighbouring lines as they stand."""
        return self._text[self._begin_of(first) : self.ends[last] - 1].decode()

    def holding(self, signs: Iterable[str]) -> Offsets:
        """Positions of the lines that hold one of these characters."""
        found = np.concatenate([self._offsets(sign) for sign in signs])
        return np.unique(np.searchsorted(self.ends, found, side="right"))

    def blocks(self, size: int) -> list[tuple[int, int]]:
        """First position and the one after the last of parts of about so many bytes."""
        steps = np.arange(self._begin, self._end, size)
        bounds = np.unique([*np.searchsorted(self.ends, steps), len(self)])
        return list(pairwise(bounds.tolist()))

    def pieces(self, chosen: Offsets) -> list[memoryview]:
        """Some lines, neighbouring ones in one piece."""
        view = memoryview(self._text)[: self._end]
        breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
        runs = pairwise([0, *breaks.tolist(), len(chosen)])
        return [
            view[self._begin_of(chosen[first]) : self.ends[chosen[last - 1]]]
            for first, last in runs
            if first < last
        ]

    def _begin_of(self, position: int) -> int:
        return int(self.ends[position - 1]) if position else self._begin

    def _offsets(self, sign: str) -> Offsets:
        """Where a character stands."""
        first, *others = sign.encode()
        found = self._offsets_of_byte(first)
        data = np.frombuffer(self._text, np.uint8)
        for distance, byte in enumerate(others, start=1):
            found = found[data[found + distance] == byte]  # valid UTF-8 does not stop in between
        return found

    def _offsets_of_byte(self, byte: int) -> Offsets:
        data = np.frombuffer(self._text, np.uint8)
        found = [np.empty(0, np.int64)]
        first = self._text.find(byte, self._begin, self._end)  # most signs are not there at all
        for start in range(first, self._end, _BLOCK) if first >= 0 else ():
            stop = min(start + _BLOCK, self._end)
            found.append(np.flatnonzero(data[start:stop] == byte) + start)
        return np.concatenate(found)
