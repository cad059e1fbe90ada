"""Let the k-th operation on the disk fail, or the process die before it.

Belongs here: the wrapped system calls. Only operations below one folder count (and none of
Dagster's own files), so the same work gives the same number of them; work that is done side by
side gives them in any order.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

# Each takes a path, or the handle of a file that was opened below the folder.
BY_PATH = ("open", "mkdir", "rmdir", "unlink", "replace", "rename", "link", "symlink", "chmod")
BY_HANDLE = ("write", "fsync", "ftruncate", "close")
# After the fault the process may still clear up; a close that fails has closed all the same.
KILL = -1


class Disk:
    """Counts operations; at the chosen one, raises or kills.

    Args:
        root: operations on paths below it count.
        at: number of the operation, from 1; 0 for none.
        error: errno to raise, or KILL.
        ignored: paths below the root whose operations do not count.
        sticky: whether all later operations of the same name fail, too, as on a full disk.
    """

    def __init__(
        self,
        root: Path,
        *,
        at: int = 0,
        error: int = 0,
        ignored: tuple[str, ...] = ("warehouse/dagster", "landing", "answer.json"),
        sticky: bool = False,
    ) -> None:
        self.root, self.at, self.error, self.sticky = root, at, error, sticky
        self.ignored = tuple(f"{root}/{each}" for each in ignored)
        self.seen: list[str] = []
        self.hit = ""
        self._handles: dict[int, str] = {}
        self._lock = Lock()

    def counts(self, path: Any) -> str:
        """The path below the root, empty where the operation does not count."""
        if not isinstance(path, str | bytes | os.PathLike):
            return ""
        text = os.path.abspath(os.fsdecode(path))
        inside = text == str(self.root) or text.startswith(f"{self.root}/")
        return text[len(str(self.root)) :] if inside and not text.startswith(self.ignored) else ""

    def step(self, name: str, path: str) -> None:
        """One operation."""
        with self._lock:
            self.seen.append(f"{name} {path}")
            number = len(self.seen)
        again = self.sticky and self.hit.startswith(f"{name} ")
        if number == self.at or again:
            self.hit = self.hit or f"{name} {path}"
            if self.error == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(self.error, os.strerror(self.error), str(self.root) + path)

    def wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """A system call that counts first."""

        def by_path(path: Any, *args: Any, **named: Any) -> Any:
            relative = named.get("dir_fd") is None and self.counts(path)
            if not relative and named.get("dir_fd") in self._handles:
                relative = f"{self._handles[named['dir_fd']]}/{os.fsdecode(path)}"
            if relative:
                self.step(name, relative)
            found = call(path, *args, **named)
            if name == "open" and relative:
                self._handles[found] = relative
            return found

        def by_handle(handle: Any, *args: Any, **named: Any) -> Any:
            known = self._handles.get(handle)
            if name == "close":
                self._handles.pop(handle, None)
                call(handle, *args, **named)
                if known:
                    self.step(name, known)
                return None
            if known:
                self.step(name, known)
            return call(handle, *args, **named)

        return by_path if name in BY_PATH else by_handle


@contextmanager
def watched(disk: Disk) -> Iterator[Disk]:
    """Let the process's operations go through a `Disk`."""
    genuine = {name: getattr(os, name) for name in (*BY_PATH, *BY_HANDLE)}
    try:
        for name, call in genuine.items():
            setattr(os, name, disk.wrapped(name, call))
        yield disk
    finally:
        for name, call in genuine.items():
            setattr(os, name, call)
