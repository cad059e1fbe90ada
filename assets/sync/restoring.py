"""Bring a backup back into an empty warehouse, or go on with bringing it back.

Belongs here: the order. Every content is checked before anything is written; `current` comes last,
so that readers see nothing before all of it is there.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from assets.core import (
    PRIVATE_FILE,
    READ_ONLY_FILE,
    HotlineError,
    copy_hashing,
    holds,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    sync_folder,
    write_bytes,
    writing,
)
from assets.installation import Installation
from assets.sync.manifest import MANIFEST, Item, Manifest, object_path, read_manifest

# Says which backup is being brought back: it may be gone on with.
_BEGUN = ".restoring"
_OWN = {_BEGUN, ".lock", ".lock.holder", "dagster", "layout"}


def restore(installation: Installation, folder: Path, say: Callable[[str], None]) -> Manifest:
    """Restore a backup into the installation's warehouse.

    Args:
        installation: the installation.
        folder: the backup.
        say: told who is waited for.

    Returns:
        What was restored.

    Raises:
        HotlineError: the backup is damaged, or the warehouse holds something.
    """
    manifest = read_manifest(folder)
    _check(folder, manifest)
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    with writing(
        installation.warehouse, timeout=installation.lock_timeout, now=installation.now, say=say
    ):
        begun = installation.root / _BEGUN
        same = begun.exists() and begun.read_text(encoding="ascii") == digest
        if not same and {path.name for path in installation.root.iterdir()} - _OWN:
            raise HotlineError(
                f"数据仓库 {installation.root} 不是空的，没有恢复：请先把它移走，"
                "或在 hotline.toml 的 warehouse 中换一个目录。"
            )
        write_bytes(begun, digest.encode(), mode=PRIVATE_FILE)
        _bring_back(folder, manifest, installation.root)
        remove_file(begun)
    return manifest


def _check(folder: Path, manifest: Manifest) -> None:
    damaged = []
    seen: dict[str, bool] = {}
    for item in manifest.items:
        if item.kind != "file":
            continue
        if item.sha256 not in seen:
            path = object_path(folder, item.sha256)
            seen[item.sha256] = holds(path, item.sha256)
        if not seen[item.sha256]:
            damaged.append(item.path)
    if damaged:
        few = "、".join(damaged[:5])
        raise HotlineError(
            f"备份 {folder} 已损坏，没有恢复：{len(damaged)} 个文件缺失或内容不符（{few}）。"
            "请换一份备份；原数据仓库还在时，再运行一次 hotline backup 会补齐。"
        )


def _bring_back(folder: Path, manifest: Manifest, root: Path) -> None:
    placed: dict[str, Path] = {}
    touched = {root}
    for item in manifest.items:
        path = root / item.path
        if not path.resolve().is_relative_to(root.resolve()) and item.kind != "link":
            raise HotlineError(f"备份清单中的路径 {item.path} 在数据仓库之外：请换一份备份。")
        if item.kind == "folder":
            make_folder(path, item.mode)
            os.chmod(path, item.mode)
            touched.add(path)
        elif item.kind == "file":
            _place(folder, item, path, placed)
    for each in sorted(touched):
        sync_folder(each)
    for item in manifest.items:
        if item.kind == "link":
            point_symlink(root / item.path, item.target)


def _place(folder: Path, item: Item, path: Path, placed: dict[str, Path]) -> None:
    """Write a file with its permissions; releases share what they have in common."""
    if not holds(path, item.sha256):
        twin = placed.get(item.sha256)
        if twin and item.mode == READ_ONLY_FILE:
            remove_file(path)
            link_or_copy(twin, path)
        else:
            copy_hashing(object_path(folder, item.sha256), path.parent, lambda _: path)
    os.chmod(path, item.mode)
    if item.mode == READ_ONLY_FILE:
        placed.setdefault(item.sha256, path)
