"""UTF-8 text -> records: the header, and every line below it as a row, a reject or a blank.

Belongs here: finding the header and the end of the body. Not here: encodings (`decode.py`), the
lines of the body (`lines.py`), and what any column means.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from assets.exports.body import Body, Reading
from assets.exports.decode import first_lines
from assets.exports.layout import (
    BYTE_ORDER_MARK,
    HEADER_LINES,
    IsHeader,
    Records,
    check_width,
    drop_empty,
    header_cells,
    is_totals,
)
from assets.exports.lines import read_lines
from assets.exports.odd_lines import WHITE_SPACE
from assets.exports.offsets import Lines
from assets.exports.refusals import FileRefused

MARK = BYTE_ORDER_MARK.encode()


@dataclass(frozen=True)
class Text:
    """A delimited text whose header is found.

    Attributes:
        header: Cells of the header row as found.
        header_line: Line of the header row, from 1.
        body: What is below it, down to the totals.
        trailing: Number of lines of totals and blanks at the end.
    """

    header: tuple[str, ...]
    header_line: int
    body: Body
    trailing: int


def find_header(
    text: bytes,
    *,
    is_header: IsHeader,
    damaged: bool = False,
    separators: Sequence[str] = (",", "\t", ";"),
) -> Text:
    """Find the header of a delimited text, and where its rows begin and end.

    Args:
        text: UTF-8 with Unix line ends and no byte order mark, as `decode` makes it.
        is_header: Whether these cells are the header row.
        damaged: U+FFFD in the text stands for damage, and its lines are rejects.
        separators: Tried in this order until a header row is found.

    Raises:
        FileRefused: "empty_file", "header_unknown" or "too_many_columns".
    """
    if not text or text.isspace():
        raise FileRefused("empty_file")
    header = _find_header(text, is_header, separators)
    end, trailing = _end_of_rows(text, header)
    width = check_width(header.cells)
    body = Body(text, header.end, end, header.next_line, width, header.separator, damaged)
    return Text(header.cells, header.line, body, trailing)


def records_of(text: Text, reading: Reading | None = None) -> Records:
    """The records of a text.

    Args:
        text: as `find_header` returns it.
        reading: of its body, if that has been read already.

    Raises:
        FileRefused: "reader_disagrees".
    """
    body = text.body
    reading = reading or read_lines([body])[0]
    rows = drop_empty(reading.rows)
    empty = reading.rows.height - rows.height
    return Records(
        header=text.header,
        header_line=text.header_line,
        rows=rows,
        rejects=reading.rejects,
        ignored=text.header_line - 1 + text.trailing + reading.blank + empty,
        raw=partial(raw_lines, body.text, reading.last_lines),
    )


def raw_lines(text: bytes, last_lines: Mapping[int, int], lines: Sequence[int]) -> list[str]:
    """Return the text of the records that start at these lines.

    Args:
        text: The text they are in.
        last_lines: First line -> last line of the records that have more than one.
        lines: Lines to return, from 1.
    """
    if not lines:
        return []
    every = Lines(text, 0, len(text))
    return [every.text(line - 1, last_lines.get(line, line) - 1) for line in lines]


@dataclass(frozen=True)
class _Header:
    """The header row, where it starts, and where it ends."""

    cells: tuple[str, ...]
    separator: str
    line: int
    next_line: int
    end: int


def _find_header(text: bytes, is_header: IsHeader, separators: Sequence[str]) -> _Header:
    # A cell of the header may hold line ends, so it may end below the last line it can start on.
    head = first_lines(text, 2 * HEADER_LINES)
    for separator in separators:
        for start in range(min(HEADER_LINES, len(head))):
            # A mark may stand here too, where a file was put together from two, or marked twice:
            # before a quote it would make the quotes a part of the name.
            first = head[start].removeprefix(MARK).removeprefix(MARK)
            following = (line.decode() + "\n" for line in (first, *head[start + 1 :]))
            reader = csv.reader(following, delimiter=separator, strict=True)
            try:
                cells = header_cells(next(reader))
            except csv.Error:
                continue
            if cells and is_header(cells):
                after = start + reader.line_num
                end = min(sum(len(line) + 1 for line in head[:after]), len(text))
                return _Header(cells, separator, start + 1, after + 1, end)
    raise FileRefused("header_unknown", lines=HEADER_LINES)


def _end_of_rows(text: bytes, header: _Header) -> tuple[int, int]:
    """Return where the rows end, and how many lines of totals and blanks follow.

    A last line whose quotes come in pairs cannot end a quoted field, so it stands for itself.
    """
    end, trailing = len(text), 0
    while end > header.end:
        start = max(text.rfind(b"\n", header.end, end - 1) + 1, header.end)
        line = text[start:end].decode().removesuffix("\n")
        try:
            cells = next(csv.reader([line], delimiter=header.separator, strict=True))
        except csv.Error:
            break
        is_blank = not any(cells) or (
            len(cells) != len(header.cells) and not line.strip(header.separator + WHITE_SPACE)
        )
        if line.count('"') % 2 or not (is_blank or is_totals(cells)):
            break
        end, trailing = start, trailing + 1
    return end, trailing
