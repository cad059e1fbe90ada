"""Bring a warehouse to this machine: afterwards its copy is what the store says, and no more.

Belongs here: making the folder so. Whatever is right already is left; interrupted, it is simply
begun again.
"""

from collections.abc import Sequence
from pathlib import Path

from assets.core import (
    READ_ONLY_FILE,
    HotlineError,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
    set_mode,
)
from assets.sync.copy import is_copy, remember
from assets.sync.manifest import Item
from assets.sync.packs import fetch_packed
from assets.sync.remote import Manifest, fetch, object_key
from assets.sync.store import Store, at_once


def bring(store: Store, root: Path, manifest: Manifest) -> None:
    """Make a folder what a manifest says; nobody else may write to it.

    Args:
        store: where the contents are.
        root: the folder.
        manifest: of the state that is wanted.

    Raises:
        HotlineError: the folder holds something that is not a copy; an object is damaged.
        Missing: the state is no longer kept.
    """
    if not is_copy(root):
        raise HotlineError(
            f"{root} 里有不是从对象存储取来的内容，不能覆盖：请移走它，或核对 hotline.toml。"
        )
    have = {each.path: each for each in remember(root)}
    wanted = {each.path: each for each in manifest.items}
    # What is of another kind goes as well; what is in a folder goes before the folder.
    for path, own in sorted(have.items(), reverse=True):
        if path not in wanted or wanted[path].kind != own.kind:
            _remove(root / path, own)
            del have[path]
    changed = [each for each in manifest.items if each != have.get(each.path)]
    for each in changed:
        if each.kind == "folder":
            make_folder(root / each.path, each.mode)
            set_mode(root / each.path, each.mode)
        elif each.kind == "file":
            remove_file(root / each.path)
    kept = [each for path, each in have.items() if each == wanted[path]]
    _place(store, root, manifest, kept, [each for each in changed if each.kind == "file"])
    for each in changed:
        if each.kind == "link":
            point_symlink(root / each.path, each.target)
    remember(root)


def _place(
    store: Store, root: Path, manifest: Manifest, kept: Sequence[Item], files: Sequence[Item]
) -> None:
    """Fetch each content that is not there, once; whatever else has it is a second name."""
    # Only what is never written in place may get one.
    at_hand = {each.sha256: each.path for each in kept if each.mode == READ_ONLY_FILE}
    missing, named = [], []
    for each in files:
        if each.mode == READ_ONLY_FILE and each.sha256 in at_hand:
            named.append(each)
            continue
        missing.append(each)
        if each.mode == READ_ONLY_FILE:
            at_hand[each.sha256] = each.path

    _fetch_all(store, root, manifest, missing)
    for each in named:
        link_or_copy(root / at_hand[each.sha256], root / each.path)


def _fetch_all(store: Store, root: Path, manifest: Manifest, files: Sequence[Item]) -> None:
    def alone(item: Item) -> None:
        key = object_key(manifest.generations[item.sha256], item.sha256)
        fetch(store, key, root / item.path, item.mode)

    def together(key: str) -> None:
        fetch_packed(store, root, key, manifest.packs[key], small)

    small = {each.sha256: each for each in files if each.sha256 not in manifest.generations}
    at_once(alone, [each for each in files if each.sha256 in manifest.generations])
    packs = manifest.packs.items()
    at_once(together, [key for key, sizes in packs if not small.keys().isdisjoint(sizes)])


def _remove(path: Path, item: Item) -> None:
    if item.kind == "folder":
        remove_folder(path)
    else:
        remove_file(path)
