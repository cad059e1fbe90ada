"""Make a backup while the system runs, or go on with one.

Belongs here: what is copied, and in which order. Raw files, which never change, are copied while
others may write; everything else under the lock, which takes as long as the ledgers and the new
files of releases. Nothing that can be computed from the archive is copied.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assets.core import (
    PRIVATE_FOLDER,
    TEMPORARY,
    HotlineError,
    Warehouse,
    copy_hashing,
    holds,
    make_folder,
    remove_file,
    sha256_of,
    sync_folder,
    write_bytes,
    writing,
)
from assets.installation import Installation
from assets.releases import current_release
from assets.sync.manifest import OBJECTS, Item, object_path, write_manifest

# Computed from the archive, or of no use elsewhere.
_LEFT_OUT = ("staged", "quarantine", "details", "built", "ledger/deliveries", "dagster")
_LOCK_FILES = (".lock", ".lock.holder")
_BEGUN = ".hotline-backup"


@dataclass
class Copied:
    """What a backup did.

    Attributes:
        files: files in it.
        size: their bytes.
        new: contents that were not there from an earlier one.
        key: whether the key of the callers' pseudonyms is in it.
        release: the release that was current.
    """

    files: int = 0
    size: int = 0
    new: int = 0
    key: bool = False
    release: str | None = None


class Backup:
    """One backup into one folder.

    Args:
        installation: the installation.
        folder: where the backup goes.
        say: told who is waited for.
    """

    def __init__(
        self, installation: Installation, folder: Path, say: Callable[[str], None]
    ) -> None:
        self._installation = installation
        self._root = installation.root
        self._folder = folder
        self._say = say
        self._checked: set[str] = set()
        self._copied = Copied()

    def make(self) -> Copied:
        """Copy, check what was copied, and what is there from earlier.

        Raises:
            HotlineError: the folder holds something else, or a raw file is damaged.
        """
        installation, folder = self._installation, self._folder
        self._prepare()
        # The lock of a warehouse serves a backup folder as well: one writer at a time.
        with writing(
            Warehouse(folder),
            timeout=installation.lock_timeout,
            now=installation.now,
            say=self._say,
        ):
            for path in sorted(self._root.glob("archive/??/*")):
                self._ensure(path, path.name)
            with writing(
                installation.warehouse,
                timeout=installation.lock_timeout,
                now=installation.now,
                say=self._say,
            ):
                items = list(self._items())
                release = current_release(installation.warehouse)
                self._sync()
                at = installation.now().isoformat(timespec="seconds")
                write_manifest(folder, at, release or "", items)
            self._drop_unnamed({each.sha256 for each in items})
        files = [each for each in items if each.kind == "file"]
        self._copied.files = len(files)
        self._copied.size = sum(each.size for each in files)
        self._copied.key = any(
            each.path == installation.warehouse.caller_key.name for each in files
        )
        self._copied.release = release
        return self._copied

    def _prepare(self) -> None:
        folder, root = self._folder.resolve(), self._root.resolve()
        if not root.is_dir():
            raise HotlineError(f"数据仓库 {root} 不存在，没有可以备份的内容：请核对 hotline.toml。")
        if folder == root or folder.is_relative_to(root) or root.is_relative_to(folder):
            raise HotlineError(f"备份目录 {folder} 与数据仓库 {root} 重叠：请换一个目录。")
        if folder.exists() and not folder.is_dir():
            raise HotlineError(f"备份目录 {folder} 不是目录：请换一个。")
        begun = folder / _BEGUN
        if folder.is_dir() and any(folder.iterdir()) and not begun.exists():
            raise HotlineError(
                f"备份目录 {folder} 里已有别的内容：请换一个空目录，或以前的备份目录。"
            )
        make_folder(folder, PRIVATE_FOLDER)
        # It holds personal data, even in a folder that others may read.
        os.chmod(folder, PRIVATE_FOLDER)
        write_bytes(begun, b"")

    def _ensure(self, source: Path, sha256: str) -> None:
        """Have a content in the backup, and know that it is that one."""
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
            self._copied.new += 1
        self._checked.add(sha256)

    def _items(self) -> Iterator[Item]:
        links = []
        for place, folders, names in os.walk(self._root):
            below = Path(place).relative_to(self._root)
            if below.parts:
                yield Item(below.as_posix(), "folder", Path(place).stat().st_mode & 0o7777)
            folders[:] = sorted(each for each in folders if self._is_kept(below / each))
            for name in sorted([*names, *folders]):
                path = Path(place, name)
                relative = (below / name).as_posix()
                if path.is_symlink():
                    links.append(Item(relative, "link", target=str(path.readlink())))
                elif name in names and self._is_kept(below / name):
                    yield self._file(path, relative)
        yield from links

    def _is_kept(self, path: Path) -> bool:
        if path.name.startswith(TEMPORARY) or path.as_posix() in (*_LOCK_FILES, *_LEFT_OUT):
            return False
        return not (self._root / path).is_symlink() or len(path.parts) == 1

    def _file(self, path: Path, relative: str) -> Item:
        raw = relative.startswith("archive/") and relative.count("/") == 2
        sha256 = path.name if raw else sha256_of(path)
        self._ensure(path, sha256)
        status = path.stat()
        return Item(relative, "file", status.st_mode & 0o7777, sha256, status.st_size)

    def _sync(self) -> None:
        """Make the names of the contents durable before the manifest names them."""
        for folder in sorted((self._folder / OBJECTS).glob("??")):
            sync_folder(folder)
        sync_folder(self._folder)

    def _drop_unnamed(self, named: set[str]) -> None:
        for path in (self._folder / OBJECTS).glob("??/*"):
            if path.name not in named:
                remove_file(path)
