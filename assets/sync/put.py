"""Put a warehouse back as the next generation: contents first, then the pointer.

Belongs here: the order, and removing what nobody can need any more. An object may be removed when
it is of this generation or an older one and the manifest does not name it: whoever might still name
it began from an older pointer, and its own put will be refused.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from assets.core import HotlineError, Warehouse
from assets.releases import current_release
from assets.sync.copy import remember
from assets.sync.manifest import Item
from assets.sync.packs import is_small, packs_of, put_pack
from assets.sync.remote import POINTER, Manifest, Pointer, object_key
from assets.sync.store import Missing, Store, at_once


class Superseded(HotlineError):
    """Another machine has put a state in the meantime; the store is as that one left it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"另一台机器在此期间已更新了 {name}，这里做的没有保存，数据没有受影响：请再运行一次。"
        )


def put(store: Store, root: Path, pointer: Pointer, etag: str | None, before: Manifest) -> Pointer:
    """Put what changed, and make it the state that everybody sees.

    Args:
        store: where to.
        root: the copy; nobody else may write to it.
        pointer: the state that it was made from.
        etag: of the pointer.
        before: the manifest of that state.

    Returns:
        The new state; the old one where nothing has changed.

    Raises:
        Superseded: another machine was faster; nothing has changed.
    """
    items = remember(root)
    if items == list(before.items):
        return pointer
    generation = pointer.generation + 1
    manifest = _put_contents(store, root, generation, items, before)
    content = manifest.encoded()
    key = object_key(generation, hashlib.sha256(content).hexdigest())
    store.put(key, content)
    after = Pointer(generation, key, *_release(root, manifest))
    # A put that was repeated after a broken connection meets its own first attempt.
    if not store.put_if(POINTER, after.encoded(), etag) and not _is_there(store, after):
        raise Superseded(root.name)
    _sweep(store, after, manifest)
    return after


def _put_contents(
    store: Store, root: Path, generation: int, items: Sequence[Item], before: Manifest
) -> Manifest:
    """Put the contents that are not there; says where each is."""
    alone = {
        each.sha256: each for each in items if each.kind == "file" and not is_small(root, each)
    }
    small = {
        each.sha256: each for each in items if is_small(root, each) and each.sha256 not in alone
    }
    packs = {
        key: sizes for key, sizes in before.packs.items() if not small.keys().isdisjoint(sizes)
    }
    there = set(before.generations).union(*packs.values())
    new = packs_of(each for sha256, each in small.items() if sha256 not in there)
    keys = at_once(lambda files: put_pack(store, root, generation, files), new)
    for key, files in zip(keys, new, strict=True):
        packs[key] = {each.sha256: each.size for each in files}
    at_once(
        lambda each: store.put(object_key(generation, each.sha256), root / each.path),
        [each for sha256, each in alone.items() if sha256 not in before.generations],
    )
    # A small file may be an object of its own, from before there were packs.
    kept = [sha256 for sha256 in small if sha256 in before.generations]
    generations = {each: before.generations.get(each, generation) for each in (*alone, *kept)}
    return Manifest(items, generations, packs)


def _release(root: Path, manifest: Manifest) -> tuple[str, dict[str, str]]:
    name = current_release(Warehouse(root))
    below = f"releases/{name}/"
    return name or "", {
        each.path.removeprefix(below): object_key(manifest.generations[each.sha256], each.sha256)
        for each in manifest.items
        if name and each.kind == "file" and each.path.startswith(below)
    }


def _is_there(store: Store, pointer: Pointer) -> bool:
    try:
        return store.get(POINTER)[0] == pointer.encoded()
    except Missing:
        return False


def _sweep(store: Store, pointer: Pointer, manifest: Manifest) -> None:
    """Remove the objects that no state from this one on can name."""
    named = {*manifest.objects, pointer.manifest}
    unnamed = []
    for key in store.list(""):
        number = key.partition("/")[0]
        if number.isdecimal() and int(number) <= pointer.generation and key not in named:
            unnamed.append(key)
    store.delete(unnamed)
