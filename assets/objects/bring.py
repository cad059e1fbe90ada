"""Bring a warehouse to this machine: afterwards its copy is what the store says, and no more.

Belongs here: making the folder so. Whatever is right already is left; interrupted, it is simply
begun again.
"""

from pathlib import Path

from assets.backup.manifest import Item
from assets.errors import HotlineError
from assets.files import (
    READ_ONLY_FILE,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
    set_mode,
)
from assets.objects.copy import is_copy, remember
from assets.objects.remote import Manifest, fetch, object_key
from assets.objects.store import Store


def bring(store: Store, root: Path, manifest: Manifest) -> int:
    """Make a folder what a manifest says; nobody else may write to it.

    Args:
        store: where the contents are.
        root: the folder.
        manifest: of the state that is wanted.

    Returns:
        How many contents were fetched.

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
    # Only what is never written in place may get a second name.
    at_hand = {
        each.sha256: path
        for path, each in have.items()
        if each.mode == READ_ONLY_FILE and each == wanted[path]
    }
    fetched = 0
    for each in manifest.items:
        target = root / each.path
        if each == have.get(each.path):
            continue
        if each.kind == "folder":
            make_folder(target, each.mode)
            set_mode(target, each.mode)
        elif each.kind == "link":
            point_symlink(target, each.target)
        else:
            remove_file(target)
            source = at_hand.get(each.sha256) if each.mode == READ_ONLY_FILE else None
            if source is None:
                generation = manifest.generations[each.sha256]
                fetch(store, object_key(generation, each.sha256), target, each.mode)
                fetched += 1
            else:
                link_or_copy(root / source, target)
                set_mode(target, each.mode)
            if each.mode == READ_ONLY_FILE:
                at_hand[each.sha256] = each.path
    remember(root)
    return fetched


def _remove(path: Path, item: Item) -> None:
    if item.kind == "folder":
        remove_folder(path)
    else:
        remove_file(path)
