"""Journals of what people decided: chained by hash, never silently shorter.

ledger/<name>.jsonl     a JSON line for each entry; it holds the SHA-256 of the line before
heads/<name>.json       how many entries there are at least, and the SHA-256 of the last of them

An entry is durable before the head counts it: after a crash there may be more entries than the head
says, never fewer. What is fewer, altered or without its head was damaged, and stops whoever asks.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assets.core.errors import DamagedRecord
from assets.core.files import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, write_bytes
from assets.core.warehouse import Warehouse

_PREVIOUS = "previous"


@dataclass(frozen=True)
class _Head:
    """What the head of a journal says.

    Attributes:
        entries: how many entries were written.
        sha256: of the line of the last of them; empty where there is none.
    """

    entries: int = 0
    sha256: str = ""


class Journal:
    """An append-only journal in a warehouse; whoever appends holds the lock.

    Args:
        warehouse: where it lies.
        name: of its files.
        title: what it is, in Chinese.
    """

    def __init__(self, warehouse: Warehouse, name: str, title: str) -> None:
        self.path = warehouse.root / "ledger" / f"{name}.jsonl"
        self.head = warehouse.root / "heads" / f"{name}.json"
        self._title = title

    def entries(self) -> list[dict[str, Any]]:
        """All entries, oldest first, as they were given to `append`.

        Raises:
            DamagedRecord: entries are missing or were altered.
        """
        found = [json.loads(line) for line in self._read()[0]]
        for entry in found:
            del entry[_PREVIOUS]
        return found

    def is_confirmed(self) -> bool:
        """Whether what the last entry speaks of was done; False after a crash in the middle.

        Raises:
            DamagedRecord: as `entries`.
        """
        lines, head = self._read()
        return len(lines) == head.entries

    def append(self, entry: Mapping[str, Any], then: Callable[[], object] | None = None) -> None:
        """Add an entry, durably.

        Args:
            entry: JSON-able, by names.
            then: does what the entry speaks of, once the entry is durable and before it is
                confirmed; must bear to be done twice.

        Raises:
            DamagedRecord: as `entries`.
        """
        lines, head = self._read()
        if not head.entries:
            # Before the first entry, or to the entries of a version that knew no heads.
            self._write_head(lines)
        lines = [*lines, _line(entry, lines)]
        make_folder(self.path.parent, PRIVATE_FOLDER)
        write_bytes(self.path, b"".join(each + b"\n" for each in lines), mode=PRIVATE_FILE)
        if then is not None:
            then()
        self._write_head(lines)

    def confirm(self) -> None:
        """Say that what the last entry speaks of was done after all."""
        self._write_head(self._read()[0])

    def _write_head(self, lines: Sequence[bytes]) -> None:
        head = _Head(len(lines), _sha256(lines))
        make_folder(self.head.parent, PRIVATE_FOLDER)
        write_bytes(self.head, json.dumps(asdict(head)).encode(), mode=PRIVATE_FILE)

    def _read(self) -> tuple[list[bytes], _Head]:
        """The chained lines and the head, which is read first: the lines may grow meanwhile."""
        head = self._read_head()
        try:
            lines = [line for line in self.path.read_bytes().split(b"\n") if line]
        except FileNotFoundError:
            lines = []
        except IsADirectoryError:
            raise self._damaged(head, 0) from None
        good, is_old = _chained(lines)
        if is_old and head is None:
            return good, _Head()
        count, end = (head.entries, head.sha256) if head else (0, None)
        if _sha256(good[:count]) != end or len(good) < count or not (is_old or good == lines):
            raise self._damaged(head, len(good))
        return good, head or _Head()

    def _read_head(self) -> _Head | None:
        try:
            head = _Head(**json.loads(self.head.read_bytes()))
            if head.entries < 0:
                raise ValueError("fewer than none")
        except FileNotFoundError:
            return None
        except (IsADirectoryError, ValueError, TypeError):
            raise self._damaged(None, 0) from None
        return head

    def _damaged(self, head: _Head | None, good: int) -> DamagedRecord:
        count = f"应有 {head.entries} 条，完好的有 {good} 条" if head else "应有多少条已无从核对"
        return DamagedRecord(
            f"{self._title}（{self.path}）不完整或已损坏，{count}：里面是人的决定，无法重新算出，"
            f"所以没有继续。请从备份恢复它和 {self.head}，再运行一次。"
        )


def _line(entry: Mapping[str, Any], before: Sequence[bytes]) -> bytes:
    chained = {**entry, _PREVIOUS: _sha256(before)}
    return json.dumps(chained, ensure_ascii=False, sort_keys=True).encode()


def _sha256(lines: Sequence[bytes]) -> str:
    """SHA-256 of the last of some lines; empty where there is none."""
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""


def _chained(lines: Sequence[bytes]) -> tuple[list[bytes], bool]:
    """The lines up to the first that does not follow from the one before.

    Those of version 0.1.0, which were not chained, are chained here, without what a crash cut off.

    Returns:
        The lines, and whether they are old.
    """
    entries = [_parsed(line) for line in lines]
    good: list[bytes] = []
    if not any(_PREVIOUS in entry for entry in entries):
        for entry in filter(None, entries):
            good.append(_line(entry, good))
        return good, True
    for line, entry in zip(lines, entries, strict=True):
        if entry.get(_PREVIOUS) != _sha256(good):
            break
        good.append(line)
    return good, False


def _parsed(line: bytes) -> dict[str, Any]:
    """An entry; empty where it cannot be read."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
