"""A delimited text (CSV, TSV) and its header row: where it stands, and what separates fields."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assets.exports.decode import Decoded, first_lines
from assets.exports.parsed_file import (
    BYTE_ORDER_MARK,
    HEADER_LINES,
    FileRefused,
    IsHeader,
    check_width,
    header_cells,
)

# Tried in this order where the profile names none.
SEPARATORS = ",\t;"
NULL = "\0"
REPLACEMENT = "\ufffd"
_MARK = BYTE_ORDER_MARK.encode()


@dataclass(frozen=True)
class DelimitedText:
    """A text whose header is found.

    Attributes:
        text: UTF-8 with Unix line ends and no byte order mark, as `decode` makes it.
        damaged: U+FFFD stands for bytes that could not be decoded.
        header: Cells of the header row as found.
        header_line: Line, from 1, on which the header row starts.
        first_line: Line below the header row.
        separator: What stands between fields.
        quote: What may stand around a field; empty where quotes are characters like any other.
    """

    text: bytes = field(repr=False)
    damaged: bool
    header: tuple[str, ...]
    header_line: int
    first_line: int
    separator: str
    quote: str = '"'

    @property
    def width(self) -> int:
        """Fields of a record."""
        return len(self.header)

    @property
    def forbidden(self) -> str:
        """Characters that no record may hold."""
        return NULL + REPLACEMENT if self.damaged else NULL

    @property
    def dialect(self) -> dict[str, Any]:
        """How Python's csv module is told to read its records."""
        return csv_dialect(self.separator, self.quote)

    @property
    def is_whole(self) -> bool:
        """Whether the last line has an end."""
        return self.text.endswith(b"\n")


def csv_dialect(separator: str, quote: str) -> dict[str, Any]:
    """Options of `csv.reader`, which is to raise where quotes are not as they should be."""
    if not quote:
        return {"delimiter": separator, "quoting": csv.QUOTE_NONE, "strict": True}
    return {"delimiter": separator, "quotechar": quote, "strict": True}


def find_header(
    decoded: Decoded,
    *,
    is_header: IsHeader,
    separators: Sequence[str] = SEPARATORS,
    quote: str = '"',
    header_line: int | None = None,
    names: Sequence[str] = (),
) -> DelimitedText:
    """Find the header of a delimited text.

    Args:
        decoded: The text.
        is_header: Whether these cells are the header row.
        separators: Tried in this order until a header row is found.
        quote: What may stand around a field; empty for nothing.
        header_line: Line of the header, from 1, where it is known: whatever it holds.
        names: What the columns of a text without a header are called, in order.

    Raises:
        FileRefused: "empty_file", "header_unknown" or "too_many_columns".
    """
    if not decoded.text or decoded.text.isspace():
        raise FileRefused("empty_file")
    if names:
        return _without_header(decoded, names, separators, quote)
    first, last = (header_line - 1, header_line) if header_line else (0, HEADER_LINES)
    # A cell of the header may hold line ends, so it may end below the last line it can start on.
    head = first_lines(decoded.text, last + HEADER_LINES)
    for separator in separators:
        for start in range(first, min(last, len(head))):
            # A mark may stand here too, where a file was put together from two, or marked twice:
            # before a quote it would make the quotes a part of the name.
            line = head[start].removeprefix(_MARK).removeprefix(_MARK)
            following = (each.decode() + "\n" for each in (line, *head[start + 1 :]))
            reader = csv.reader(following, **csv_dialect(separator, quote))
            try:
                cells = header_cells(next(reader))
            except csv.Error:
                continue
            if cells and (is_header(cells) or (header_line and len(separators) == 1)):
                check_width(cells)
                below = start + reader.line_num + 1
                return DelimitedText(
                    decoded.text, decoded.damaged, cells, start + 1, below, separator, quote
                )
    raise FileRefused("header_unknown", lines=HEADER_LINES)


def _without_header(
    decoded: Decoded, names: Sequence[str], separators: Sequence[str], quote: str
) -> DelimitedText:
    """The text, whose first line is a row of as many fields as there are names."""
    head = [line.decode() + "\n" for line in first_lines(decoded.text, HEADER_LINES)]
    for separator in separators:
        try:
            cells = next(csv.reader(head, **csv_dialect(separator, quote)))
        except csv.Error:
            continue
        if len(cells) == len(names):
            return DelimitedText(
                decoded.text, decoded.damaged, tuple(names), 1, 1, separator, quote
            )
    raise FileRefused("header_unknown", lines=HEADER_LINES)
