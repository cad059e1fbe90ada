"""The part of a text below its header, and what it comes to when it has been read.

Belongs here: what reading plain lines (`lines.py`) and odd ones (`odd_lines.py`) have in common.
"""

from dataclasses import dataclass, field

import polars as pl

from assets.exports.layout import LINE, schema_of

NULL = "\0"
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Body:
    """The part of a text that holds the records, and how they are written.

    Attributes:
        text: The whole text.
        begin: Offset of the first byte of the body.
        end: Offset after its last byte.
        first_line: Line, from 1, on which it begins.
        width: Fields of a record.
        separator: What stands between them.
        damaged: U+FFFD stands for bytes that could not be decoded.
    """

    text: bytes = field(repr=False)
    begin: int
    end: int
    first_line: int
    width: int
    separator: str
    damaged: bool

    @property
    def is_whole(self) -> bool:
        """Whether its last line, if there is one, has an end."""
        return self.begin == self.end or self.text.endswith(b"\n", self.begin, self.end)

    @property
    def fatal(self) -> str:
        """Characters that no record may hold."""
        return NULL + REPLACEMENT if self.damaged else NULL


@dataclass(frozen=True)
class Reading:
    """What the lines of a body came to.

    Attributes:
        rows: `__line` and the numbered columns; an empty field is null.
        rejects: As in `Records`.
        blank: Number of lines with nothing but separators and white space.
        last_lines: First line -> last line of the records that have more than one.
    """

    rows: pl.DataFrame
    rejects: pl.DataFrame
    blank: int
    last_lines: dict[int, int]


def split_lines(text: bytes) -> pl.Series:
    """Return the lines of a text without their ends."""
    return pl.read_lines(text, name="raw").to_series()


def parse(data: bytes, body: Body, *, quoted: bool) -> pl.DataFrame:
    """Parse lines that are one record each.

    A line with too few fields is filled with nulls, and one with too many is cut.
    """
    rows = pl.scan_csv(
        data,
        has_header=False,
        schema=schema_of(body.width),
        separator=body.separator,
        quote_char='"' if quoted else None,
        truncate_ragged_lines=True,
    )
    # Polars takes an empty field for null, but not one that is empty between quotes.
    if quoted and b'""' in data:
        rows = rows.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return rows.collect()


def numbered(rows: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    """Put the line of each row in front of its columns."""
    return rows.insert_column(0, lines.cast(pl.Int64).alias(LINE))
