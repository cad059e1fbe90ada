"""Bodies without quotes, every line of which is a record: the fast way, many files at once.

Belongs here: telling such bodies from others, and parsing them together. Polars takes half a
millisecond for a file of any size, so a year of small files is read in one call. Not here: bodies
with quotes or faults (`records.py`, `lines.py`).
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import polars as pl

from assets.exports.body import Body, Reading, holds_fatal, numbered, parse
from assets.exports.layout import BYTE_ORDER_MARK, rows_of

_MARK = BYTE_ORDER_MARK.encode()


def read_plain(bodies: Sequence[Body]) -> list[Reading | None]:
    """Read bodies without quotes.

    Returns:
        For each body its rows, or None where it holds anything but such records.
    """
    found: list[Reading | None] = [None] * len(bodies)
    groups: dict[tuple[int, str], dict[int, int]] = {}
    for position, body in enumerate(bodies):
        lines = _lines(body)
        if lines == 0:
            found[position] = Reading(rows_of([], [], body.width))
        elif lines is not None:
            groups.setdefault((body.width, body.separator), {})[position] = lines
    for lines_of in groups.values():
        chosen = [bodies[position] for position in lines_of]
        rows = _parsed(chosen, sum(lines_of.values()))
        if rows is None and len(chosen) > 1:  # one of them is at fault
            for position in lines_of:
                found[position] = read_plain([bodies[position]])[0]
        elif rows is not None:
            readings = _apart(rows, chosen, list(lines_of.values()))
            for position, reading in zip(lines_of, readings, strict=True):
                found[position] = reading
    return found


def _lines(body: Body) -> int | None:
    """Number of lines of a body; None where one of them may be no plain record.

    Polars fills a short line with nulls and says nothing, but it refuses a long one. So if there
    are as many separators as all lines need together, and no line was too long, none was too short.
    """
    text, begin, end = body.text, body.begin, body.end
    if holds_fatal(body) or text.find(b'"', begin, end) >= 0:
        return None
    if text.startswith(_MARK, begin):  # Polars would drop it
        return None
    lines = text.count(b"\n", begin, end) + (end > begin and not text.endswith(b"\n", begin, end))
    if text.count(body.separator.encode(), begin, end) != lines * (body.width - 1):
        return None
    return lines


def _parsed(bodies: Sequence[Body], lines: int) -> pl.DataFrame | None:
    """Rows of bodies one after the other; None where they are not as many as lines."""
    first = bodies[0]
    try:
        if len(bodies) == 1 and first.end == len(first.text):  # no copy of a large body for nothing
            rows = parse(first.text, first, quoted=False, skip=first.first_line - 1)
        else:
            rows = parse(b"".join(map(_whole, bodies)), first, quoted=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return rows if rows.height == lines else None


def _whole(body: Body) -> bytes:
    """The lines of a body, the last one with its end."""
    return body.text[body.begin : body.end].removesuffix(b"\n") + b"\n"


def _apart(rows: pl.DataFrame, bodies: Sequence[Body], lines: Sequence[int]) -> list[Reading]:
    """The rows of each body, with the lines they have there."""
    starts = [0, *accumulate(lines)][:-1]
    shifts = [body.first_line - start for body, start in zip(bodies, starts, strict=True)]
    numbers = np.arange(rows.height) + np.repeat(shifts, lines)
    whole = numbered(rows, pl.Series(numbers))
    return [Reading(whole.slice(*each)) for each in zip(starts, lines, strict=True)]
