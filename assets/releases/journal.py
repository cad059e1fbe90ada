"""Which release was made current when and why: one JSON line each, appended.

Belongs here: `ledger/releases.jsonl`. A line that was cut off by a crash is dropped when read; the
link `current` is the truth, the journal its history.
"""

import json
import os
from dataclasses import asdict, dataclass

from assets.files import PRIVATE_FOLDER, make_folder
from assets.warehouse import Warehouse


@dataclass(frozen=True)
class Entry:
    """One switch of `current`.

    Attributes:
        release: id of the release.
        at: when it was made current, ISO.
        why: run, backfill, rollback and the like.
        cutoff: data cutoff of the release, ISO.
    """

    release: str
    at: str
    why: str
    cutoff: str


def append(warehouse: Warehouse, entry: Entry) -> None:
    """Add a line, durably."""
    make_folder(warehouse.journal.parent, PRIVATE_FOLDER)
    line = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True) + "\n"
    handle = os.open(warehouse.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # A line left unfinished by a crash must not swallow this one.
        os.write(handle, f"\n{line}".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def entries(warehouse: Warehouse) -> list[Entry]:
    """All switches, oldest first."""
    if not warehouse.journal.exists():
        return []
    found = []
    for line in warehouse.journal.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found
