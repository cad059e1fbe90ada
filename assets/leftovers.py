"""What a process that died left behind, and nothing refers to.

Belongs here: sweeping it. There are three kinds: temporary names, rows that no ledger names, fact
files that no record names. Whoever takes the lock after a holder that did not end well does it
once. Raw files are searched at the archive's top only: they have no temporary names further down.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from assets.exports.ledger import drop_unnamed
from assets.facts.store import drop_unrecorded
from assets.files import TEMPORARY, remove_file, remove_folder
from assets.warehouse import Warehouse
from schemas import EXPORTS, FACTS


def _unfinished(folder: Path, deep: bool) -> Iterator[Path]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda each: each.name)
    for entry in entries:
        if entry.name.startswith(TEMPORARY):
            yield Path(entry.path)
        elif deep and entry.is_dir(follow_symlinks=False):
            yield from _unfinished(Path(entry.path), deep)


def unfinished(warehouse: Warehouse) -> list[Path]:
    """Files and folders with temporary names; only the holder of the lock may ask."""
    if not warehouse.root.is_dir():
        return []
    shallow = (warehouse.archive, warehouse.releases, warehouse.root / "dagster")
    found = list(_unfinished(warehouse.root, deep=False))
    for folder in sorted(warehouse.root.iterdir()):
        if folder.is_dir() and not folder.is_symlink() and folder not in found:
            found += _unfinished(folder, deep=folder not in shallow)
    return found


def sweep_leftovers(warehouse: Warehouse) -> None:
    """Remove what a dead process left; only the holder of the lock may do it."""
    for path in unfinished(warehouse):
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        else:
            remove_file(path)
    for dataset in EXPORTS:
        drop_unnamed(warehouse, dataset)
    for table in FACTS:
        drop_unrecorded(warehouse, table)
