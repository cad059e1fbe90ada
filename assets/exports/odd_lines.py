"""Lines that are no plain record: which are one only together, which are none, and why.

Belongs here: the grammar of a line and of records over several lines, as Python's csv module has
it. Not here: plain records, which are nearly all (`lines.py`).
"""

import csv
from dataclasses import dataclass, field

import numpy as np

from assets.exports.body import NULL, REPLACEMENT, Body
from assets.exports.offsets import Flags, Lines

# An opening quote without its partner would swallow rows up to the next stray quote. Nobody
# dictates a ticket of more lines than this (nor a field of 131,072 characters, where csv stops).
MAX_LINES_OF_RECORD = 300
WHITE_SPACE = " \t\u3000"


@dataclass
class OddLines:
    """What the lines of a body came to that are no plain record.

    Attributes:
        rows: Position of the first line of each row.
        records: Fields of each row.
        rejects: Line, rule and raw text of each reject.
        blank: Number of blank lines.
        last_lines: First line -> last line of the records that have more than one.
        positions: All these lines, and those that look plain but are part of a longer record.
    """

    rows: list[int] = field(default_factory=list)
    records: list[list[str]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    blank: int = 0
    last_lines: dict[int, int] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)


def read_odd(lines: Lines, plain: Flags, body: Body, begin: int, end: int) -> OddLines:
    """Read the lines of a body that are no plain record.

    Args:
        lines: of one body or several.
        plain: Which of them are a record by themselves.
        body: Whose lines these are.
        begin: Position of its first line.
        end: Position after its last one.
    """
    odd = OddLines()
    done = -1
    for first in (np.flatnonzero(~plain[begin:end]) + begin).tolist():
        if first <= done:
            continue
        if not lines[first].strip(body.separator + WHITE_SPACE):
            odd.blank += 1
            odd.positions.append(first)
            continue
        cells, done = _read_record(lines, plain, first, min(first + MAX_LINES_OF_RECORD, end), body)
        line = first - begin + body.first_line
        text = lines.text(first, done)
        if done > first:
            odd.last_lines[line] = line + done - first
        odd.positions += range(first, done + 1)
        if rule := _fault(cells, text, body, is_last=done + 1 == end):
            odd.rejects.append((line, rule, text))
        else:
            odd.rows.append(first)
            odd.records.append(cells)
    return odd


def _read_record(
    lines: Lines, plain: Flags, first: int, end: int, body: Body
) -> tuple[list[str], int]:
    """Read the record that begins on a line; return its fields and the position of its last line.

    If the quotes lead nowhere there are no fields, and the record is this line alone: a quote that
    is never closed costs its own line only. As everywhere in CSV, a quote inside a field that does
    not begin with one is just a quote.
    """
    following = (lines[at] + "\n" for at in range(first, end))
    reader = csv.reader(following, delimiter=body.separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return [], first
    last = first + reader.line_num - 1
    if last > first and len(cells) != body.width and plain[first + 1 : last + 1].any():
        return [], first  # a record that is at fault anyway must not take good lines with it
    return cells, last


def _fault(cells: list[str], text: str, body: Body, *, is_last: bool) -> str | None:
    """Say what is wrong with a record, if anything is."""
    if body.damaged and REPLACEMENT in text:
        return "encoding"
    if NULL in text:
        return "null_byte"
    if len(cells) == body.width:
        return None
    if is_last and _is_cut_off(text, body):
        return "cut_off_line"
    return "field_count" if cells else "quoting"


def _is_cut_off(text: str, body: Body) -> bool:
    """Tell whether the file stops within this record, before its last field."""
    if body.is_whole:
        return False
    try:
        # Not strict: the file may stop inside quotes.
        cells = next(csv.reader([text], delimiter=body.separator))
    except csv.Error:
        return False
    return len(cells) < body.width
