"""Delimited text (CSV, TSV) -> parsed files.

Polars parses the plain records of many files in one call, because a call costs a fraction of a
millisecond whatever it reads; Python's csv module reads the irregular rest, and a fault costs its
own line only.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from assets.exports.delimited_text import NULL, REPLACEMENT, DelimitedText
from assets.exports.parsed_file import (
    LINE,
    FileRefused,
    Ignored,
    ParsedFile,
    rejects_of,
    rows_of,
)

Flags = npt.NDArray[np.bool_]

# An opening quote without its partner would swallow rows up to the next stray quote. A record of
# more lines than this counts only if none of its lines is a row by itself.
LINES_OF_RECORD = 300
# A field may be as long as it likes: csv would stop at 131,072 characters.
csv.field_size_limit(min(sys.maxsize, (1 << 31) - 1))
# Lines that are parsed together: few enough that their memory is used again.
BLOCK_LINES = 1 << 16
_WHITE_SPACE = " \t\u3000"
# Stands for the line below: a field that reaches it has not been closed.
_BEYOND = "\0"


def parse_texts(texts: Sequence[DelimitedText]) -> list[ParsedFile | FileRefused]:
    """Parse texts, those that are written alike together.

    Returns:
        For each text its content, or why it is refused: "reader_disagrees".
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for position, text in enumerate(texts):
        form = text.width, text.separator, text.quote, text.damaged
        alike.setdefault(form, []).append(position)
    found: dict[int, ParsedFile | FileRefused] = {}
    for positions in alike.values():
        try:
            parsed = _parse_alike([texts[position] for position in positions])
            found.update(zip(positions, parsed, strict=True))
        except FileRefused as refused:
            if len(positions) == 1:
                found[positions[0]] = refused
            else:  # which one of them it was shows where each is parsed alone
                found.update((each, parse_texts([texts[each]])[0]) for each in positions)
    return [found[position] for position in range(len(texts))]


def _parse_alike(texts: Sequence[DelimitedText]) -> list[ParsedFile]:
    """Parse texts of one width, separator and quote.

    Raises:
        FileRefused: "reader_disagrees", over one of them.
    """
    first = texts[0]
    joined = b"".join(each.text if each.is_whole else each.text + b"\n" for each in texts)
    lines = pl.read_lines(joined).to_series()
    del joined
    ends = accumulate(each.text.count(b"\n") + (not each.is_whole) for each in texts)
    bounds = list(pairwise([0, *ends]))
    records = [
        (begin + text.first_line - 1, end) for text, (begin, end) in zip(texts, bounds, strict=True)
    ]
    plain, quoted = _plain_lines(lines, first, records)
    rows = _plain_rows(lines, plain, quoted, first)
    is_row = np.zeros(len(lines), np.bool_)
    is_row[rows[LINE].to_numpy()] = True
    irregular = [
        list(_irregular_records(lines, is_row, text, *of_text))
        for text, of_text in zip(texts, records, strict=True)
    ]
    rows = _with_irregular(rows, [each for own in irregular for each in own], first.width)
    # A spreadsheet saved as CSV ends in lines of commas.
    if 0 not in rows.null_count().row(0)[1:]:
        rows = rows.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
    begins = [begin for begin, _ in bounds]
    starts = np.searchsorted(rows[LINE].to_numpy(), [*begins, len(lines)])
    shifts = np.repeat(np.array(begins) - 1, np.diff(starts))
    rows = rows.with_columns(pl.col(LINE) - pl.Series(shifts, dtype=pl.Int64))
    return [
        _parsed_file(text, *of_text, rows[start:stop], own)
        for text, of_text, (start, stop), own in zip(
            texts, bounds, pairwise(starts.tolist()), irregular, strict=True
        )
    ]


def _plain_lines(
    lines: pl.Series, text: DelimitedText, records: Sequence[tuple[int, int]]
) -> tuple[pl.Series, pl.Series]:
    """Which lines are, or may be, one plain record each; and which of them hold a quote."""
    inside = np.zeros(len(lines), np.bool_)
    for begin, end in records:
        inside[begin:end] = True
    separator, forbidden = re.escape(text.separator), text.forbidden
    value, quote = f"[^{separator}{forbidden}]*", re.escape(text.quote)
    if quote:
        other = f"[^{quote}{separator}{forbidden}]*"
        value = f"(?:{other}|{quote}(?:[^{quote}{forbidden}]|{quote}{quote})*{quote})"
    record = f"^{value}(?:{separator}{value}){{{text.width - 1}}}$"
    marked = lines.str.contains_any([*text.quote, *forbidden])
    plain = ~marked
    if marked.any():
        plain = plain.scatter(marked.arg_true(), lines.filter(marked).str.contains(record))
    plain &= pl.Series(inside)
    return plain, plain & marked


def _plain_rows(
    lines: pl.Series, plain: pl.Series, quoted: pl.Series, text: DelimitedText
) -> pl.DataFrame:
    """Rows of the plain lines that have as many fields as the header; `__line` from 0."""
    parts = [rows_of([], [], text.width)]
    for start in range(0, len(lines), BLOCK_LINES):
        chosen = plain[start : start + BLOCK_LINES].arg_true().cast(pl.Int64) + start
        own = lines.gather(chosen)
        with_quotes = quoted.gather(chosen)
        rows = _parse_lines(own, text, quoted=bool(with_quotes.any()))
        # Polars fills short lines with nulls and cuts long ones, and says nothing. A line without
        # quotes is exactly as long as its fields and what stands between them.
        fields = pl.sum_horizontal(pl.all().str.len_bytes()).cast(pl.Int64)
        length = rows.select(fields + (text.width - 1)).to_series()
        fits = with_quotes | (length == own.str.len_bytes().cast(pl.Int64))
        parts.append(rows.insert_column(0, chosen.alias(LINE)).filter(fits))
    return pl.concat(parts)


def _parse_lines(lines: pl.Series, text: DelimitedText, *, quoted: bool) -> pl.DataFrame:
    """Parse lines that are one record each.

    A line with too few fields is filled with nulls, and one with too many is cut.

    Raises:
        FileRefused: "reader_disagrees".
    """
    # An empty record in front, because Polars drops a byte order mark from the first one.
    data = io.BytesIO(text.separator.encode() * (text.width - 1) + b"\n")
    data.seek(0, io.SEEK_END)
    lines.to_frame().write_csv(data, include_header=False, quote_style="never")
    names = [str(at) for at in range(text.width)]
    try:
        rows = pl.read_csv(
            data.getvalue(),
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            separator=text.separator,
            quote_char=text.quote if quoted else None,
            truncate_ragged_lines=True,
        )[1:]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise FileRefused("reader_disagrees", lines=len(lines)) from None
    if rows.height != len(lines):
        raise FileRefused("reader_disagrees", lines=len(lines), rows=rows.height)
    # Polars takes an empty field for null, but not one that is empty between quotes.
    return rows.with_columns(pl.when(pl.all() != "").then(pl.all())) if quoted else rows


class _Record(NamedTuple):
    """A record that is no plain line: its fields, and what is wrong with it, if anything is.

    It stands from the line at position `begin` to the one before `end`.
    """

    begin: int
    end: int
    cells: list[str]
    raw: str
    fault: str | None


def _irregular_records(
    lines: pl.Series, is_row: Flags, text: DelimitedText, start: int, end: int
) -> Iterator[_Record]:
    """Read the records of a text that are no plain lines.

    `start` and `end` are the positions of its first record and after its last one; `is_row` says
    which lines are a record by themselves.
    """
    following = start
    for at in (np.flatnonzero(~is_row[start:end]) + start).tolist():
        if at < following or not lines[at].strip(text.separator + _WHITE_SPACE):
            continue
        cells, following = _read_record(lines, is_row, text, at, end)
        raw = "\n".join(lines[each] for each in range(at, following))
        is_open = following == end and not text.is_whole
        yield _Record(at, following, cells, raw, _fault(cells, raw, text, is_open=is_open))


def _read_record(
    lines: pl.Series, is_row: Flags, text: DelimitedText, at: int, end: int
) -> tuple[list[str], int]:
    """Read the record that begins on a line; return its fields and the position after it.

    As everywhere in CSV, a quote inside a field that does not begin with one is just a quote. If
    the quotes lead nowhere the record is this line alone. It is read as Python's csv and pandas
    read it: what follows a quote that closes early belongs to the field. Where a quote is never
    closed there are no fields.
    """
    reader = csv.reader((lines[each] + "\n" for each in range(at, end)), **text.dialect)
    try:
        cells = next(reader)
    except csv.Error:
        return _leniently(lines[at], text), at + 1
    after = at + reader.line_num
    fits = len(cells) == text.width
    if not (fits and reader.line_num <= LINES_OF_RECORD) and is_row[at + 1 : after].any():
        return [], at + 1  # it must not take good lines with it
    return cells, after


def _leniently(line: str, text: DelimitedText) -> list[str]:
    """Fields of a line whose quotes close early, or none."""
    lenient: dict[str, Any] = text.dialect | {"strict": False}
    reader = csv.reader([line + "\n", _BEYOND], **lenient)
    cells = next(reader)
    is_closed = reader.line_num == 1
    return cells if is_closed and len(cells) == text.width else []


def _fault(cells: list[str], raw: str, text: DelimitedText, *, is_open: bool) -> str | None:
    """Say what is wrong with a record, if anything is; `is_open`: the file ends within it."""
    if text.damaged and REPLACEMENT in raw:
        return "encoding"
    if NULL in raw:
        return "null_byte"
    if len(cells) == text.width:
        return None
    if is_open and _has_too_few_fields(raw, text):
        return "cut_off_line"
    return "field_count" if cells else "quoting"


def _has_too_few_fields(raw: str, text: DelimitedText) -> bool:
    try:
        # Not strict: the file may stop inside quotes.
        lenient: dict[str, Any] = text.dialect | {"strict": False}
        return len(next(csv.reader([raw], **lenient))) < text.width
    except csv.Error:
        return False


def _with_irregular(rows: pl.DataFrame, irregular: Sequence[_Record], width: int) -> pl.DataFrame:
    """Put the rows of irregular records in their places, and drop those they have taken."""
    if taken := [at for each in irregular for at in range(each.begin + 1, each.end)]:
        rows = rows.filter(~pl.col(LINE).is_in(taken))
    good = [each for each in irregular if not each.fault]
    if not good:
        return rows
    columns = zip(*(each.cells for each in good), strict=True)
    more = rows_of([each.begin for each in good], columns, width)
    return pl.concat([rows, more]).sort(LINE)


def _parsed_file(
    text: DelimitedText, begin: int, end: int, rows: pl.DataFrame, irregular: Sequence[_Record]
) -> ParsedFile:
    rejects = [(each.begin - begin + 1, each.fault, each.raw) for each in irregular if each.fault]
    last_lines = {each.begin - begin + 1: each.end - begin for each in irregular}
    read = rows.height + sum(each.end - each.begin - (not each.fault) for each in irregular)
    blank = end - begin - (text.first_line - 1) - read
    return ParsedFile(
        header=text.header,
        header_line=text.header_line,
        rows=rows,
        rejects=rejects_of(rejects),
        ignored=Ignored(banner=text.header_line - 1, header=1, blank=blank),
        raw=partial(_raw_records, text.text, last_lines),
    )


def _raw_records(text: bytes, last_lines: dict[int, int], wanted: Sequence[int]) -> list[str]:
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    begins, ends = np.append(0, ends + 1), np.append(ends, len(text))
    return [
        text[begins[line - 1] : ends[last_lines.get(line, line) - 1]].decode() for line in wanted
    ]
