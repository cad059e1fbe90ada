"""Small files of the archive, several to an object.

Belongs here: which files share an object, and taking them out of it. A first night takes thousands
of exports, and a store is waited for, and paid, by the request. Only what never changes shares an
object, which is garbage when all of it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assets.core import Warehouse, write_bytes
from assets.sync.manifest import Item
from assets.sync.remote import damaged, object_key
from assets.sync.store import Store

_SMALL = 1 << 20
_FULL = 4 << 20


def is_small(root: Path, item: Item) -> bool:
    """Whether it is a small file that lies in the archive under the name of its bytes."""
    archived = Warehouse(root).archived(item.sha256)
    return item.kind == "file" and item.size <= _SMALL and root / item.path == archived


def packs_of(files: Iterable[Item]) -> list[list[Item]]:
    """Files in the order of their SHA-256, those that share an object together."""
    packs: list[list[Item]] = []
    size = _FULL
    for each in sorted(files, key=lambda each: each.sha256):
        if size + each.size > _FULL:
            packs.append([])
            size = 0
        packs[-1].append(each)
        size += each.size
    return packs


def put_pack(store: Store, root: Path, generation: int, files: Sequence[Item]) -> str:
    """Put files as one object; its key."""
    content = b"".join((root / each.path).read_bytes() for each in files)
    key = object_key(generation, hashlib.sha256(content).hexdigest())
    store.put(key, content)
    return key


def fetch_packed(
    store: Store, root: Path, key: str, sizes: Mapping[str, int], files: Mapping[str, Item]
) -> None:
    """Write some of the files of an object, if they are what their names say.

    Args:
        store: where it is.
        root: the folder that the paths of the files are relative to.
        key: of the object.
        sizes: SHA-256 -> size of all that lies in it.
        files: SHA-256 -> file that is wanted.

    Raises:
        HotlineError: the bytes of one are others; there is no such file then.
        Missing: the state that named the object is no longer kept.
    """
    content, end = b"".join(store.read(key)), 0
    for sha256 in sorted(sizes):
        begin, end = end, end + sizes[sha256]
        if sha256 not in files:
            continue
        own = content[begin:end]
        if hashlib.sha256(own).hexdigest() != sha256:
            raise damaged(key)
        write_bytes(root / files[sha256].path, own, mode=files[sha256].mode)
