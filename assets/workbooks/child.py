"""Read a workbook in a process of its own, which may die of it."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from typing import cast

from assets.workbooks.package import Refused
from assets.workbooks.sheet import Block, SheetEnd

_COMMAND = (sys.executable, "-P", "-m", "assets.workbooks")


def read_in_child(
    raw: bytes, *, memory: int, unpacked: int, characters: int
) -> Generator[Block | SheetEnd, None, None]:
    """Read the sheets of a workbook, hidden ones too: blocks of rows, and the end of each sheet.

    Args:
        raw: the file.
        memory: bytes that the child may use.
        unpacked: bytes that may be unpacked.
        characters: characters that may come out, an empty cell counted as a few.

    Raises:
        Refused: "workbook_damaged", "workbook_encrypted", "too_large" to unpack, or
            "over_memory", also where the child did not survive the file.
    """
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 (our own module and no shell)
        [*_COMMAND, *map(str, (memory, unpacked, characters))],
        stdin=pipe,
        stdout=pipe,
        stderr=nowhere,
    ) as child:
        try:
            if child.stdin is None or child.stdout is None:
                raise ValueError("the reader has no pipes")
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(raw)
            for answer in child.stdout:
                if not answer.endswith(b"\n"):
                    break  # it died while it wrote
                found = json.loads(answer)
                if "rule" in found:
                    raise Refused(found["rule"], found["error"])
                yield cast(Block | SheetEnd, found)
            if child.wait():
                raise Refused("over_memory")
        finally:
            child.kill()
