"""XLSX workbook -> parsed sheets, each the same as `delimited.py` gives for a text.

What a workbook holds is read by `assets.workbooks`, in a process of its own; which sheets and rows
count is decided here.
"""

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import polars as pl

from assets.exports.parsed_file import (
    HEADER_LINES,
    LINE,
    SHEET_LINES,
    FileRefused,
    Ignored,
    IsHeader,
    ParsedFile,
    check_width,
    header_cells,
    rejects_of,
    rows_of,
)
from assets.workbooks import Block, Refused, SheetEnd, read_in_child

_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of .xls and of encrypted workbooks
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What the child needs beside the file, its shared texts and a block.
_CHILD_BYTES = 256 << 20
# Where a row has several faults: lost digits matter most.
_PRECEDENCE = (
    "merged_cells", "field_count", "number_format", "formula_uncached", "cell_error",
    "number_precision",
)  # fmt: skip

# Line, rule and cells of a row that is rejected.
_Reject = tuple[int, str, list[str]]


@dataclass(frozen=True)
class ParsedSheet:
    """A sheet that holds the header.

    Attributes:
        name: its name.
        filled: its rows that are not empty.
        parsed: its rows; their lines are `SHEET_LINES` apart from those of the next sheet.
        hidden_rows: rows that are hidden or filtered out, and are read all the same.
        hidden_columns: columns with a header of which the same is true.
        is_1904: days of the workbook are counted from 1904.
    """

    name: str
    filled: int
    parsed: ParsedFile
    hidden_rows: int
    hidden_columns: int
    is_1904: bool


@dataclass(frozen=True)
class Workbook:
    """A workbook, sheet by sheet.

    Attributes:
        sheets: those that hold the header, in their order; at least one.
        others: name -> rows that are not empty, of every other sheet, hidden ones too.
    """

    sheets: tuple[ParsedSheet, ...]
    others: tuple[tuple[str, int], ...]


def read_workbook(
    raw: bytes,
    *,
    is_header: IsHeader,
    is_read: Callable[[str], bool] = lambda _: True,
    unpacked: int,
    memory: int,
    sheet: str = "",
) -> Workbook:
    """Read every visible sheet that has a header row among its first rows.

    Args:
        raw: The file as delivered.
        is_header: Whether these cells are the header row.
        is_read: Whether the column below a header counts: a fault elsewhere costs no row.
        unpacked: The most unpacked bytes that are accepted.
        memory: The most bytes that its rows may take.
        sheet: Name of the only sheet that counts, hidden or not; any visible one where it is empty.

    Raises:
        FileRefused: "empty_file", "xls_format", "workbook_encrypted", "workbook_damaged",
            "too_large", "over_memory", "too_many_columns" or "header_unknown".
    """
    _check_container(raw)
    sheets: list[ParsedSheet] = []
    others: list[tuple[str, int]] = []
    reading: _SheetRows | None = None
    is_first = True
    filled = 0
    try:
        with closing(
            read_in_child(
                raw,
                memory=_CHILD_BYTES + len(raw) + 2 * memory,
                unpacked=unpacked,
                characters=memory,
            )
        ) as content:
            for each in content:
                if "lines" in each:
                    block = cast(Block, each)
                    wanted = block["name"].strip() == sheet if sheet else block["is_visible"]
                    if reading is not None:
                        reading.add(block)
                    elif is_first and wanted:
                        reading = _find_header(block, is_header, is_read)
                    is_first = False
                    filled += wanted
                    continue
                end = each
                number = len(sheets) + len(others)
                if reading is not None:
                    sheets.append(reading.finish(end, number))
                else:
                    others.append((end["name"], end["filled"]))
                reading, is_first = None, True
    except Refused as refused:
        if refused.rule in ("too_large", "over_memory"):
            limit = unpacked if refused.rule == "too_large" else memory
            raise FileRefused(refused.rule, limit=limit >> 20) from None
        detail = {"error": refused.error} if refused.error else {}
        raise FileRefused(refused.rule, **detail) from None
    if not filled:
        raise FileRefused("empty_file")
    if not sheets:
        raise FileRefused("header_unknown", lines=HEADER_LINES)
    return Workbook(tuple(sheets), tuple(others))


def _check_container(raw: bytes) -> None:
    if not raw:
        raise FileRefused("empty_file")
    if raw.startswith(_OLE2):
        raise FileRefused("workbook_encrypted" if _ENCRYPTED in raw else "xls_format")


def _find_header(
    block: Block, is_header: IsHeader, is_read: Callable[[str], bool]
) -> "_SheetRows | None":
    rows = list(zip(*block["columns"], strict=True))
    for at, line in enumerate(block["lines"]):
        cells = header_cells(rows[at])
        width = max((number for number, cell in enumerate(cells, start=1) if cell), default=0)
        if line <= HEADER_LINES and is_header(cells[:width]):
            check_width(cells[:width])
            found = _SheetRows(cells[:width], line, is_read)
            found.add(_below(block, at))
            return found
    return None


def _below(block: Block, row: int) -> Block:
    """The part of a block below one of its rows."""
    return {
        **block,
        "lines": block["lines"][row + 1 :],
        "columns": [column[row + 1 :] for column in block["columns"]],
        "faults": [(at - row - 1, *rest) for at, *rest in block["faults"] if at > row],  # type: ignore[misc]
    }


@dataclass
class _SheetRows:
    """Rows below the header of a sheet, as its blocks come."""

    header: tuple[str, ...]
    header_line: int
    is_read: Callable[[str], bool]
    frames: list[pl.DataFrame] = field(default_factory=list)
    rejects: list[_Reject] = field(default_factory=list)

    def add(self, block: Block) -> None:
        """Take the rows of a block."""
        lines, columns, width = block["lines"], block["columns"], len(self.header)
        columns += [[""] * len(lines)] * (width - len(columns))
        faults: dict[int, str] = {}
        for texts in columns[width:]:
            faults |= {row: "field_count" for row, text in enumerate(texts) if text}
        read = [self.is_read(cell) for cell in self.header]
        own = [
            (row, rule) for row, column, rule in block["faults"] if column < width and read[column]
        ]
        for row, rule in own:
            faults[row] = max(rule, faults.get(row, rule), key=_PRECEDENCE.index)
        rows = rows_of(lines, columns[:width], width)
        bad = sorted(faults)
        if bad:
            rows = rows.filter(pl.repeat(True, rows.height, eager=True).scatter(bad, False))
        self.frames.append(rows)
        self.rejects += [
            (lines[row], faults[row], [column[row] for column in columns]) for row in bad
        ]

    def finish(self, end: SheetEnd, number: int) -> ParsedSheet:
        """The sheet, which stands at position `number` of its workbook."""
        rows, rejects = self._without_merged(pl.concat(self.frames), self.rejects, end)
        first = number * SHEET_LINES
        rows = rows.with_columns(pl.col(LINE) + first)
        raw = {line + first: _csv_line(cells) for line, _, cells in rejects}
        parsed = ParsedFile(
            header=self.header,
            header_line=self.header_line,
            rows=rows,
            rejects=rejects_of(
                [(line + first, rule, raw[line + first]) for line, rule, _ in rejects]
            ),
            ignored=Ignored(
                banner=self.header_line - 1,
                header=1,
                blank=end["last_line"] - self.header_line - rows.height - len(rejects),
            ),
            raw=partial(_raw_rows, rows, raw),
        )
        width = len(self.header)
        hidden = sum(max(0, min(last + 1, width) - at) for at, last in end["hidden_columns"])
        return ParsedSheet(
            end["name"], end["filled"], parsed, end["hidden_rows"], hidden, end["is_1904"]
        )

    def _without_merged(
        self, rows: pl.DataFrame, rejects: list[_Reject], end: SheetEnd
    ) -> tuple[pl.DataFrame, list[_Reject]]:
        """Reject rows in which a merged cell hides others: only its first one holds the value."""
        read = [at for at, cell in enumerate(self.header) if self.is_read(cell)]
        spans = [
            (top if len(columns) > 1 else top + 1, bottom)
            for top, left, bottom, right in end["merged"]
            if bottom > self.header_line and (columns := [at for at in read if left <= at <= right])
        ]
        hidden = _within(rows[LINE], spans)
        more = [
            (line, "merged_cells", [text or "" for text in cells])
            for line, *cells in rows.filter(hidden).iter_rows()
        ]
        if not more:
            return rows, rejects
        return rows.filter(~hidden), sorted([*rejects, *more], key=lambda each: each[0])


def _within(lines: pl.Series, spans: Sequence[tuple[int, int]]) -> pl.Series:
    """Which lines lie in one of the spans, first and last line of each."""
    apart: list[list[int]] = [[0, 0]]
    for first, last in sorted(spans):
        if first <= apart[-1][1]:
            apart[-1][1] = max(apart[-1][1], last)
        else:
            apart.append([first, last])
    firsts, lasts = (pl.Series(each, dtype=pl.Int64) for each in zip(*apart, strict=True))
    return lines <= lasts.gather(firsts.search_sorted(lines, side="right") - 1)


def _raw_rows(rows: pl.DataFrame, rejects: dict[int, str], lines: Sequence[int]) -> list[str]:
    """Return rows as lines of CSV; a row that was ignored has no text."""
    wanted = rows.filter(pl.col(LINE).is_in(lines))
    texts = {line: _csv_line(cells) for line, *cells in wanted.iter_rows()}
    return [texts.get(line, rejects.get(line, "")) for line in lines]


def _csv_line(cells: Sequence[str | None]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")
