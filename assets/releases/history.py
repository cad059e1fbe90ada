"""Which release was current when, why and by whom: the journal `ledger/releases.jsonl`.

A switch is entered before the link `current` moves and confirmed after it, so that a crash can be
told from a link or a journal that somebody changed.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from assets.core import HotlineError, Journal, Warehouse, point_symlink, sync_folder
from assets.releases.compare import differing
from assets.releases.package import Release, is_sound, linked_release, release_ids


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
    """Write down that `current` names another release, and let it."""
    entry = Entry(name, now.isoformat(timespec="seconds"), why, cutoff, by, pinned)
    _journal(warehouse).append(asdict(entry), then=lambda: _point(warehouse, name))


def finish_switch(warehouse: Warehouse) -> bool:
    """Do what the journal says of `current`, where a crash or a removed link left it undone.

    Returns:
        Whether they agree now; if not, the link or the journal was changed by other hands.
    """
    journal, named = _journal(warehouse), linked_release(warehouse)
    said = [None, None, *(each.release for each in journal_entries(warehouse))]
    if named != said[-1]:
        undone = named is None or (named == said[-2] and not journal.is_confirmed())
        if not (undone and is_sound(warehouse.releases / str(said[-1]))):
            return False
        _point(warehouse, str(said[-1]))
    if not journal.is_confirmed():
        journal.confirm()
    return True


def check_current(warehouse: Warehouse) -> None:
    """Finish a switch that was interrupted, and refuse to go on where a person has to decide.

    Raises:
        HotlineError: `current` and the journal disagree.
    """
    if not finish_switch(warehouse):
        raise _disagreement(warehouse)


def check_history(warehouse: Warehouse) -> None:
    """The journal is whole and says of `current` what is so.

    Raises:
        HotlineError: what is wrong, and what to do.
    """
    if _journal(warehouse).is_confirmed() and not is_switched(warehouse):
        raise _disagreement(warehouse)


def _disagreement(warehouse: Warehouse) -> HotlineError:
    last = latest(warehouse)
    return HotlineError(
        f"当前发布（current）指向 {linked_release(warehouse) or '（无）'}，发布日志记的却是 "
        f"{last.release if last else '（无）'}：两者不一致，所以没有继续，读者看到的不变。"
        "请用 hotline releases 核对，然后决定用哪一版：hotline rollback 编号 "
        "--by 姓名 --why 原因，或 hotline accept current --by 姓名 --why 原因。"
    )


def _point(warehouse: Warehouse, name: str) -> None:
    if linked_release(warehouse) == name:
        sync_folder(warehouse.root)
    else:
        point_symlink(warehouse.current, f"releases/{name}")


def _journal(warehouse: Warehouse) -> Journal:
    return Journal(warehouse, "releases", "发布日志")


def journal_entries(warehouse: Warehouse) -> list[Entry]:
    """All switches, oldest first.

    Raises:
        DamagedRecord: the journal is not whole.
    """
    return [Entry(**each) for each in _journal(warehouse).entries()]


def latest(warehouse: Warehouse) -> Entry | None:
    """The last switch; None where there was none."""
    return next(reversed(journal_entries(warehouse)), None)


def is_switched(warehouse: Warehouse) -> bool:
    """Whether `current` names what the journal says, and no switch was interrupted."""
    last = latest(warehouse)
    said = last.release if last else None
    return linked_release(warehouse) == said and _journal(warehouse).is_confirmed()


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
