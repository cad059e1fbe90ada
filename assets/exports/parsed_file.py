"""What reading a file gives, whatever its format: a header, rows, rejects; or a refusal."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

LINE = "__line"  # columns are numbered and lines have this name: a real export has a column "line"
HEADER_LINES = 20  # a header row starts on one of the first so many lines
# Rows of the second sheet of a workbook have lines from here on, and so forth; Excel has 1,048,576.
SHEET_LINES = 10_000_000
MAX_COLUMNS = 1000  # the pattern of a record grows with its fields, and so does its automaton
BYTE_ORDER_MARK = "\ufeff"

NO_REJECTS = pl.DataFrame(schema={LINE: pl.Int64, "rule": pl.String, "raw": pl.String})
_SPACES = " \t\u3000\xa0"

# How many lines of a file are no rows, by reason; the ledger keeps them.
Ignored = Counter[str]
IsHeader = Callable[[Sequence[str]], bool]


class FileRefused(Exception):
    """A whole file cannot be ingested; the only exception that leaves the readers.

    Attributes:
        rule: Id of the file rule that failed (`schemas.file_rules`).
        detail: Facts for its sentence: sizes, counts, names of encodings. Never a cell value.
    """

    def __init__(self, rule: str, **detail: str | int) -> None:
        """Refuse a file for `rule`, with the facts that its sentence needs."""
        super().__init__(rule, detail)
        self.rule = rule
        self.detail = detail

    def __reduce__(self) -> tuple[object, tuple[()]]:
        """Pickle with the facts, which are keyword arguments."""
        return partial(FileRefused, self.rule, **self.detail), ()

    def __str__(self) -> str:
        """Return the rule and its facts, for logs."""
        return " ".join([self.rule, *(f"{name}={fact}" for name, fact in self.detail.items())])


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """The content of one file; every line of it is in exactly one place.

    Attributes:
        header: Cells of the header row as found.
        header_line: Line of the header row, from 1. In a workbook, "line" means worksheet row, and
            the rows of each further sheet begin at another `SHEET_LINES`.
        rows: `__line` (where the record starts), then the columns "0", "1", ... as text, one for
            each cell of the header. An empty cell is null. Sorted by line.
        rejects: `__line`, `rule` and `raw` of the lines that are no row. Sorted by line.
        ignored: Lines that are no rows, by reason: "banner" (above the header), "header",
            "totals", "note", "blank", "excluded". A record of several lines counts once.
        raw: Gives the raw text of the records that start at these lines, in the order asked for.
    """

    header: tuple[str, ...]
    header_line: int
    rows: pl.DataFrame
    rejects: pl.DataFrame
    ignored: Ignored
    raw: Callable[[Sequence[int]], list[str]] = field(repr=False)


def header_cells(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the cells of a possible header row without a byte order mark."""
    return tuple(cell.lstrip(BYTE_ORDER_MARK) for cell in cells)


def check_width(header: Sequence[str]) -> None:
    """Refuse a header of more columns than any export has.

    Raises:
        FileRefused: "too_many_columns".
    """
    if len(header) > MAX_COLUMNS:
        raise FileRefused("too_many_columns", columns=len(header), limit=MAX_COLUMNS)


def line_text(line: int) -> str:
    """Where a line stands, for people: its number, and the sheet where it is not on the first."""
    sheet, row = divmod(line, SHEET_LINES)
    return f"{line}（第{sheet + 1}张工作表第{row}行）" if sheet else str(line)


def rows_of(lines: Sequence[int], columns: Iterable[Sequence[str]], width: int) -> pl.DataFrame:
    """Make rows of the lines where records start and the columns of their fields."""
    texts = [[cell or None for cell in column] for column in columns] or [[]] * width
    schema = {LINE: pl.Int64} | {str(at): pl.String for at in range(width)}
    return pl.DataFrame([lines, *texts], schema)


def rejects_of(rejects: Sequence[tuple[int, str, str]]) -> pl.DataFrame:
    """Make rejects of their lines, rules and raw texts."""
    return pl.DataFrame(rejects, NO_REJECTS.schema, orient="row") if rejects else NO_REJECTS


def trimmed(name: str) -> pl.Expr:
    """The texts of a column without the spaces of every kind that stand around values."""
    return pl.col(name).str.strip_chars(_SPACES)
