"""The lines below a header, one by one: which are a record, which only together, which are none.

Belongs here: the grammar of a line, records over several lines, and what is wrong with the rest.
Not here: where the body begins and ends, and bodies without any fault (`records.py`).
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from assets.exports.body import NULL, REPLACEMENT, Body, Reading, numbered, parse, split_lines
from assets.exports.layout import LINE, REJECTS, rows_of
from assets.exports.offsets import Flags, Offsets, line_ends, lines_with, only, without
from assets.exports.refusal import FileRefused

# An opening quote without its partner would swallow rows up to the next stray quote. Nobody
# dictates a ticket of more lines than this (nor a field of 131,072 characters, where csv stops).
MAX_LINES_OF_RECORD = 300
WHITE_SPACE = " \t\u3000"


def read_by_line(body: Body) -> Reading:
    """Sort out the lines of a body, faults and all.

    Polars finds and parses the lines that are one plain record each. Python sees only the others.
    """
    data = body.text[body.begin : body.end]
    ends = line_ends(data)
    marked = lines_with(data, ends, ['"', *body.fatal])
    plain = np.ones(len(ends), np.bool_)
    if len(marked):
        lines = split_lines(b"".join(only(data, ends, marked)))
        plain[marked] = lines.str.contains(_pattern_of_plain_record(body)).to_numpy()
    parsed = np.flatnonzero(plain)
    pieces = without(data, ends, np.flatnonzero(~plain))
    rows = _plain_rows(pieces, len(parsed), body, quoted=bool(plain[marked].any()))
    whole = _lengths(rows, body) == np.diff(ends, prepend=0)[parsed]
    plain[parsed] = whole | np.isin(parsed, marked, assume_unique=True)
    others = _read_others(_Lines(data, ends), plain, body)
    plain[others.positions] = False
    rows = rows.filter(pl.Series(plain[parsed]))
    rows = numbered(rows, pl.Series(np.flatnonzero(plain) + body.first_line))
    if others.lines:
        more = rows_of(others.lines, zip(*others.records, strict=True), body.width)
        rows = rows.merge_sorted(more, key=LINE)
    rejects = pl.DataFrame(others.rejects, schema=REJECTS, orient="row")
    return Reading(rows, rejects, others.blank, others.last_lines)


def _lengths(rows: pl.DataFrame, body: Body) -> Offsets:
    """Bytes of the line that each row would come from if nothing was missing or cut.

    Polars fills short lines with nulls and cuts long ones, and says nothing. A line without quotes
    is exactly as long as its fields and what stands between them.
    """
    fields = pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64))
    return rows.select(fields + body.width).to_series().to_numpy()


@dataclass(frozen=True)
class _Lines:
    """The lines of a text, each made when it is asked for: few are."""

    data: bytes
    ends: Offsets

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: int) -> str:
        return self.text(at, at)

    def text(self, first: int, last: int) -> str:
        """Neighbouring lines as they stand."""
        begin = self.ends[first - 1] if first else 0
        return self.data[begin : self.ends[last] - 1].decode()


def _pattern_of_plain_record(body: Body) -> str:
    """Return the pattern of a line that is one record: fields quoted, or without any quote."""
    separator, fatal = re.escape(body.separator), body.fatal
    value = f'(?:[^"{separator}{fatal}]*|"(?:[^"{fatal}]|"")*")'
    return f"^{value}(?:{separator}{value}){{{body.width - 1}}}$"


@dataclass
class _Others:
    """What the lines came to that are no plain record.

    Attributes:
        lines: Line of each row.
        records: Fields of each row.
        rejects: Line, rule and raw text of each reject.
        blank: Number of blank lines.
        last_lines: First line -> last line of the records that have more than one.
        positions: All these lines, and those that look plain but are part of a longer record.
    """

    lines: list[int] = field(default_factory=list)
    records: list[list[str]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    blank: int = 0
    last_lines: dict[int, int] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)


def _read_others(lines: _Lines, plain: Flags, body: Body) -> _Others:
    others = _Others()
    done = -1
    for first in np.flatnonzero(~plain).tolist():
        if first <= done:
            continue
        if not lines[first].strip(body.separator + WHITE_SPACE):
            others.blank += 1
            others.positions.append(first)
            continue
        cells, done = _read_record(lines, plain, first, body)
        line = first + body.first_line
        text = lines.text(first, done)
        if done > first:
            others.last_lines[line] = done + body.first_line
        others.positions += range(first, done + 1)
        if rule := _fault(cells, text, body, is_last=done + 1 == len(lines)):
            others.rejects.append((line, rule, text))
        else:
            others.lines.append(line)
            others.records.append(cells)
    return others


def _read_record(lines: _Lines, plain: Flags, first: int, body: Body) -> tuple[list[str], int]:
    """Read the record that begins on a line; return its fields and the position of its last line.

    If the quotes lead nowhere there are no fields, and the record is this line alone: a quote that
    is never closed costs its own line only. As everywhere in CSV, a quote inside a field that does
    not begin with one is just a quote.
    """
    end = min(first + MAX_LINES_OF_RECORD, len(lines))
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
    if body.text.endswith(b"\n", body.begin, body.end):
        return False
    try:
        # Not strict: the file may stop inside quotes.
        cells = next(csv.reader([text], delimiter=body.separator))
    except csv.Error:
        return False
    return len(cells) < body.width


def _plain_rows(
    lines: Sequence[memoryview], expected: int, body: Body, *, quoted: bool
) -> pl.DataFrame:
    """Parse lines that are plain records, or have no quotes.

    Args:
        lines: they, in pieces.
        expected: how many they are.
        body: how the records are written.
        quoted: whether there is a quote in them.
    """
    # An empty record in front, because Polars drops a byte order mark from the first one.
    data = b"".join([f"{body.separator * (body.width - 1)}\n".encode(), *lines])
    try:
        rows = parse(data, body, quoted=quoted, ragged=True).slice(1)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise FileRefused("reader_disagrees", lines=expected) from None
    if rows.height != expected:
        raise FileRefused("reader_disagrees", lines=expected, rows=rows.height)
    return rows
