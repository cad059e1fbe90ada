"""Child process that reads a workbook: bytes on its standard input, one JSON document a line out.

`python -P -m assets.workbooks MEMORY UNPACKED CHARACTERS` may use so many bytes of memory, unpack
so many, and give so many characters.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from assets.workbooks.cell_text import CellTexts
from assets.workbooks.package import Package, Refused, open_book
from assets.workbooks.sheet import Block, Budget, SheetEnd, read_sheet

_MAX_CPU_SECONDS = 1800  # a million rows take a minute


def serve(source: BinaryIO, target: BinaryIO, unpacked: int, characters: int) -> None:
    """Write what the workbook on `source` holds to `target`, or why it cannot be read."""
    try:
        for each in _content(source.read(), unpacked, characters):
            target.write(json.dumps(each).encode() + b"\n")
    except BrokenPipeError:
        raise
    except Refused as refused:
        _write_refusal(target, refused.rule)
    except MemoryError:
        _write_refusal(target, "over_memory")
    except Exception as error:  # its message may quote cells and is dropped
        _write_refusal(target, "workbook_damaged", type(error).__name__)


def _content(raw: bytes, unpacked: int, characters: int) -> Iterator[Block | SheetEnd]:
    package = Package(BytesIO(raw), unpacked)
    book = open_book(package)
    texts, budget = CellTexts(book), Budget(characters)
    for sheet in book.sheets:
        yield from read_sheet(package, sheet, texts, budget, is_1904=book.is_1904)


def _write_refusal(target: BinaryIO, rule: str, error: str = "") -> None:
    target.write(json.dumps({"rule": rule, "error": error}).encode() + b"\n")


def limit_resources(memory: int) -> None:
    """Limit this process, and offer it to the kernel first should memory become scarce."""
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, _MAX_CPU_SECONDS)):
        _, hard = resource.getrlimit(kind)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold personal data
    with suppress(OSError):  # some containers forbid it; the limit above holds all the same
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    limit_resources(int(sys.argv[1]))
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer, *map(int, sys.argv[2:]))
        sys.stdout.buffer.flush()
    # Nothing is left to do that the reader's own end could spoil.
    os._exit(0)
