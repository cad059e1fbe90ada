"""XLSX workbook -> parsed file, the same as `delimited.py` gives for a text.

Whether the container can be opened is checked here; the sheets are read in a process of its own
(`xlsx_worker.py`).
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import chain, takewhile
from pathlib import Path

import polars as pl

from assets.exports.parsed_file import (
    HEADER_LINES,
    LINE,
    FileRefused,
    Ignored,
    IsHeader,
    ParsedFile,
    check_width,
    header_cells,
    rejects_of,
    rows_of,
)
from assets.exports.xlsx_worker import Block

# Run as a file: as a module it would load this package, which takes longer than most workbooks.
_WORKER = Path(__file__).with_name("xlsx_worker.py")
BLOCK = 50_000  # rows that are Python objects at a time
# Calamine holds a cell of 32 bytes for everything between the first and the last cell in use: one
# stray space in XFD1048576 would do. Where a sheet is honest about it, people are told what to do.
MAX_CELLS = 50_000_000
_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of .xls and of encrypted workbooks
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_DIMENSION_WITHIN = 1 << 13  # bytes
_CHUNK = 1 << 20  # bytes

# Line, rule and cells of a row that is rejected.
_Reject = tuple[int, str, list[str]]


def read_workbook(raw: bytes, *, is_header: IsHeader, limit: int, sheet: str = "") -> ParsedFile:
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
    with closing(_blocks(raw)) as blocks:
        for block in blocks:
            if block["sheet"] == seen:
                continue  # more of a sheet whose first rows hold no header
            seen = block["sheet"]
            if sheet and block["name"].strip() != sheet:
                continue
            rows = list(zip(*block["columns"], strict=True))
            for at, line in enumerate(block["lines"]):
                cells = _without_empty_end(header_cells(rows[at]))
                if line <= HEADER_LINES and is_header(cells):
                    return _read_below(cells, line, chain([_below(block, at)], blocks))
    if seen < 0:
        raise FileRefused("empty_file")
    raise FileRefused("header_unknown", lines=HEADER_LINES)


def check_container(raw: bytes, limit: int) -> None:
    """Refuse what the reader must not see.

    What Excel says of the extent of a sheet is believed: a container that is made to lie about it,
    or about its unpacked size, ends the process that reads it and no other.

    Raises:
        FileRefused: "empty_file", "xls_format", "workbook_encrypted", "workbook_damaged",
            "too_large" or "too_many_cells".
    """
    if not raw:
        raise FileRefused("empty_file")
    if raw.startswith(_OLE2):
        raise FileRefused("workbook_encrypted" if _ENCRYPTED in raw else "xls_format")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as container:
            _check_members(container, limit)
    except FileRefused:
        raise
    except Exception as error:  # its message may quote cells and is dropped
        raise FileRefused("workbook_damaged", error=type(error).__name__) from None


def _check_members(container: zipfile.ZipFile, limit: int) -> None:
    members = container.infolist()
    size = sum(member.file_size for member in members)
    if size > limit:
        raise FileRefused("too_large", size=size, limit=limit)
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused("workbook_encrypted")
    for member in members:
        with container.open(member) as part:
            start = part.read(_DIMENSION_WITHIN)
            cells = _declared_cells(start) if "worksheets/" in member.filename else 0
            if cells > MAX_CELLS:
                raise FileRefused("too_many_cells", cells=cells, limit=MAX_CELLS)
            # To the end, where the checksum is compared: Calamine stops at the last row, and a
            # changed byte would be a changed value.
            while part.read(_CHUNK):
                pass


def _declared_cells(start_of_sheet: bytes) -> int:
    found = _DIMENSION.search(start_of_sheet)
    if found is None:
        return 0
    left, top, right, bottom = found.groups()
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _blocks(raw: bytes) -> Generator[Block, None, None]:
    """Read the sheets in a process that may die.

    Raises:
        FileRefused: "workbook_damaged", also where the reader did not survive the file.
    """
    command = [sys.executable, "-P", str(_WORKER), str(BLOCK)]
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


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    width = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    return tuple(cells[:width])


def _read_below(header: tuple[str, ...], header_line: int, blocks: Iterator[Block]) -> ParsedFile:
    check_width(header)
    first = next(blocks)
    frames: list[pl.DataFrame] = []
    rejects: list[_Reject] = []
    for block in takewhile(lambda each: each["sheet"] == first["sheet"], chain([first], blocks)):
        frame, more = _read_block(block, len(header))
        frames.append(frame)
        rejects += more
    rows = pl.concat(frames)
    raw = {line: _csv_line(cells) for line, _, cells in rejects}
    return ParsedFile(
        header=header,
        header_line=header_line,
        rows=rows,
        rejects=rejects_of([(line, rule, raw[line]) for line, rule, _ in rejects]),
        ignored=Ignored(
            banner=header_line - 1,
            header=1,
            blank=first["last_line"] - header_line - rows.height - len(rejects),
        ),
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
    return rows, [(lines[row], faults[row], [column[row] for column in columns]) for row in bad]


def _raw_rows(rows: pl.DataFrame, rejects: dict[int, str], lines: Sequence[int]) -> list[str]:
    """Return rows as lines of CSV; a row that was ignored has no text."""
    wanted = rows.filter(pl.col(LINE).is_in(lines))
    texts = {line: _csv_line(cells) for line, *cells in wanted.iter_rows()}
    return [texts.get(line, rejects.get(line, "")) for line in lines]


def _csv_line(cells: Sequence[str | None]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")
