"""What was current when: the journal with what each switch changed.

Belongs here: reading the journal for people.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assets.core import HotlineError, Warehouse
from assets.releases.compare import differing
from assets.releases.folder import Described, described, kept_releases
from assets.releases.journal import Entry, entries


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


def history(warehouse: Warehouse) -> list[Switch]:
    """All switches, oldest first; a release that cannot be read changed something unknown."""
    kept = set(kept_releases(warehouse))
    read: dict[str, Described | None] = {}

    def release(name: str) -> Described | None:
        if name not in read:
            try:
                read[name] = described(warehouse.releases / name) if name in kept else None
            except HotlineError:
                read[name] = None
        return read[name]

    found = []
    before: Entry | None = None
    for entry in entries(warehouse):
        old = release(before.release) if before else None
        new = release(entry.release)
        keys = differing(old, new) if old and new else None
        found.append(
            Switch(
                entry,
                entry.release in kept,
                None if keys is None else len({table for table, _ in keys}),
                tuple(sorted({month for _, month in keys or () if month})),
            )
        )
        before = entry
    return found


def as_of(warehouse: Warehouse, day: date) -> Entry:
    """The entry that was the last at the end of a day, local time.

    Raises:
        HotlineError: nothing had been published by then.
    """
    told = entries(warehouse)
    if not told:
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    first = datetime.fromisoformat(told[0].at)
    end = datetime.combine(day + timedelta(days=1), time(), first.tzinfo)
    until = [each for each in told if datetime.fromisoformat(each.at) < end]
    if not until:
        raise HotlineError(f"{day} 时还没有发布过：第一次发布在 {first:%Y-%m-%d %H:%M}。")
    return until[-1]
