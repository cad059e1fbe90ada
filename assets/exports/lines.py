"""The lines below a header: Polars finds and parses the plain records, many files at once.

Belongs here: which lines are one plain record each, and their rows. A call of Polars costs a
fraction of a millisecond whatever it reads, so a year of small files is read in a few of them. Not
here: all other lines (`odd_lines.py`), and where a body begins and ends (`records.py`).
"""

import re
from collections import deque
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import polars as pl

from assets.exports.body import Body, Reading, numbered, parse, split_lines
from assets.exports.layout import LINE, NO_REJECTS, REJECTS, rows_of
from assets.exports.odd_lines import OddLines, read_odd
from assets.exports.offsets import Flags, Lines, Offsets
from assets.exports.refusals import FileRefused

# Bytes that are parsed together: few enough that their memory is used again.
BLOCK = 1 << 23


def read_together(bodies: Sequence[Body]) -> list[Reading | None]:
    """Read bodies, those that are written alike in one go.

    Returns:
        For each body what its lines came to; None where it is not known which of several bodies is
        to be refused.
    """
    found: list[Reading | None] = [None] * len(bodies)
    alike: dict[tuple[int, str, bool], list[int]] = {}
    for position, body in enumerate(bodies):
        alike.setdefault((body.width, body.separator, body.damaged), []).append(position)
    for positions in alike.values():
        try:
            readings = read_lines([bodies[position] for position in positions])
        except FileRefused:
            continue
        for position, reading in zip(positions, readings, strict=True):
            found[position] = reading
    return found


def read_lines(bodies: Sequence[Body]) -> list[Reading]:
    """Sort out the lines of bodies that are written alike, faults and all.

    Raises:
        FileRefused: "reader_disagrees", over one of them.
    """
    lines, bounds = _joined(bodies)
    body = bodies[0]
    plain, quoted = _told_apart(lines, body)
    blocks: deque[tuple[int, int, Offsets, pl.DataFrame]] = deque()
    for first, after in lines.blocks(BLOCK):
        parsed = np.flatnonzero(plain[first:after]) + first
        rows = _plain_rows(lines, parsed, body, quoted=bool(quoted[first:after].any()))
        plain[parsed] = quoted[parsed] | (_lengths(rows, body) == lines.lengths[parsed])
        blocks.append((first, after, parsed, rows))
    odd = [
        read_odd(lines, plain, each, begin, end)
        for each, (begin, end) in zip(bodies, bounds, strict=True)
    ]
    for each in odd:
        plain[each.positions] = False
    more = rows_of(
        [row for each in odd for row in each.rows],
        zip(*(record for each in odd for record in each.records), strict=True),
        body.width,
    )
    parts = [more.clear()]
    while blocks:  # each goes as soon as its rows are taken
        first, after, parsed, rows = blocks.popleft()
        kept = plain[parsed]
        part = numbered(rows.filter(pl.Series(kept)), pl.Series(parsed[kept]))
        own = more.filter(pl.col(LINE) >= first, pl.col(LINE) < after)
        parts.append(pl.concat([part, own]).sort(LINE) if own.height else part)
    return _apart(pl.concat(parts), odd, bodies, bounds)


def _joined(bodies: Sequence[Body]) -> tuple[Lines, list[tuple[int, int]]]:
    """The lines of bodies one after the other; for each the position of its first and after it."""
    if len(bodies) == 1:  # no copy of a large body for nothing
        lines = Lines(bodies[0].text, bodies[0].begin, bodies[0].end)
        return lines, [(0, len(lines))]
    # Views, because a slice would be a copy of its own.
    texts = [memoryview(each.text)[each.begin : each.end] for each in bodies]
    line_ends = [b"" if each.is_whole else b"\n" for each in bodies]
    joined = b"".join(chain.from_iterable(zip(texts, line_ends, strict=True)))
    lines = Lines(joined, 0, len(joined))
    ends = np.cumsum([len(text) + len(end) for text, end in zip(texts, line_ends, strict=True)])
    return lines, list(pairwise([0, *np.searchsorted(lines.ends, ends, side="right").tolist()]))


def _told_apart(lines: Lines, body: Body) -> tuple[Flags, Flags]:
    """Which lines are, or may be, one plain record each; and which of them hold a quote."""
    plain = np.ones(len(lines), np.bool_)
    quoted = np.zeros(len(lines), np.bool_)
    marked = lines.holding(['"', *body.fatal])
    if len(marked):
        text = split_lines(b"".join(lines.pieces(marked)))
        plain[marked] = text.str.contains(_pattern_of_plain_record(body)).to_numpy()
        quoted[marked] = plain[marked]
    return plain, quoted


def _apart(
    rows: pl.DataFrame,
    odd: Sequence[OddLines],
    bodies: Sequence[Body],
    bounds: Sequence[tuple[int, int]],
) -> list[Reading]:
    """What each body came to, by the lines of its file.

    Args:
        rows: of all bodies, with positions for lines.
        odd: the other lines of each.
        bodies: these.
        bounds: position of the first line of each, and after its last.
    """
    positions = rows[LINE].to_numpy()
    starts = np.searchsorted(positions, [begin for begin, _ in bounds])
    counts = np.diff(starts, append=len(positions))
    shifts = [body.first_line - begin for body, (begin, _) in zip(bodies, bounds, strict=True)]
    lines = pl.Series(LINE, positions + np.repeat(shifts, counts), dtype=pl.Int64)
    rows = rows.replace_column(0, lines)
    return [
        Reading(
            rows.slice(int(start), int(count)),
            pl.DataFrame(each.rejects, schema=REJECTS, orient="row")
            if each.rejects
            else NO_REJECTS,
            each.blank,
            each.last_lines,
        )
        for start, count, each in zip(starts, counts, odd, strict=True)
    ]


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
        rows = parse(data, body, quoted=quoted).slice(1)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise FileRefused("reader_disagrees", lines=len(chosen)) from None
    if rows.height != len(chosen):
        raise FileRefused("reader_disagrees", lines=len(chosen), rows=rows.height)
    return rows
