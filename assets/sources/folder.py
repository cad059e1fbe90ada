"""A local or mounted folder."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from assets.sources.source import CHUNK, Forbidden, Item, SourceError, T, Vanished


class Folder:
    """A folder and its sub-folders."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def items(self) -> Iterator[Item]:
        """Every file, in order of path; hidden ones are left.

        Plain strings and system calls: a landing folder holds a hundred thousand files after years.
        """
        if not self._root.is_dir():
            raise SourceError(
                f"接收目录 {self._root} 不存在：请核对 hotline.toml 的 landing，或先挂载该目录。"
            )
        root = self._root.resolve()
        for path in _walk(root):
            full = f"{root}/{path}"
            try:
                status = os.stat(full)
            except FileNotFoundError:
                yield Item(path, 0, 0, "gone")
                continue
            if os.path.islink(full) and not Path(full).resolve().is_relative_to(root):
                yield Item(path, status.st_size, status.st_mtime_ns, "outside")
            elif stat.S_ISREG(status.st_mode):
                yield Item(path, status.st_size, status.st_mtime_ns)
            else:  # a linked folder cannot be read, and a pipe would be read forever
                yield Item(path, status.st_size, status.st_mtime_ns, "other")

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


def _walk(root: Path) -> Iterator[str]:
    """Paths below a folder.

    A link to a folder is not followed but given as it is: nothing recognises it, so it is named.
    """

    def refuse(error: OSError) -> None:
        raise SourceError(f"接收目录 {error.filename} 无法读取，请检查权限。") from None

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        links = [each for each in folders if os.path.islink(f"{folder}/{each}")]
        below = folder[len(str(root)) + 1 :]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield f"{below}/{name}" if below else name
