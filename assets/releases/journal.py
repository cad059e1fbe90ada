"""Which release was made current when, why and by whom: one JSON line each, appended.

Belongs here: `ledger/releases.jsonl`. A line that was cut off by a crash is dropped when read; the
link `current` is the truth, the journal its history.
"""

import json
from dataclasses import asdict, dataclass

from assets.core import PRIVATE_FOLDER, Warehouse, append_line, make_folder


@dataclass(frozen=True)
class Entry:
    """One switch of `current`.

    Attributes:
        release: id of the release.
        at: when it was made current, ISO.
        why: run, backfill, rollback and the like, or the reason that a person gave.
        cutoff: data cutoff of the release, ISO.
        by: who decided it; empty where the program did.
        pinned: whether nothing else is published until a person accepts it.
    """

    release: str
    at: str
    why: str
    cutoff: str
    by: str = ""
    pinned: bool = False


def append(warehouse: Warehouse, entry: Entry) -> None:
    """Add a line, durably."""
    make_folder(warehouse.journal.parent, PRIVATE_FOLDER)
    append_line(warehouse.journal, json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True))


def entries(warehouse: Warehouse) -> list[Entry]:
    """All switches, oldest first."""
    if not warehouse.journal.exists():
        return []
    found = []
    for line in warehouse.journal.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def latest(warehouse: Warehouse) -> Entry | None:
    """The last switch; None where there was none."""
    found = entries(warehouse)
    return found[-1] if found else None
