"""What a process that died left under temporary names.

Belongs here: where such names can stand, and sweeping them. Whoever takes the lock after a holder
that did not end well does it once. The archive is searched at its top only: raw files have their
final names from the start. Files that no ledger or record names are swept by those who write them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from assets.core.files import TEMPORARY, remove_file, remove_folder
from assets.core.warehouse import Warehouse


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
