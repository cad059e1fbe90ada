"""XLSX workbook -> records, the same as `records.py` gives for a text.

Belongs here: which sheet is read, and which of its rows are records. Not here: whether the file can
be opened at all (`container.py`), and how a cell is written as text (`cells.py`).

It is read with python-calamine, which tells the type of each cell. A reader that turns every cell
into text makes of an 18-digit number that Excel has rounded an id which looks right.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import polars as pl
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from assets.exports.cells import Value, has_lost_digits, text_of
from assets.exports.container import check_container, refusing_damage
from assets.exports.layout import (
    HEADER_LINES,
    LINE,
    REJECTS,
    IsHeader,
    Records,
    check_width,
    header_cells,
    is_totals,
    rows_of,
)
from assets.exports.refusal import FileRefused

BLOCK = 50_000  # rows that are Python objects at a time


def read_workbook(raw: bytes, *, is_header: IsHeader, limit: int) -> Records:
    """Read the first visible sheet that has a header row among its first rows.

    Args:
        raw: The file as delivered.
        is_header: Whether these cells are the header row.
        limit: The most unpacked bytes that are accepted.

    Raises:
        FileRefused: "empty_file", "xls_format", "workbook_encrypted", "workbook_damaged",
            "too_large", "too_many_cells", "too_many_columns" or "header_unknown".
    """
    check_container(raw, limit)
    with refusing_damage():
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    is_empty = True
    for name in names:
        with refusing_damage():
            sheet = book.get_sheet_by_name(name)
        rows = _filled_rows(sheet)
        for line, values in rows:
            is_empty = False
            if line > HEADER_LINES:
                break
            cells = _without_empty_end(header_cells(text_of(value) for value in values))
            if is_header(cells):
                return _read_below(cells, line, rows, sheet)
    if is_empty:
        raise FileRefused("empty_file")
    raise FileRefused("header_unknown", lines=HEADER_LINES)


@dataclass(frozen=True)
class _Reject:
    """A row that is none, and its cells."""

    line: int
    rule: str
    cells: list[str]


def _filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Value]]]:
    """Give the rows that are not empty, with their row numbers in Excel."""
    empty = [""] * sheet.width
    with refusing_damage():
        for line, values in enumerate(sheet.iter_rows(), start=1):
            if values != empty:
                yield line, values


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return tuple(cells[:width])


def _read_below(
    header: tuple[str, ...],
    header_line: int,
    filled: Iterator[tuple[int, list[Value]]],
    sheet: CalamineSheet,
) -> Records:
    width = check_width(header)
    frames = [rows_of([], [], width)]
    rejects: list[_Reject] = []
    while block := list(islice(filled, BLOCK)):
        frame, more = _read_block(block, width)
        frames.append(frame)
        rejects += more
    rows, rejects = _without_totals_at_end(pl.concat(frames), rejects)
    last_line = sheet.end[0] + 1 if sheet.end else header_line
    raw = {reject.line: _joined(reject.cells) for reject in rejects}
    return Records(
        header=header,
        header_line=header_line,
        rows=rows,
        rejects=pl.DataFrame(
            [(reject.line, reject.rule, raw[reject.line]) for reject in rejects],
            schema=REJECTS,
            orient="row",
        ),
        ignored=last_line - 1 - rows.height - len(rejects),
        raw=partial(_raw_rows, rows, raw),
    )


def _read_block(
    block: list[tuple[int, list[Value]]], width: int
) -> tuple[pl.DataFrame, list[_Reject]]:
    """Read some rows, column by column because most columns hold texts and nothing else."""
    lines, records = zip(*block, strict=True)
    columns: list[Sequence[str]] = []
    faults: dict[int, str] = {}
    for number, values in enumerate(zip(*records, strict=True)):
        kinds = set(map(type, values))
        texts = values if kinds == {str} else [text_of(value) for value in values]
        columns.append(texts)
        if number >= width:
            for row in (row for row, text in enumerate(texts) if text):
                faults.setdefault(row, "field_count")
        if float in kinds:
            for row in (row for row, value in enumerate(values) if has_lost_digits(value)):
                faults[row] = "number_precision"
    rows = rows_of(lines, columns[:width], width)
    bad = sorted(faults)
    if bad:
        rows = rows.filter(pl.repeat(True, rows.height, eager=True).scatter(bad, False))
    return rows, [
        _Reject(lines[row], faults[row], [column[row] for column in columns]) for row in bad
    ]


def _without_totals_at_end(
    rows: pl.DataFrame, rejects: list[_Reject]
) -> tuple[pl.DataFrame, list[_Reject]]:
    while rows.height or rejects:
        if rejects and (rows.is_empty() or rejects[-1].line > rows.item(-1, LINE)):
            if not is_totals(rejects[-1].cells):
                break
            rejects = rejects[:-1]
        else:
            if not is_totals(rows.row(-1)[1:]):
                break
            rows = rows[:-1]
    return rows, rejects


def _raw_rows(rows: pl.DataFrame, rejects: dict[int, str], lines: Sequence[int]) -> list[str]:
    """Return rows as lines of CSV; a row that was ignored has no text."""
    wanted = rows.filter(pl.col(LINE).is_in(lines))
    texts = {line: _joined(cells) for line, *cells in wanted.iter_rows()}
    return [texts.get(line, rejects.get(line, "")) for line in lines]


def _joined(cells: Sequence[str | None]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")
