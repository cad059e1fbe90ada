"""A local or mounted folder."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from assets.sources.source import CHUNK, Forbidden, Item, SourceError, T, Vanished


class Folder:
    """A folder and its sub-folders."""

    # Copying waits for memory and for the disk in turn.
    at_once = 3

    def __init__(self, root: Path) -> None:
        self._root = root

    def items(self) -> Iterator[Item]:
        """Every file, in order of path; hidden ones are left.

        One system call a file: a landing folder holds a hundred thousand of them after years.
        """
        if not self._root.is_dir():
            raise SourceError(
                f"接收目录 {self._root} 不存在：请核对 hotline.toml 的 landing，或先挂载该目录。"
            )
        root = self._root.resolve()
        for entry in _walk(root):
            path = entry.path[len(str(root)) + 1 :]
            try:
                status = entry.stat()
            except FileNotFoundError:
                yield Item(path, 0, 0, "gone")
                continue
            kind: Literal["file", "outside", "other"] = "file"
            if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
                kind = "outside"
            elif not stat.S_ISREG(status.st_mode):
                # A linked folder cannot be read, and a pipe would be read forever.
                kind = "other"
            yield Item(path, status.st_size, status.st_mtime_ns, kind)

    def close(self) -> None:
        """There is nothing to close."""

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Read a file."""
        return receive(self._read(item))

    def _read(self, item: Item) -> Iterator[bytes]:
        path = self._root / item.path
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
            status = path.stat()
        except FileNotFoundError:
            raise Vanished from None
        except PermissionError:
            raise Forbidden from None
        if (status.st_size, status.st_mtime_ns) != (item.size, item.modified):
            raise Vanished


def _walk(root: Path) -> Iterator["os.DirEntry[str]"]:
    """What lies below a folder, apart from folders.

    A link to a folder is not followed but given as it is: nothing recognises it, so it is named.
    """
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda each: each.name)
        except OSError:
            raise SourceError(f"接收目录 {folder} 无法读取，请检查权限。") from None
        shown = [each for each in entries if not each.name.startswith(".")]
        below = [each.path for each in shown if each.is_dir(follow_symlinks=False)]
        yield from (each for each in shown if not each.is_dir(follow_symlinks=False))
        folders += reversed(below)
