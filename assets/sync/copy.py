"""The copy of a warehouse on this machine: what lies there, without reading what is known.

Belongs here: listing it as the manifest does, and remembering the SHA-256 of each file beside what
the file system says of it, as git does. A changed file is another inode with another time.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from assets.core import PRIVATE_FILE, Warehouse, make_folder, sha256_of, write_bytes
from assets.sync.manifest import Item

KNOWN = ".copy.json"
# Dagster's records of a city's own runs stay on the machine that ran them.
_LEFT_OUT = "dagster"
Known = dict[str, list[int | str]]


def is_copy(root: Path) -> bool:
    """Whether a folder is a copy, or may become one: there is nothing else in it."""
    # The lock and Dagster leave these in an empty folder.
    made = {_LEFT_OUT, Warehouse(root).layout.name}
    kept = (each for each in root.iterdir() if each.name[0] != "." and each.name not in made)
    return (root / KNOWN).exists() or not any(kept)


def remember(root: Path) -> list[Item]:
    """What lies in a copy: folders before what is in them, links last."""
    try:
        known: Known = json.loads((root / KNOWN).read_bytes())
    except (FileNotFoundError, ValueError):
        known = {}
    now: Known = {}
    items = list(_items(root, known, now))
    if now != known or not (root / KNOWN).exists():
        make_folder(root)
        write_bytes(root / KNOWN, json.dumps(now).encode(), mode=PRIVATE_FILE)
    return sorted(items, key=lambda each: (each.kind == "link", each.path))


def _items(root: Path, known: Known, now: Known) -> Iterator[Item]:
    for place, folders, names in os.walk(root):
        below = Path(place).relative_to(root)
        linked = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = [
            name
            for name in folders
            if name[0] != "." and name not in linked and (below / name).as_posix() != _LEFT_OUT
        ]
        for name in folders:
            mode = Path(place, name).stat().st_mode & 0o7777
            yield Item((below / name).as_posix(), "folder", mode)
        for name in (*names, *linked):
            path, relative = Path(place, name), (below / name).as_posix()
            if name[0] == ".":
                continue
            if path.is_symlink():
                yield Item(relative, "link", target=str(path.readlink()))
            else:
                yield _file(path, relative, known, now)


def _file(path: Path, relative: str, known: Known, now: Known) -> Item:
    status = path.stat()
    seen = [status.st_size, status.st_mtime_ns, status.st_ino]
    before = known.get(relative, [])
    sha256 = str(before[3]) if before[:3] == seen else sha256_of(path)
    now[relative] = [*seen, sha256]
    return Item(relative, "file", status.st_mode & 0o7777, sha256, status.st_size)
