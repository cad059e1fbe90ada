"""A file of the sample before it is written: its rows, and how they are laid down in it.

Belongs here: `Sheet`, the cut of the year into sheets, and the bytes of a CSV sheet. Excel
workbooks are in `workbook`; what is wrong with a sheet is in `damage`.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from assets.sample.volumes import Volumes
from assets.sample.year import DAILY_TIMES, FILE_DATE, Year
from schemas import EXPORTS

UTF8, UTF8_BOM, GB18030 = "utf-8", "utf-8-sig", "gb18030"
Cell = str | float | None


class Form(StrEnum):
    """The format of a file, as its ending says."""

    CSV = ".csv"
    GZIP = ".csv.gz"
    EXCEL = ".xlsx"
    OLD_EXCEL = ".xls"


@dataclass
class Sheet:
    """One file of the sample.

    Attributes:
        dataset: name of the dataset.
        date: digits of the date in the file name.
        rows: its true rows, text, canonical column names, in the order of the file.
        suffix: what follows the date in the name.
        folder: sub-folder of the landing folder.
        form: format.
        encoding: encoding of a CSV file.
        line_end: end of a line of a CSV file.
        titles: column -> header, in the order of the file.
        above: lines above the header.
        below: lines below the last row.
        inserts: position of a true row, and the lines that stand before it.
        cells: further rows of a workbook; a float is written as a number.
        cut_off: beginning of a line that ends the file.
        copies: further paths of the same rows, and the encoding of each.
        content: the bytes of a file that is no export at all.
        takes_lines: whether lines may be put between its rows.
        bad_lines: how many lines of it are to be quarantined.
    """

    dataset: str
    date: str
    rows: pl.DataFrame
    suffix: str = ""
    folder: str = ""
    form: Form = Form.CSV
    encoding: str = UTF8
    line_end: str = "\n"
    titles: dict[str, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    inserts: list[tuple[int, str]] = field(default_factory=list)
    cells: list[dict[str, Cell]] = field(default_factory=list)
    cut_off: str = ""
    copies: list[tuple[str, str]] = field(default_factory=list)
    content: bytes | None = None
    takes_lines: bool = True
    bad_lines: int = 0

    def __post_init__(self) -> None:
        """Give the sheet the headers of the default profile, where it has none of its own."""
        if not self.titles:
            self.titles = {column.name: column.title for column in EXPORTS[self.dataset].columns}

    @property
    def path(self) -> str:
        """Path below the landing folder, with "/"."""
        name = f"{self.dataset}_{self.date}{self.suffix}{self.form}"
        return f"{self.folder}/{name}" if self.folder else name


def csv_line(cells: Iterable[Cell]) -> str:
    """One line of CSV without its end, quoted only where that is needed."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()


def csv_text(sheet: Sheet) -> str:
    """The text of a CSV file."""
    rows, names = sheet.rows, list(sheet.titles)
    if rows.columns != names:
        rows = rows.select(names)
    end = sheet.line_end
    parts = [f"{line}{end}" for line in (*sheet.above, csv_line(sheet.titles.values()))]
    start = 0
    for position, line in sorted(sheet.inserts, key=lambda insert: insert[0]):
        parts.append(_body(rows[start:position], end))
        parts.append(f"{line}{end}")
        start = position
    parts.append(_body(rows[start:], end))
    parts += [f"{line}{end}" for line in sheet.below]
    return "".join([*parts, sheet.cut_off])


def _body(rows: pl.DataFrame, end: str) -> str:
    return rows.write_csv(include_header=False, line_terminator=end) if rows.height else ""


def csv_bytes(sheet: Sheet, encoding: str) -> bytes:
    """The bytes of a CSV file, the same whenever it is written."""
    content = csv_text(sheet).encode(encoding)
    return gzip.compress(content, 6, mtime=0) if sheet.form is Form.GZIP else content


def _dates(dataset: str, rows: pl.DataFrame, year: int) -> Sequence[str]:
    """Every date for which a file of the dataset is due, whether or not it has rows."""
    if dataset not in DAILY_TIMES:
        return sorted(rows[FILE_DATE].unique())
    last = max(date(year, 12, 31).strftime("%Y%m%d"), rows[FILE_DATE][-1])
    day, dates = date(year, 1, 1), []
    while (digits := day.strftime("%Y%m%d")) <= last:
        dates.append(digits)
        day += timedelta(1)
    return dates


def cut_into_sheets(year: Year, volumes: Volumes) -> list[Sheet]:
    """One sheet for each dataset and period, without damage.

    Args:
        year: the true rows, sorted by the date of their file.
        volumes: says which year it is.
    """
    sheets = []
    for dataset, rows in year.rows.items():
        sizes = dict(rows.group_by(FILE_DATE).len().rows())
        body, start = rows.drop(FILE_DATE), 0
        for digits in _dates(dataset, rows, volumes.year):
            size = sizes.get(digits, 0)
            sheets.append(Sheet(dataset, digits, body[start : start + size]))
            start += size
    return sheets
