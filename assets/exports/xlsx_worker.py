"""Child process that reads a workbook: bytes on its standard input, blocks of texts on its output.

Calamine allocates memory for whatever positions and counts a file claims, and a process that gets
none is aborted, which no `except` catches. So it reads in a process of its own, with limits, which
the night survives. It tells the type of each cell: a reader that turns every cell into text makes
of an 18-digit number that Excel has rounded an id which looks right.

Run as `python -P xlsx_worker.py ROWS`; it imports nothing of ours. Each line of output is one JSON
document: a `Block`, or `{"error": name}` for whatever the reader raised (its message may quote
cells and is dropped).
"""

import io
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Value = int | float | str | bool | date | datetime | time | timedelta

HEAD = 20  # rows of the first block of a sheet: enough to see whether it is the right one
_MEMORY_SHARE = 2  # the child may have one part in so many of the machine's memory
_MAX_CPU_SECONDS = 1800  # a million rows take less than one
# From here on a float no longer tells neighbouring integers apart: digits of an id are lost.
_EXACT = 2**53
_HALF_A_SECOND = 500_000  # microseconds
_LAST_TIMESTAMP = datetime.max.replace(microsecond=0)
_LAST_SECOND_OF_DAY = 86_399


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


def has_lost_digits(value: Value) -> bool:
    """Tell whether a cell holds an integer too large for a float to be sure of its digits."""
    return isinstance(value, float) and abs(value) >= _EXACT and value.is_integer()


def text_of(value: Value) -> str:
    """Return a cell as a CSV export would write it; "" if it is empty or an error.

    What the text means is up to whoever parses the column, such as a midnight that comes as a date.
    """
    return _TEXTS[type(value)](value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _timestamp(value: datetime) -> str:
    # Excel stores days as floats: 09:30:00 may come as 09:29:59.999.
    if value.microsecond:
        rounds_up = value.microsecond >= _HALF_A_SECOND
        value = value.replace(microsecond=0)
        if rounds_up and value < _LAST_TIMESTAMP:
            value += timedelta(seconds=1)
    return value.isoformat(sep=" ")


def _time_of_day(value: time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    seconds = min(seconds + (value.microsecond >= _HALF_A_SECOND), _LAST_SECOND_OF_DAY)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _duration(value: timedelta) -> str:
    seconds = round(abs(value).total_seconds())
    sign = "-" if seconds and value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _number,
    int: str,
    bool: _truth,
    datetime: _timestamp,
    date: date.isoformat,
    time: _time_of_day,
    timedelta: _duration,
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


def limit_resources() -> None:
    """Limit this process, and offer it to the kernel first should memory become scarce."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEMORY_SHARE
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, _MAX_CPU_SECONDS)):
        _, hard = resource.getrlimit(kind)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold personal data
    with suppress(OSError):  # some containers forbid it; the limit above holds all the same
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    limit_resources()
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
        sys.stdout.buffer.flush()
    # Nothing is left to do that the reader's own end could spoil.
    os._exit(0)
