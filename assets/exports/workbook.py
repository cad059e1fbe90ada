"""XLSX workbook -> records, the same as `records.py` gives for a text.

Belongs here: which sheet is read, and which of its rows are records. Not here: whether the file can
be opened at all (`container.py`), reading the sheets (`sheets.py`, in a process of its own), and
how a cell is written as text (`cells.py`).

It is read with python-calamine, which tells the type of each cell. A reader that turns every cell
into text makes of an 18-digit number that Excel has rounded an id which looks right.
"""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain

import polars as pl

from assets.exports.container import check_container
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
from assets.exports.refusals import FileRefused
from assets.exports.sheets import Block

BLOCK = 50_000  # rows that are Python objects at a time


def read_workbook(raw: bytes, *, is_header: IsHeader, limit: int, sheet: str = "") -> Records:
    """Read the first visible sheet that has a header row among its first rows.

    Args:
        raw: The file as delivered.
        is_header: Whether these cells are the header row.
        limit: The most unpacked bytes that are accepted.
        sheet: Name of the only sheet that counts; any where it is empty.

    Raises:
        FileRefused: "empty_file", "xls_format", "workbook_encrypted", "workbook_damaged",
            "too_large", "too_many_cells", "too_many_columns" or "header_unknown".
    """
    check_container(raw, limit)
    seen = -1
    with closing(_read_apart(raw)) as read:
        for block in read:
            if block["sheet"] == seen:
                continue  # more of a sheet whose first rows hold no header
            seen = block["sheet"]
            if sheet and block["name"].strip() != sheet:
                continue
            rows = list(zip(*block["columns"], strict=True))
            for at, line in enumerate(block["lines"]):
                cells = _without_empty_end(header_cells(rows[at]))
                if line <= HEADER_LINES and is_header(cells):
                    return _read_below(cells, line, chain([_below(block, at)], read))
    if seen < 0:
        raise FileRefused("empty_file")
    raise FileRefused("header_unknown", lines=HEADER_LINES)


def _read_apart(raw: bytes) -> Generator[Block, None, None]:
    """Read the sheets in a process that may die.

    Raises:
        FileRefused: "workbook_damaged", also where the reader did not survive the file.
    """
    command = [sys.executable, "-m", "assets.exports.sheets", str(BLOCK)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 (our own module and no shell)
        command, stdin=pipe, stdout=pipe, stderr=nowhere
    ) as child:
        try:
            if child.stdin is None or child.stdout is None:
                raise ValueError("the reader has no pipes")
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(raw)
            for answer in child.stdout:
                if not answer.endswith(b"\n"):
                    break  # it died while it wrote
                block = json.loads(answer)
                if "error" in block:
                    raise FileRefused("workbook_damaged", error=block["error"])
                yield block
            if code := child.wait():
                raise FileRefused("workbook_damaged", error=f"exit {code}")
        finally:
            child.kill()


def _below(block: Block, row: int) -> Block:
    """Return the part of a block below one of its rows."""
    return block | {
        "lines": block["lines"][row + 1 :],
        "columns": [column[row + 1 :] for column in block["columns"]],
        "lost": [each - row - 1 for each in block["lost"] if each > row],
    }


@dataclass(frozen=True)
class _Reject:
    """A row that is none, and its cells."""

    line: int
    rule: str
    cells: list[str]


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return tuple(cells[:width])


def _read_below(header: tuple[str, ...], header_line: int, blocks: Iterator[Block]) -> Records:
    width = check_width(header)
    frames = [rows_of([], [], width)]
    rejects: list[_Reject] = []
    sheet, last_line = -1, header_line
    for block in blocks:
        if sheet not in (-1, block["sheet"]):
            break
        sheet = block["sheet"]
        frame, more = _read_block(block, width)
        frames.append(frame)
        rejects += more
        last_line = block["last_line"]
    rows, rejects = _without_totals_at_end(pl.concat(frames), rejects)
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


def _read_block(block: Block, width: int) -> tuple[pl.DataFrame, list[_Reject]]:
    lines, columns = block["lines"], block["columns"]
    faults: dict[int, str] = {}
    for texts in columns[width:]:
        faults |= {row: "field_count" for row, text in enumerate(texts) if text}
    faults |= dict.fromkeys(block["lost"], "number_precision")
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
