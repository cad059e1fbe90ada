"""One writer at a time: a lock on the warehouse that the kernel frees when its holder dies.

It serves the command line and the steps that Dagster runs; one process may take it again. Whoever
takes it after a holder that died removes what that one left unfinished.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assets.core.errors import HotlineError
from assets.core.files import TEMPORARY, make_folder, remove_file, remove_folder, write_bytes
from assets.core.warehouse import Warehouse, mark_layout

_HINT_AFTER = 0.2


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_bytes())
        return f"进程 {held['pid']}（{held['command']}，自 {held['since']} 起）"
    except (OSError, ValueError, KeyError, TypeError):
        return "另一个进程"


@contextmanager
def write_lock(
    warehouse: Warehouse,
    *,
    timeout: float,
    now: Callable[[], datetime],
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Hold the warehouse for writing.

    Args:
        warehouse: what to lock.
        timeout: seconds to wait.
        now: clock, for the note that tells others since when.
        say: told once who is waited for.

    Raises:
        HotlineError: the warehouse cannot be written, or the holder did not finish in time.
    """
    holder = warehouse.root / ".lock.holder"
    try:
        make_folder(warehouse.root)
        lock = FileLock(warehouse.lock, is_singleton=True, thread_local=False)
        try:
            lock.acquire(timeout=min(_HINT_AFTER, timeout))
        except Timeout:
            say(f"{_holder(holder)} 正在写入，等待中（最多 {timeout:.0f} 秒）……")
            lock.acquire(timeout=timeout)
    except Timeout:
        raise HotlineError(
            f"等待 {timeout:.0f} 秒后仍由{_holder(holder)}占用：请等它结束后再运行。"
        ) from None
    except PermissionError as error:
        raise HotlineError(
            f"没有权限写入数据仓库 {error.filename}：请检查目录的所有者和权限。"
        ) from None
    try:
        if lock.lock_counter > 1:
            yield
            return
        # Only a holder that did not end well leaves its note.
        if holder.exists():
            _remove_leftovers(warehouse)
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


def _remove_leftovers(warehouse: Warehouse) -> None:
    """Remove what has a temporary name.

    The archive is searched at its top only: raw files get their final names from there. Files that
    no ledger or record names are removed by those who write them.
    """
    shallow = (warehouse.archive, warehouse.releases, warehouse.root / "dagster")
    folders = [warehouse.root]
    while folders:
        folder = folders.pop()
        for path in sorted(folder.iterdir()):
            is_folder = path.is_dir() and not path.is_symlink()
            if path.name.startswith(TEMPORARY):
                (remove_folder if is_folder else remove_file)(path)
            elif is_folder and folder not in shallow:
                folders.append(path)
