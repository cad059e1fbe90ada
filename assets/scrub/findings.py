"""Look at every file of a warehouse, at a pace; forget what is damaged and can be made again."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from assets.core import HotlineError, Warehouse
from assets.installation import Installation
from assets.scrub.checks import (
    Check,
    archived,
    backup,
    computed,
    issued,
    records,
    releases,
)


@dataclass(frozen=True)
class Finding:
    """A file that is not as it was written.

    Attributes:
        title: what it is, in Chinese.
        path: below the warehouse, or in the backup.
        remedy: what heals it.
        heals: whether the next night does.
    """

    title: str
    path: str
    remedy: str
    heals: bool


def scrub(
    installation: Installation,
    say: Callable[[str], None],
    *,
    backup_folder: Path | None = None,
    pace: int = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[int, list[Finding]]:
    """Look at every file, and forget what is damaged and can be made again.

    Others may write meanwhile: what was found is looked at again while nobody does.

    Args:
        installation: the installation.
        say: told who is waited for.
        backup_folder: a backup to look at as well.
        pace: bytes a second at most; 0 for as fast as it goes.
        sleep: waits for some seconds.

    Returns:
        How many files were looked at, and what was found.
    """
    warehouse = installation.warehouse
    seen, suspects = 0, set()
    for check in _paced(_all(warehouse, backup_folder), pace, sleep):
        seen += 1
        if _fault(check) is not None:
            suspects.add(check.path)
    if not suspects:
        return seen, []
    with installation.held(say):
        again = [each for each in _all(warehouse, backup_folder) if each.path in suspects]
        return seen, _forget(warehouse, again)


def forget_damaged(warehouse: Warehouse) -> list[Finding]:
    """Forget what is damaged of everything computed; the caller holds the lock."""
    return _forget(warehouse, computed(warehouse))


def _all(warehouse: Warehouse, backup_folder: Path | None) -> Iterator[Check]:
    yield from records(warehouse)
    yield from chain(_readable(archived(warehouse)), _readable(computed(warehouse)))
    yield from chain(releases(warehouse), issued(warehouse))
    if backup_folder is not None:
        yield from backup(backup_folder)


def _readable(checks: Iterator[Check]) -> Iterator[Check]:
    """The checks up to a record that cannot be read, which `records` names."""
    try:
        yield from checks
    except HotlineError:
        return


def _paced(checks: Iterable[Check], pace: int, sleep: Callable[[float], None]) -> Iterator[Check]:
    begun, read = time.monotonic(), 0
    for check in checks:
        yield check
        read += check.size
        if pace and (ahead := begun + read / pace - time.monotonic()) > 0:
            sleep(ahead)


def _fault(check: Check) -> str | None:
    """What to do about a file; None where it is as it should be."""
    try:
        return None if check.holds() else check.remedy
    except HotlineError as error:
        return str(error)
    except OSError:
        return check.remedy


def _forget(warehouse: Warehouse, checks: Iterable[Check]) -> list[Finding]:
    found = {}
    for check in checks:
        remedy = _fault(check)
        if remedy is None:
            continue
        if check.forget is not None:
            check.forget()
        inside = check.path.is_relative_to(warehouse.root)
        path = str(check.path.relative_to(warehouse.root) if inside else check.path)
        found[path] = Finding(check.title, path, remedy, check.forget is not None)
    return list(found.values())
