"""Put a warehouse back as the next generation: contents first, then the pointer.

A conditional put of the pointer decides between machines. An object may be removed once the newest
manifest does not name it and its generation is not newer: a machine that might still need it began
from an older pointer, so its own put will be refused.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assets.core import HotlineError, Warehouse
from assets.releases import current_release
from assets.sync.pull import (
    POINTER,
    Manifest,
    Pointer,
    pull,
    read_manifest,
    scan_copy,
    with_latest,
)
from assets.sync.s3 import S3, Missing, at_once
from assets.sync.tree import Item

# A first night takes thousands of exports, and a store is waited for, and paid, by the request:
# files up to the first size share objects of the second, in bytes.
_SMALL = 1 << 20
FULL = 4 << 20


class Superseded(HotlineError):
    """Another machine has put a state in the meantime; the store is as that one left it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"另一台机器在此期间已更新了 {name}，这里做的没有保存，数据没有受影响：请再运行一次。"
        )


@contextmanager
def checkout(store: S3, root: Path) -> Iterator[None]:
    """A warehouse as it is in the store, put back at the end; hold it for writing.

    Nothing is put back where the block raises. The first time the warehouse that lies here is
    put as it is.

    Raises:
        Superseded: another machine has put a state in the meantime; ours is dropped.
        HotlineError: the folder holds something that is not a copy; an object is not there.
    """

    def use(pointer: Pointer) -> Manifest:
        manifest = read_manifest(store, pointer)
        if pointer.generation:
            pull(store, root, manifest)
        return manifest

    pointer, etag, manifest = with_latest(store, use)
    yield
    _push(store, root, pointer, etag, manifest)


def _push(store: S3, root: Path, pointer: Pointer, etag: str | None, before: Manifest) -> None:
    """Put what changed since a state, and make it the state that everybody sees."""
    items = scan_copy(root)
    if items == list(before.items):
        return
    generation = pointer.generation + 1
    manifest = _put_contents(store, root, generation, items, before)
    after = Pointer(
        generation, _put(store, generation, manifest.encoded()), *_release(root, manifest)
    )
    # A put that was repeated after a broken connection meets its own first attempt.
    if not store.put_if(POINTER, after.encoded(), etag) and not _is_there(store, after):
        raise Superseded(root.name)
    _delete_orphans(store, after, manifest)


def _put(store: S3, generation: int, content: bytes) -> str:
    """Put an object under the name of its bytes; its key."""
    key = f"{generation}/{hashlib.sha256(content).hexdigest()}"
    store.put(key, content)
    return key


def _put_contents(
    store: S3, root: Path, generation: int, items: Sequence[Item], before: Manifest
) -> Manifest:
    """Put the contents that are not there; says where each is."""
    files = [each for each in items if each.kind == "file"]
    alone = {each.sha256: each for each in files if not is_small(each)}
    small = {each.sha256: each for each in files if each.sha256 not in alone}
    packs = {
        key: sizes for key, sizes in before.packs.items() if not small.keys().isdisjoint(sizes)
    }
    # A small file may be an object of its own, from before there were packs.
    there = set(before.generations).union(*packs.values())

    def put_alone(item: Item) -> None:
        store.put(f"{generation}/{item.sha256}", root / item.path)

    def put_pack(pack: Sequence[Item]) -> tuple[str, dict[str, int]]:
        content = b"".join((root / each.path).read_bytes() for each in pack)
        return _put(store, generation, content), {each.sha256: each.size for each in pack}

    new = packs_of(each for sha256, each in small.items() if sha256 not in there)
    packs |= dict(at_once(put_pack, new))
    at_once(put_alone, [each for key, each in alone.items() if key not in before.generations])
    own = [*alone, *(sha256 for sha256 in small if sha256 in before.generations)]
    return Manifest(items, {each: before.generations.get(each, generation) for each in own}, packs)


def is_small(item: Item) -> bool:
    """Whether it is a small file of the archive.

    Only these share objects: they never change, so that a pack is garbage when all of it is.
    """
    archived = Warehouse(Path()).archived(item.sha256)
    return item.size <= _SMALL and Path(item.path) == archived


def packs_of(files: Iterable[Item]) -> list[list[Item]]:
    """Files in the order of their SHA-256, those that share an object together."""
    packs: list[list[Item]] = []
    size = FULL
    for each in sorted(files, key=lambda each: each.sha256):
        if size + each.size > FULL:
            packs.append([])
            size = 0
        packs[-1].append(each)
        size += each.size
    return packs


def _release(root: Path, manifest: Manifest) -> tuple[str, dict[str, str]]:
    """The current release, and the objects of its files by their paths in it."""
    name = current_release(Warehouse(root))
    if not name:
        return "", {}
    below = f"releases/{name}/"
    return name, {
        each.path.removeprefix(below): manifest.key(each.sha256)
        for each in manifest.items
        if each.kind == "file" and each.path.startswith(below)
    }


def _is_there(store: S3, pointer: Pointer) -> bool:
    try:
        return store.get(POINTER)[0] == pointer.encoded()
    except Missing:
        return False


def _delete_orphans(store: S3, pointer: Pointer, manifest: Manifest) -> None:
    """Remove the objects that no state from this one on can name."""
    named = {*manifest.objects, pointer.manifest}
    orphans = []
    for key in store.list():
        number = key.partition("/")[0]
        if number.isdecimal() and int(number) <= pointer.generation and key not in named:
            orphans.append(key)
    store.delete(orphans)
