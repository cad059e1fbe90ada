"""Put a warehouse back as the next generation: contents first, then the pointer.

Belongs here: the order, and removing what nobody can need any more. An object may be removed when
it is of this generation or an older one and the manifest does not name it: whoever might still name
it began from an older pointer, and its own put will be refused.
"""

import hashlib
from pathlib import Path

from assets.errors import HotlineError
from assets.objects.copy import remember
from assets.objects.remote import POINTER, Manifest, Pointer, object_key
from assets.objects.store import Missing, Store, at_once
from assets.releases.publish import current_release
from assets.warehouse import Warehouse


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
    contents = {each.sha256: root / each.path for each in items if each.kind == "file"}
    generations = {sha256: before.generations.get(sha256, generation) for sha256 in contents}
    new = [sha256 for sha256 in contents if sha256 not in before.generations]
    at_once(lambda sha256: store.put(object_key(generation, sha256), contents[sha256]), new)
    manifest = Manifest(items, generations)
    content = manifest.encoded()
    key = object_key(generation, hashlib.sha256(content).hexdigest())
    store.put(key, content)
    after = Pointer(generation, key, *_release(root, manifest))
    # A put that was repeated after a broken connection meets its own first attempt.
    if not store.put_if(POINTER, after.encoded(), etag) and not _is_there(store, after):
        raise Superseded(root.name)
    _sweep(store, after, manifest)
    return after


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
    named = {object_key(number, sha256) for sha256, number in manifest.generations.items()}
    named.add(pointer.manifest)
    unnamed = []
    for key in store.list(""):
        number = key.partition("/")[0]
        if number.isdecimal() and int(number) <= pointer.generation and key not in named:
            unnamed.append(key)
    store.delete(unnamed)
