"""The container of a workbook: whether it can and may be opened at all.

Belongs here: what is checked before the reader sees the file, and what becomes of the reader's own
failures. Not here: anything inside a sheet (`workbook.py`).
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from assets.exports.refusals import FileRefused

OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")  # the container of .xls and of encrypted workbooks
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# Calamine holds a cell of 32 bytes for everything between the first and the last cell in use: one
# stray space in XFD1048576 would do. Where a sheet is honest about it, people are told what to do.
MAX_CELLS = 50_000_000
DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
DIMENSION_WITHIN = 1 << 13  # bytes
CHUNK = 1 << 20  # bytes


def check_container(raw: bytes, limit: int) -> None:
    """Refuse what the reader must not see.

    What Excel says of the extent of a sheet is believed: a container that is made to lie about it,
    or about its unpacked size, ends the process that reads it (`sheets.py`) and no other.

    Raises:
        FileRefused: "empty_file", "xls_format", "workbook_encrypted", "workbook_damaged",
            "too_large" or "too_many_cells".
    """
    if not raw:
        raise FileRefused("empty_file")
    if raw.startswith(OLE2):
        raise FileRefused("workbook_encrypted" if ENCRYPTED in raw else "xls_format")
    with refusing_damage(), zipfile.ZipFile(io.BytesIO(raw)) as container:
        members = container.infolist()
        size = sum(member.file_size for member in members)
        if size > limit:
            raise FileRefused("too_large", size=size, limit=limit)
        if any(member.flag_bits & 1 for member in members):
            raise FileRefused("workbook_encrypted")
        for member in members:
            with container.open(member) as part:
                start = part.read(DIMENSION_WITHIN)
                cells = _declared_cells(start) if "worksheets/" in member.filename else 0
                if cells > MAX_CELLS:
                    raise FileRefused("too_many_cells", cells=cells, limit=MAX_CELLS)
                # To the end, where the checksum is compared: Calamine stops at the last row, and a
                # changed byte would be a changed value.
                while part.read(CHUNK):
                    pass


def _declared_cells(start_of_sheet: bytes) -> int:
    found = DIMENSION.search(start_of_sheet)
    if found is None:
        return 0
    left, top, right, bottom = found.groups()
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuse the file for whatever goes wrong inside; messages may quote cells and are dropped."""
    try:
        yield
    except FileRefused:
        raise
    except BaseException as error:
        # A panic of the Rust code is a BaseException of a class that cannot be imported.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise FileRefused("workbook_damaged", error=type(error).__name__) from None
        raise
