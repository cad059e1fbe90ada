"""A warehouse as a list of what lies in it: made from a folder, and made into a folder again."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from assets.core import (
    READ_ONLY_FILE,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
    set_mode,
    sync_folder,
)


@dataclass(frozen=True)
class Item:
    """One name below the warehouse.

    Attributes:
        path: relative to the warehouse, with "/".
        kind: file, folder or link.
        mode: permissions.
        sha256: of a file.
        size: of a file, in bytes.
        target: of a link.
    """

    path: str
    kind: str
    mode: int = 0
    sha256: str = ""
    size: int = 0
    target: str = ""


def scan(root: Path, left_out: Collection[str], digest: Callable[[Path], str]) -> list[Item]:
    """List what lies in a warehouse; hidden names belong to the machine and are not listed.

    Args:
        root: the warehouse; nobody may write to it meanwhile.
        left_out: paths that are not listed, with what is below them.
        digest: gives the SHA-256 of a file.

    Returns:
        Folders before what is in them, links last.
    """
    items = []
    for place, folders, names in os.walk(root):
        below = Path(place).relative_to(root)
        shown = {
            name: path
            for name in (*folders, *names)
            if name[0] != "." and (path := (below / name).as_posix()) not in left_out
        }
        folders[:] = [name for name in folders if name in shown]
        items += [_item(root, path, digest) for path in shown.values()]
    return sorted(items, key=lambda each: (each.kind == "link", each.path))


def _item(root: Path, path: str, digest: Callable[[Path], str]) -> Item:
    full = root / path
    if full.is_symlink():
        return Item(path, "link", target=str(full.readlink()))
    status = full.stat()
    if full.is_dir():
        return Item(path, "folder", S_IMODE(status.st_mode))
    return Item(path, "file", S_IMODE(status.st_mode), digest(full), status.st_size)


def apply_items(
    root: Path,
    present: Sequence[Item],
    wanted: Sequence[Item],
    fetch: Callable[[Sequence[Item]], None],
) -> None:
    """Make a folder hold what a list says and nothing else; after an interruption, call it again.

    Read-only files of equal content become hard links: only they are never written in place. Links
    come last, so that readers see a release only once all of it is there.

    Args:
        root: the folder; nobody else may write to it.
        present: what `scan` lists of it.
        wanted: what it shall hold, folders before what is in them.
        fetch: writes files below the folder, durably.
    """
    kept = _delete_orphans(root, present, wanted)
    changed = [each for each in wanted if each not in kept]
    for each in changed:
        if each.kind == "folder":
            make_folder(root / each.path, each.mode)
            set_mode(root / each.path, each.mode)
    _place(root, kept, [each for each in changed if each.kind == "file"], fetch)
    for folder in sorted({(root / each.path).parent for each in changed}):
        sync_folder(folder)
    for each in changed:
        if each.kind == "link":
            point_symlink(root / each.path, each.target)


def _delete_orphans(root: Path, present: Sequence[Item], wanted: Sequence[Item]) -> set[Item]:
    """Remove what is not wanted or of another kind; returns what is as it should be."""
    kinds = {each.path: each.kind for each in wanted}
    # In reverse order what is in a folder goes before the folder.
    for each in sorted(present, key=lambda each: each.path, reverse=True):
        if kinds.get(each.path) != each.kind:
            (remove_folder if each.kind == "folder" else remove_file)(root / each.path)
    return set(present).intersection(wanted)


def _place(
    root: Path,
    kept: Collection[Item],
    files: Sequence[Item],
    fetch: Callable[[Sequence[Item]], None],
) -> None:
    """Fetch each content that is not there, once, and link what has it, too."""
    linkable = {each.sha256: each.path for each in kept if each.mode == READ_ONLY_FILE}
    fetched, linked = [], []
    for each in files:
        if each.mode == READ_ONLY_FILE and each.sha256 in linkable:
            linked.append(each)
            continue
        fetched.append(each)
        if each.mode == READ_ONLY_FILE:
            linkable[each.sha256] = each.path
    fetch(fetched)
    for each in linked:
        remove_file(root / each.path)
        link_or_copy(root / linkable[each.sha256], root / each.path)
    for each in files:
        set_mode(root / each.path, each.mode)
