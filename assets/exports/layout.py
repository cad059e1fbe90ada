"""What every export has in common, text or workbook: banner, header, rows, totals.

Belongs here: the result of reading a file, and how banners, headers and totals are recognised. Not
here: how a text or a workbook is taken apart (`records.py`, `workbook.py`), or what a column means.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from assets.exports.refusals import FileRefused

LINE = "__line"  # columns are numbered and lines have this name: a real export has a column "line"
HEADER_LINES = 20  # a header row starts on one of the first so many lines
MAX_COLUMNS = 1000  # the pattern of a record grows with its fields, and so does its automaton
BYTE_ORDER_MARK = "\ufeff"
TOTALS = frozenset({"合计", "总计", "小计", "总数"})

REJECTS = {LINE: pl.Int64, "rule": pl.String, "raw": pl.String}
NO_REJECTS = pl.DataFrame(schema=REJECTS)

IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, eq=False)
class Records:
    """All that one file holds; every line of it is in exactly one place.

    Attributes:
        header: Cells of the header row as found.
        header_line: Line of the header row, from 1. In a workbook, "line" means worksheet row.
        rows: `__line` (where the record starts), then the columns "0", "1", ... as text, one for
            each cell of the header. An empty cell is null. Sorted by line.
        rejects: `__line`, `rule` and `raw` of the lines that are no row. Sorted by line.
        ignored: Number of lines that were not read: blank, above the header, or totals at the end.
        raw: Gives the raw text of the records that start at these lines, in the order asked for.
    """

    header: tuple[str, ...]
    header_line: int
    rows: pl.DataFrame
    rejects: pl.DataFrame
    ignored: int
    raw: Callable[[Sequence[int]], list[str]] = field(repr=False)


def header_cells(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the cells of a possible header row without a byte order mark."""
    return tuple(cell.lstrip(BYTE_ORDER_MARK) for cell in cells)


def check_width(header: Sequence[str]) -> int:
    """Return the number of columns.

    Raises:
        FileRefused: "too_many_columns".
    """
    if len(header) > MAX_COLUMNS:
        raise FileRefused("too_many_columns", columns=len(header), limit=MAX_COLUMNS)
    return len(header)


def schema_of(width: int) -> dict[str, type[pl.String]]:
    """Return names and type of the columns of `width` cells."""
    return dict.fromkeys(map(str, range(width)), pl.String)


def rows_of(lines: Sequence[int], columns: Iterable[Sequence[str]], width: int) -> pl.DataFrame:
    """Make rows of the lines where records start and the columns of their fields."""
    texts = [[cell or None for cell in column] for column in columns] or [[]] * width
    return pl.DataFrame([lines, *texts], {LINE: pl.Int64, **schema_of(width)})


def is_totals(cells: Iterable[str | None]) -> bool:
    """Tell whether a row is one of totals by its first cell that is not empty.

    `合 计` and `合计：` are as common as the plain word.
    """
    first = next(filter(None, cells), "")
    return "".join(first.split()).rstrip(":：") in TOTALS


def drop_empty(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop rows without a single value: a spreadsheet saved as CSV ends in lines of commas."""
    if 0 in rows.null_count().row(0)[1:]:  # some column is never empty
        return rows
    return rows.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
