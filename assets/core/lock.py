"""One writer at a time: a lock on the warehouse that the kernel frees when its holder dies.

It serves the command line and the steps that Dagster runs; one process may take it again. Whoever
takes it after a holder that died removes what that one left unfinished.
"""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assets.core.errors import HotlineError
from assets.core.files import (
    PRIVATE_FILE,
    TEMPORARY,
    make_folder,
    remove_file,
    remove_folder,
    set_mode,
    write_bytes,
)
from assets.core.warehouse import Warehouse, mark_layout

_HINT_AFTER = 0.2


@dataclass(frozen=True)
class Holder:
    """Who holds the lock.

    Attributes:
        pid: its process; 0 where the system does not tell, as of another container.
        command: name of its program; empty where the system does not tell.
        since: since when; None where it is none of ours, or has only just begun.
    """

    pid: int
    command: str
    since: datetime | None

    def __str__(self) -> str:
        """In Chinese, for messages."""
        who = f"进程 {self.pid}" if self.pid else "另一个进程"
        if self.since:
            return f"{who}（{self.command}，自 {self.since.isoformat(timespec='seconds')} 起）"
        command = f"{self.command}，" if self.command else ""
        return f"{who}（{command}没有登记，可能不是 hotline）"


def lock_holder(warehouse: Warehouse) -> Holder:
    """Who holds the lock of a warehouse, by the kernel and by the note that holders leave."""
    pid = _locking(warehouse.lock)
    try:
        note = json.loads(_note(warehouse).read_bytes())
        noted = Holder(int(note["pid"]), note["command"], datetime.fromisoformat(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        noted = Holder(0, "", None)
    if noted.pid and pid in (0, noted.pid):
        return noted
    try:
        return Holder(pid, Path(f"/proc/{pid}/comm").read_text("utf-8").strip(), None)
    except (OSError, ValueError):
        return Holder(pid, "", None)


def _locking(path: Path) -> int:
    """The process that the kernel names as the holder of a file's lock; 0 where it names none."""
    try:
        inode = str(path.stat().st_ino)
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return 0
    # 1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF; who waits has "->" in the second place.
    found = [each.split() for each in lines]
    pids = [int(each[4]) for each in found if each[1] == "FLOCK" and each[5].endswith(f":{inode}")]
    return next((pid for pid in pids if pid > 0), 0)


def _note(warehouse: Warehouse) -> Path:
    return warehouse.root / ".lock.holder"


@contextmanager
def write_lock(
    warehouse: Warehouse,
    *,
    timeout: float,
    now: Callable[[], datetime],
    say: Callable[[str], None] = lambda _: None,
    restoring: bool = False,
) -> Iterator[None]:
    """Hold the warehouse for writing.

    Args:
        warehouse: what to lock.
        timeout: seconds to wait.
        now: clock, for the note that tells others since when.
        say: told once who is waited for.
        restoring: whether it is held to be restored from a backup, or to go on with that.

    Raises:
        HotlineError: the warehouse cannot be written, is half restored, or the holder did not
            finish in time.
    """
    holder = _note(warehouse)
    try:
        make_folder(warehouse.root)
        if warehouse.lock.exists():
            set_mode(warehouse.lock, PRIVATE_FILE)
        # Whoever may open it may hold it.
        lock = FileLock(warehouse.lock, mode=PRIVATE_FILE, is_singleton=True, thread_local=False)
        try:
            lock.acquire(timeout=min(_HINT_AFTER, timeout))
        except Timeout:
            say(f"{lock_holder(warehouse)} 正在写入，等待中（最多 {timeout:.0f} 秒）……")
            lock.acquire(timeout=timeout)
    except Timeout:
        raise HotlineError(
            f"等待 {timeout:.0f} 秒后仍由{lock_holder(warehouse)}占用：请等它结束后再运行。"
        ) from None
    except PermissionError as error:
        raise HotlineError(
            f"没有权限写入数据仓库 {error.filename}：请检查目录的所有者和权限。"
        ) from None
    try:
        if lock.lock_counter > 1:
            yield
            return
        if warehouse.restoring.exists() and not restoring:
            raise HotlineError(
                f"数据仓库 {warehouse.root} 的恢复没有做完：请再运行一次同样的 hotline restore。"
            )
        # Only a holder that did not end well leaves its note.
        if holder.exists():
            shallow = (warehouse.archive, warehouse.releases, warehouse.root / "dagster")
            remove_temporary(warehouse.root, shallow)
        note = {
            "pid": os.getpid(),
            "command": Path(sys.argv[0]).name,
            "since": now().isoformat(timespec="seconds"),
        }
        write_bytes(holder, json.dumps(note, ensure_ascii=False).encode())
        mark_layout(warehouse)
        yield
        remove_file(holder)
    finally:
        lock.release()


def remove_temporary(root: Path, shallow: Collection[Path] = ()) -> None:
    """Remove what has a temporary name below a warehouse.

    In an ordinary warehouse the archive is searched at its top only: raw files get their final
    names from there. Files that no ledger or record names are removed by those who write them.

    Args:
        root: where it is searched.
        shallow: folders that are searched at their top only.
    """
    folders = [root]
    while folders:
        folder = folders.pop()
        for path in sorted(folder.iterdir()):
            is_folder = path.is_dir() and not path.is_symlink()
            if path.name.startswith(TEMPORARY):
                (remove_folder if is_folder else remove_file)(path)
            elif is_folder and folder not in shallow:
                folders.append(path)
