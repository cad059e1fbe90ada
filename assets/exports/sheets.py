"""Child process that reads a workbook: bytes on its standard input, blocks of texts on its output.

Belongs here: all that touches the bytes of a workbook beyond its container. Calamine takes memory
for whatever positions and counts a file claims, and a process that gets none is aborted, which no
`except` catches. So it reads in a process of its own, with bounds, that the night survives. Which
sheet is the export, and which rows are records, is for `workbook.py`, at the other end.

Run as `python -m assets.exports.sheets ROWS`. Each line of output is one JSON document: a `Block`,
or `{"error": name}` for whatever the reader raised (its message may quote cells and is dropped).
"""

import io
import json
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypedDict

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from assets.exports.cells import Value, has_lost_digits, text_of

HEAD = 20  # rows of the first block of a sheet: enough to see whether it is the right one
MEMORY_SHARE = 2  # the child may have one part in so many of the machine's memory
MAX_CPU_SECONDS = 1800  # a million rows take less than one


class Block(TypedDict):
    """Some rows of a sheet that are not empty, column by column.

    Attributes:
        sheet: number of the sheet among the visible ones.
        name: its name.
        lines: row number in Excel of each row.
        columns: texts of each column.
        lost: positions in `lines` of rows with a number whose digits are not certain.
        last_line: row number of the last row of the sheet, 0 for an empty sheet.
    """

    sheet: int
    name: str
    lines: list[int]
    columns: list[Sequence[str]]
    lost: list[int]
    last_line: int


def blocks(raw: bytes, rows: int) -> Iterator[Block]:
    """Read the visible worksheets one after the other; each gives at least one block.

    Args:
        raw: the workbook.
        rows: rows of a block.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    for number, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        last_line = sheet.end[0] + 1 if sheet.end else 0
        filled = _filled_rows(sheet)
        size = min(HEAD, rows)
        while block := list(islice(filled, size)):
            yield _block(number, name, block, last_line)
            size = rows


def _filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Value]]]:
    empty = [""] * sheet.width
    for line, values in enumerate(sheet.iter_rows(), start=1):
        if values != empty:
            yield line, values


def _block(number: int, name: str, block: list[tuple[int, list[Value]]], last_line: int) -> Block:
    """Turn rows into columns of texts; most columns hold texts and nothing else."""
    lines, records = zip(*block, strict=True)
    columns: list[Sequence[str]] = []
    lost: set[int] = set()
    for values in zip(*records, strict=True):
        kinds = set(map(type, values))
        columns.append(values if kinds == {str} else [text_of(value) for value in values])
        if float in kinds:
            lost.update(row for row, value in enumerate(values) if has_lost_digits(value))
    return {
        "sheet": number,
        "name": name,
        "lines": list(lines),
        "columns": columns,
        "lost": sorted(lost),
        "last_line": last_line,
    }


def serve(source: BinaryIO, target: BinaryIO, rows: int) -> None:
    """Write the blocks of the workbook on `source` to `target`, or the name of what went wrong."""
    try:
        for block in blocks(source.read(), rows):
            target.write(json.dumps(block).encode() + b"\n")
    except BrokenPipeError:
        raise
    except BaseException as error:
        # A panic of the Rust code is a BaseException of a class that cannot be imported.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        target.write(json.dumps({"error": type(error).__name__}).encode() + b"\n")


def bind() -> None:
    """Bound this process, and offer it to the kernel first should memory become scarce."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEMORY_SHARE
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, MAX_CPU_SECONDS)):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold personal data
    with suppress(OSError):  # some containers forbid it; the bound above holds all the same
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    bind()
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
        sys.stdout.buffer.flush()
    # Nothing is left to do that the reader's own end could spoil.
    os._exit(0)
