"""Work with the present state of a store, whatever others put in the meantime.

Belongs here: beginning again where a state goes while it is read, and the two things that are done
with one: a whole warehouse is brought, changed and put back; or its current release is read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from assets.core import (
    READ_ONLY_FILE,
    HotlineError,
    holds,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
)
from assets.sync.bring import bring
from assets.sync.put import put
from assets.sync.remote import Manifest, Pointer, fetch, read_manifest, read_pointer
from assets.sync.store import Missing, Store, at_once

T = TypeVar("T")


def _with_latest(store: Store, use: Callable[[Pointer], T]) -> tuple[Pointer, str | None, T]:
    """Use a state that is not taken away while it is used; with its ETag.

    Raises:
        HotlineError: an object of the present state is not there.
    """
    pointer, etag = read_pointer(store)
    while True:
        try:
            return pointer, etag, use(pointer)
        except Missing as missing:
            later = read_pointer(store)
            if later[1] == etag:
                raise HotlineError(
                    f"对象存储中缺少 {missing}：请检查存储，并从备份恢复。"
                ) from None
            pointer, etag = later


@contextmanager
def brought(store: Store, root: Path) -> Iterator[None]:
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
            bring(store, root, manifest)
        return manifest

    pointer, etag, manifest = _with_latest(store, use)
    yield
    put(store, root, pointer, etag, manifest)


def bring_release(
    store: Store, root: Path, wanted: Callable[[str], bool] = lambda _path: True
) -> str:
    """Have the current release of a warehouse below a folder, and nothing else.

    What is as it was in the release that lies there is not fetched again.

    Args:
        store: where it is.
        root: where `releases/<id>` and `current` shall be, as in a warehouse.
        wanted: which of its files, by their path in the release.

    Returns:
        Its id; empty where there is none.
    """

    def use(pointer: Pointer) -> None:
        missing = []
        for path, key in pointer.files.items():
            target, before = root / "releases" / pointer.release / path, root / "current" / path
            sha256 = key.rpartition("/")[2]
            if not wanted(path) or holds(target, sha256):
                continue
            remove_file(target)
            if holds(before, sha256):
                link_or_copy(before, target)
            else:
                make_folder(target.parent)
                missing.append((key, target))
        at_once(lambda each: fetch(store, *each, READ_ONLY_FILE), missing)

    pointer, _, _ = _with_latest(store, use)
    if pointer.release:
        point_symlink(root / "current", f"releases/{pointer.release}")
        for other in (root / "releases").iterdir():
            if other.name != pointer.release:
                remove_folder(other)
    return pointer.release
