"""Back a warehouse up while the system runs, and restore it into an empty one.

backup.json             every file, folder and link, mode and SHA-256; replacing it is the commit
objects/ab/<sha256>     contents

Contents are added before the manifest that names them is replaced, and removed after: whatever
interrupts a backup, the last finished one is still whole. What can be computed from the archive is
not in it.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    HotlineError,
    Warehouse,
    copy_hashing,
    holds,
    make_folder,
    open_json,
    remove_file,
    remove_folder,
    remove_temporary,
    sealed_json,
    set_mode,
    sha256_of,
    sync_folder,
    write_atomically,
    write_bytes,
    write_lock,
)
from assets.installation import Installation
from assets.releases import current_release
from assets.sync.records import check_complete
from assets.sync.tree import Item, apply_items, scan

MANIFEST = "backup.json"
_FORMAT = 1
# Computed from the archive, or of no use elsewhere.
_LEFT_OUT = ("staged", "quarantine", "details", "built", "ledger/deliveries", "dagster")
# Marks a folder as one of backups.
_BACKUP_FOLDER = ".hotline-backup"
# What the lock and Dagster leave in an empty warehouse.
_EMPTY = {".lock", ".lock.holder", "dagster", "layout"}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Manifest:
    """A finished backup.

    Attributes:
        at: when it was made, ISO.
        release: the release that was current; empty where none was.
        items: folders before what is in them, links last.
    """

    at: str
    release: str
    items: tuple[Item, ...]

    @property
    def files(self) -> list[Item]:
        """Its files."""
        return [each for each in self.items if each.kind == "file"]


@dataclass(frozen=True)
class BackupResult:
    """What a backup did.

    Attributes:
        manifest: what is in it.
        new: contents that were not there from an earlier one.
    """

    manifest: Manifest
    new: int


def back_up(installation: Installation, folder: Path, say: Say) -> BackupResult:
    """Make a backup, or continue one; contents that are already there are checked.

    Raw files never change and are copied while others may write; the rest is copied under the lock,
    which takes as long as the ledgers and the new files of releases.

    Args:
        installation: the installation.
        folder: where the backup goes.
        say: told who is waited for.

    Raises:
        HotlineError: the folder holds something else, or a raw file is damaged.
    """
    warehouse = installation.warehouse
    _prepare(warehouse.root, folder)
    objects = _Objects(folder)
    # The lock of a warehouse serves a backup folder as well: one writer at a time.
    with _lock(installation, Warehouse(folder), say):
        for path in sorted(warehouse.archive.glob("??/*")):
            objects.add(path, path.name)

        def digest(path: Path) -> str:
            raw = path.parent.parent == warehouse.archive
            return path.name if raw else sha256_of(path)

        with _lock(installation, warehouse, say):
            # A finished backup replaces the one before, which may hold what is missing here.
            _require_complete(warehouse)
            items = tuple(scan(warehouse.root, _LEFT_OUT, digest))
            at = installation.now().isoformat(timespec="seconds")
            manifest = Manifest(at, current_release(warehouse) or "", items)
            for each in manifest.files:
                objects.add(warehouse.root / each.path, each.sha256)
            objects.sync()
            _write_manifest(folder, manifest)
        objects.delete_orphans({each.sha256 for each in manifest.files})
    return BackupResult(manifest, objects.new)


def _require_complete(warehouse: Warehouse) -> None:
    try:
        check_complete(warehouse)
    except HotlineError as error:
        raise HotlineError(f"备份没有完成，以前的备份仍然有效。原因：{error}") from None


def _lock(
    installation: Installation, warehouse: Warehouse, say: Say, *, restoring: bool = False
) -> AbstractContextManager[None]:
    return write_lock(
        warehouse,
        timeout=installation.lock_timeout,
        now=installation.now,
        say=say,
        restoring=restoring,
    )


def _prepare(warehouse: Path, backup: Path) -> None:
    folder, root = backup.resolve(), warehouse.resolve()
    if not root.is_dir():
        raise HotlineError(f"数据仓库 {root} 不存在，没有可以备份的内容：请核对 hotline.toml。")
    if folder == root or folder.is_relative_to(root) or root.is_relative_to(folder):
        raise HotlineError(f"备份目录 {folder} 与数据仓库 {root} 重叠：请换一个目录。")
    if folder.exists() and not folder.is_dir():
        raise HotlineError(f"备份目录 {folder} 不是目录：请换一个。")
    mark = folder / _BACKUP_FOLDER
    if folder.is_dir() and any(folder.iterdir()) and not mark.exists():
        raise HotlineError(f"备份目录 {folder} 里已有别的内容：请换一个空目录，或以前的备份目录。")
    make_folder(folder, PRIVATE_FOLDER)
    # It holds personal data, even in a folder that others may read.
    set_mode(folder, PRIVATE_FOLDER)
    write_bytes(mark, b"")


class _Objects:
    """The contents in a backup folder.

    Attributes:
        new: how many were added.
    """

    def __init__(self, folder: Path) -> None:
        self.new = 0
        self._folder = folder
        self._checked: set[str] = set()

    def add(self, source: Path, sha256: str) -> None:
        """Have a content in the backup, and know that its bytes are right.

        Raises:
            HotlineError: the source holds other bytes.
        """
        if sha256 in self._checked:
            return
        target = object_path(self._folder, sha256)
        if not holds(target, sha256):
            found = copy_hashing(source, self._folder, lambda each: object_path(self._folder, each))
            if found != sha256 or sha256_of(target) != sha256:
                raise HotlineError(
                    f"{source} 的内容与登记的校验值不符，备份没有完成，以前的备份仍然有效："
                    "请检查硬盘，并从以前的备份恢复这个文件。"
                )
            self.new += 1
        self._checked.add(sha256)

    def sync(self) -> None:
        """Make the names of the contents durable, before a manifest names them."""
        for folder in sorted((self._folder / "objects").glob("??")):
            sync_folder(folder)
        sync_folder(self._folder)

    def delete_orphans(self, named: set[str]) -> None:
        """Remove contents that the manifest does not name."""
        for path in (self._folder / "objects").glob("??/*"):
            if path.name not in named:
                remove_file(path)


def object_path(folder: Path, sha256: str) -> Path:
    """Where a content lies in a backup folder."""
    return folder / "objects" / sha256[:2] / sha256


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    text = sealed_json({"format": _FORMAT, **asdict(manifest)})
    write_bytes(folder / MANIFEST, text.encode(), mode=PRIVATE_FILE)


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup holds.

    Raises:
        HotlineError: there is no finished backup, or it cannot be understood.
    """
    path = folder / MANIFEST
    try:
        content = open_json(path.read_bytes())
        if content["format"] != _FORMAT:
            raise HotlineError(
                f"备份 {folder} 的格式是 {content['format']}，本程序只认识 {_FORMAT}："
                "请用做这份备份的程序版本恢复。"
            )
        items = tuple(Item(**each) for each in content["items"])
        return Manifest(content["at"], content["release"], items)
    except FileNotFoundError:
        raise HotlineError(
            f"{folder} 里没有完成的备份（缺 {MANIFEST}）：请核对目录，"
            "或再运行一次 hotline backup 让它做完。"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise HotlineError(
            f"备份清单 {path} 无法读取（{type(error).__name__}）：请换一份备份。"
        ) from None


def restore(installation: Installation, folder: Path, say: Say) -> Manifest:
    """Restore a backup into the installation's empty warehouse, or continue doing so.

    Every content is checked before anything is written. Until all of it is there, nobody else
    writes into the warehouse; the same command again always ends it.

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
    check(folder, manifest)
    root = installation.root
    fetch = _fetching(root, folder)
    begun = installation.warehouse.restoring
    with _lock(installation, installation.warehouse, say, restoring=True):
        if not begun.exists() and {path.name for path in root.iterdir()} - _EMPTY:
            if _is_restored(root, manifest):
                return manifest  # It was killed when all was done.
            raise HotlineError(
                f"数据仓库 {root} 不是空的，没有恢复：请先把它移走，"
                "或在 hotline.toml 的 warehouse 中换一个目录；"
                "只恢复个别文件时请用 hotline restore 备份目录 --file 文件。"
            )
        for each in manifest.items:
            inside = (root / each.path).resolve().is_relative_to(root.resolve())
            if not inside and each.kind != "link":
                raise HotlineError(f"备份清单中的路径 {each.path} 在数据仓库之外：请换一份备份。")
        write_bytes(begun, b"", mode=PRIVATE_FILE)
        remove_temporary(root, [root / "dagster"])
        apply_items(root, scan(root, _LEFT_OUT, sha256_of), manifest.items, fetch)
        remove_file(begun)
    return manifest


def _is_restored(root: Path, manifest: Manifest) -> bool:
    """Whether a warehouse is what a backup holds; its number may be newer."""
    number = Warehouse(root).layout.name
    found, wanted = (
        [each for each in items if each.path != number]
        for items in (scan(root, _LEFT_OUT, sha256_of), manifest.items)
    )
    return found == wanted


def _fetching(root: Path, folder: Path) -> Callable[[Sequence[Item]], None]:
    """What writes files of a backup below a warehouse."""

    def fetch(files: Sequence[Item]) -> None:
        for each in files:
            with object_path(folder, each.sha256).open("rb") as content:
                write = partial(shutil.copyfileobj, content)
                write_atomically(root / each.path, write, mode=each.mode)

    return fetch


def restore_files(
    installation: Installation, folder: Path, names: Sequence[str], say: Say
) -> list[str]:
    """Bring single files of a backup back into a warehouse, in place of what is there.

    Args:
        installation: the installation.
        folder: the backup.
        names: paths below the warehouse.
        say: told who is waited for.

    Returns:
        The paths.

    Raises:
        HotlineError: the backup does not hold one of them, or not as it was.
    """
    files = {each.path: each for each in read_manifest(folder).files}
    root = installation.root
    wanted = [name.removeprefix(f"{root}/") for name in names]
    for name in wanted:
        if name not in files:
            raise HotlineError(f"备份 {folder} 里没有文件 {name}：请核对路径，或换一份备份。")
        if not holds(object_path(folder, files[name].sha256), files[name].sha256):
            raise HotlineError(f"备份 {folder} 里的 {name} 已损坏，没有恢复：请换一份备份。")
    with _lock(installation, installation.warehouse, say):
        for name in wanted:
            make_folder((root / name).parent, PRIVATE_FOLDER)
            if (root / name).is_dir():
                remove_folder(root / name)
        _fetching(root, folder)([files[name] for name in wanted])
    return wanted


def check(folder: Path, manifest: Manifest) -> None:
    """Check every content of a backup against its SHA-256.

    Raises:
        HotlineError: some are missing or damaged.
    """
    whole = {
        sha256: holds(object_path(folder, sha256), sha256)
        for sha256 in {each.sha256 for each in manifest.files}
    }
    damaged = [each.path for each in manifest.files if not whole[each.sha256]]
    if damaged:
        few = "、".join(damaged[:5])
        raise HotlineError(
            f"备份 {folder} 已损坏，没有恢复：{len(damaged)} 个文件缺失或内容不符（{few}）。"
            "请换一份备份；原数据仓库还在时，再运行一次 hotline backup 会补齐。"
        )
