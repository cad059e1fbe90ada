"""The lines below a header, one by one: which are a record, which only together, which are none.

Belongs here: the grammar of a line, records over several lines, and what is wrong with the rest.
Not here: where the body begins and ends, and bodies without any fault (`records.py`).
"""

import csv
import re
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from assets.exports.body import NULL, REPLACEMENT, Body, Reading, numbered, parse, split_lines
from assets.exports.layout import LINE, REJECTS, rows_of
from assets.exports.offsets import Flags, Lines, Offsets
from assets.exports.refusal import FileRefused

# An opening quote without its partner would swallow rows up to the next stray quote. Nobody
# dictates a ticket of more lines than this (nor a field of 131,072 characters, where csv stops).
MAX_LINES_OF_RECORD = 300
# Bytes that are parsed together: few enough that their memory is used again.
BLOCK = 1 << 23
WHITE_SPACE = " \t\u3000"


def read_by_line(body: Body) -> Reading:
    """Sort out the lines of a body, faults and all.

    Polars finds and parses the lines that are one plain record each. Python sees only the others.
    """
    lines = Lines(body.text, body.begin, body.end)
    plain = np.ones(len(lines), np.bool_)
    quoted = np.zeros(len(lines), np.bool_)
    marked = lines.holding(['"', *body.fatal])
    if len(marked):
        text = split_lines(b"".join(lines.pieces(marked)))
        plain[marked] = text.str.contains(_pattern_of_plain_record(body)).to_numpy()
        quoted[marked] = plain[marked]
    blocks = []
    for first, after in lines.blocks(BLOCK):
        parsed = np.flatnonzero(plain[first:after]) + first
        rows = _plain_rows(lines, parsed, body, quoted=bool(quoted[first:after].any()))
        plain[parsed] = quoted[parsed] | (_lengths(rows, body) == lines.lengths[parsed])
        blocks.append((first, after, parsed, rows))
    others = _read_others(lines, plain, body)
    plain[others.positions] = False
    more = rows_of(others.lines, zip(*others.records, strict=True), body.width)
    parts = [more.clear()]
    for first, after, parsed, rows in blocks:
        kept = plain[parsed]
        part = numbered(rows.filter(pl.Series(kept)), pl.Series(parsed[kept] + body.first_line))
        at = pl.col(LINE) - body.first_line
        own = more.filter(at >= first, at < after)
        parts.append(pl.concat([part, own]).sort(LINE) if own.height else part)
    rejects = pl.DataFrame(others.rejects, schema=REJECTS, orient="row")
    return Reading(pl.concat(parts), rejects, others.blank, others.last_lines)


def _lengths(rows: pl.DataFrame, body: Body) -> Offsets:
    """Bytes of the line that each row would come from if nothing was missing or cut.

    Polars fills short lines with nulls and cuts long ones, and says nothing. A line without quotes
    is exactly as long as its fields and what stands between them.
    """
    fields = pl.sum_horizontal(pl.all().str.len_bytes())
    return rows.select(fields.cast(pl.Int64) + body.width).to_series().to_numpy()


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


def _read_others(lines: Lines, plain: Flags, body: Body) -> _Others:
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


def _read_record(lines: Lines, plain: Flags, first: int, body: Body) -> tuple[list[str], int]:
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


def _plain_rows(lines: Lines, chosen: Offsets, body: Body, *, quoted: bool) -> pl.DataFrame:
    """Parse lines that are plain records, or have no quotes.

    Args:
        lines: all lines.
        chosen: positions of these.
        body: how the records are written.
        quoted: whether there is a quote in them.
    """
    # An empty record in front, because Polars drops a byte order mark from the first one.
    empty = f"{body.separator * (body.width - 1)}\n".encode()
    data = b"".join([empty, *lines.pieces(chosen)])
    try:
        rows = parse(data, body, quoted=quoted, ragged=True).slice(1)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise FileRefused("reader_disagrees", lines=len(chosen)) from None
    if rows.height != len(chosen):
        raise FileRefused("reader_disagrees", lines=len(chosen), rows=rows.height)
    return rows
