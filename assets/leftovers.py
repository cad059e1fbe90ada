"""What a process that died left under temporary names.

Belongs here: where such names can stand, and sweeping them. Whoever takes the lock after a holder
that did not end well does it once; raw files have their own names from the start, so the archive's
many folders are not walked.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from assets.files import TEMPORARY, remove_file, remove_folder
from assets.warehouse import Warehouse


def _unfinished(folder: Path, deep: bool) -> Iterator[Path]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda each: each.name)
    for entry in entries:
        if entry.name.startswith(TEMPORARY):
            yield Path(entry.path)
        elif deep and entry.is_dir(follow_symlinks=False):
            yield from _unfinished(Path(entry.path), deep)


def leftovers(warehouse: Warehouse) -> list[Path]:
    """Files and folders with temporary names; only the holder of the lock may ask.

    Releases are searched at their top only: what is within one was there when it got its name.
    """
    if not warehouse.root.is_dir():
        return []
    shallow = (warehouse.archive, warehouse.releases, warehouse.root / "dagster")
    found = list(_unfinished(warehouse.root, deep=False))
    for folder in sorted(warehouse.root.iterdir()):
        if folder.is_dir() and not folder.is_symlink() and folder not in found:
            found += _unfinished(folder, deep=folder not in shallow)
    return found


def sweep_leftovers(warehouse: Warehouse) -> list[Path]:
    """Remove what a dead process left; returns what it was."""
    found = leftovers(warehouse)
    for path in found:
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        else:
            remove_file(path)
    return found
