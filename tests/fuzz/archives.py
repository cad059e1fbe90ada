"""Seeded damage to gzip files and workbooks.

Belongs here: what can be done to a container. Such damage concerns the whole file: it is refused by
a rule that is declared here, or every row in it stands.
"""

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from schemas import EXPORTS
from tests.fuzz.corpus import NASTY

GZIP_RULES = frozenset({"gzip_damaged"})
BOOK_RULES = frozenset(
    {"workbook_damaged", "workbook_encrypted", "too_large", "over_memory", "xls_format",
     "empty_file", "header_unknown"}
)  # fmt: skip
_NUMBERS = (0, -1, 0.1, 1e300, 2**53 - 1, 2**53, 44931.33333, 440102199001011328, True, 2.02504e12)


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(len(raw))]


def _overwritten(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(len(raw))
    noise = chance.choice([bytes(16), chance.randbytes(16)])
    return raw[:at] + noise + raw[at + 16 :]


def _lengthened(chance: random.Random, raw: bytes) -> bytes:
    return raw + chance.choice([bytes(20), b"\n", chance.randbytes(20), raw[:30]])


def _not_at_all(chance: random.Random, raw: bytes) -> bytes:
    return raw


_BYTES: Sequence[Callable[[random.Random, bytes], bytes]] = (
    _flipped, _cut, _overwritten, _lengthened, _not_at_all,
)  # fmt: skip


def packed(chance: random.Random, content: bytes) -> tuple[bytes, str, frozenset[str]]:
    """A gzip file, mostly damaged: its bytes, the damage, the rules that may refuse it."""
    damage = chance.choice(_BYTES)
    raw = damage(chance, gzip.compress(content, mtime=0))
    rules = GZIP_RULES if raw else frozenset({"empty_file"})
    return raw, f"gzip{damage.__name__}", rules if damage is not _not_at_all else frozenset()


def book_bytes(dataset: str, rows: Sequence[Sequence[Any]], chance: random.Random) -> bytes:
    """A workbook as people leave it: hidden sheets, banners, formulas, merged cells, empty rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.set_properties({"created": datetime(2023, 1, 5)})
        if chance.random() < 0.3:
            made.add_worksheet("hidden").hide()
        sheet = made.add_worksheet("data")
        sheet.activate()
        line = 0
        if chance.random() < 0.3:
            sheet.merge_range(0, 0, 0, 3, "汉中市12345热线")
            line = 2
        sheet.write_row(line, 0, [column.title for column in EXPORTS[dataset].columns])
        for cells in rows:
            line += 1 if chance.random() < 0.9 else 3
            for column, value in enumerate(cells):
                _write(sheet, line, column, value, chance)
        if chance.random() < 0.2:
            sheet.write(line + 5, 0, "合计")
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any, chance: random.Random) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, value)
    elif not isinstance(value, str):
        sheet.write(line, column, value)
    # Of a formula without a result this writer keeps nothing or 0.
    elif value not in ("", "0") and chance.random() < 0.05:
        sheet.write_formula(line, column, '="x"', None, value)  # its cached value is what counts
    else:
        sheet.write_string(line, column, value)


def nasty_cell(chance: random.Random) -> Any:
    """A value that a person or a platform may leave in a cell of a workbook."""
    text = chance.choice(NASTY)[:32_000]
    return chance.choice([text, text, chance.choice(_NUMBERS), datetime(2023, 1, 5, 8)])


def spoiled_book(chance: random.Random, raw: bytes) -> tuple[bytes, str, frozenset[str]]:
    """A workbook, mostly damaged: its bytes, the damage, the rules that may refuse it."""
    if chance.random() < 0.4:
        return _with_a_part_spoiled(chance, raw), "book_part", BOOK_RULES
    damage = chance.choice(_BYTES)
    rules = BOOK_RULES if damage is not _not_at_all else frozenset()
    return damage(chance, raw), f"book{damage.__name__}", rules


def _with_a_part_spoiled(chance: random.Random, raw: bytes) -> bytes:
    """One part cut short, emptied or missing, in a container whose checksums are right."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(changed, "w") as new:
        victim = chance.choice([each for each in old.namelist() if each.startswith("xl/")])
        for name in old.namelist():
            part = old.read(name)
            if name == victim:
                part = chance.choice([b"", part[:-1], part[: chance.randrange(len(part))]])
            if name != victim or chance.random() < 0.8:
                new.writestr(name, part)
    return changed.getvalue()
