"""Which release was current when, why and by whom: `ledger/releases.jsonl`, a JSON line each.

A line that was cut off by a crash is dropped when read. The link `current` is the truth, the
journal its history.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from assets.core import (
    PRIVATE_FOLDER,
    HotlineError,
    Warehouse,
    append_line,
    make_folder,
    point_symlink,
    sync_folder,
)
from assets.releases.compare import differing
from assets.releases.package import Release, release_ids


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


@dataclass(frozen=True)
class Switch:
    """An entry of the journal, and what it changed.

    Attributes:
        entry: the entry.
        kept: whether the release is still on the disk.
        tables: number of tables that differ from the release before; None where not known.
        months: months that do.
    """

    entry: Entry
    kept: bool
    tables: int | None
    months: tuple[str, ...]


def switch(
    warehouse: Warehouse,
    name: str,
    *,
    cutoff: str,
    now: datetime,
    why: str,
    by: str = "",
    pinned: bool = False,
) -> None:
    """Let `current` name another release, and write it down."""
    if warehouse.current.is_symlink() and warehouse.current.readlink().name == name:
        sync_folder(warehouse.root)
    else:
        point_symlink(warehouse.current, f"releases/{name}")
    append(warehouse, Entry(name, now.isoformat(timespec="seconds"), why, cutoff, by, pinned))


def append(warehouse: Warehouse, entry: Entry) -> None:
    """Add a line to the journal, durably."""
    make_folder(warehouse.journal.parent, PRIVATE_FOLDER)
    append_line(warehouse.journal, json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True))


def journal_entries(warehouse: Warehouse) -> list[Entry]:
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
    return next(reversed(journal_entries(warehouse)), None)


def last_release(warehouse: Warehouse) -> str | None:
    """Id of the release that the journal says is current; None where it says nothing."""
    last = latest(warehouse)
    return last.release if last else None


def switches(warehouse: Warehouse) -> list[Switch]:
    """All switches, oldest first; a release that cannot be read changed something unknown."""
    kept = set(release_ids(warehouse))
    journal = journal_entries(warehouse)
    releases: dict[str, Release] = {}
    for name in kept & {each.release for each in journal}:
        try:
            releases[name] = Release.open(warehouse.releases / name)
        except HotlineError:
            continue
    found = []
    for before, entry in zip([None, *journal], journal, strict=False):
        old, new = releases.get(before.release if before else ""), releases.get(entry.release)
        keys = differing(old, new) if old and new else None
        found.append(
            Switch(
                entry,
                entry.release in kept,
                None if keys is None else len({table for table, _ in keys}),
                tuple(sorted({month for _, month in keys or () if month})),
            )
        )
    return found


def as_of(warehouse: Warehouse, day: date) -> Entry:
    """The entry that was the last at the end of a day, local time.

    Raises:
        HotlineError: nothing had been published by then.
    """
    journal = journal_entries(warehouse)
    if not journal:
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    first = datetime.fromisoformat(journal[0].at)
    end = datetime.combine(day + timedelta(days=1), time(), first.tzinfo)
    until = [each for each in journal if datetime.fromisoformat(each.at) < end]
    if not until:
        raise HotlineError(f"{day} 时还没有发布过：第一次发布在 {first:%Y-%m-%d %H:%M}。")
    return until[-1]
