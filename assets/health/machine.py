"""Whether the machine has the room, the time and the packages that a night needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assets.core import GOOD, NOTE, WRONG, CheckResult
from assets.exports import list_exports
from assets.installation import Installation
from assets.releases import journal_entries
from assets.sync import MANIFEST, read_manifest

_GIB = 1 << 30
_LEAST = 1 * _GIB
_INODES = 50_000
# A clock that is this far behind what it has itself seen is wrong; files may be a little ahead.
_BEHIND = timedelta(hours=1)
_QUIET = timedelta(days=30)
_OLD_BACKUP = timedelta(days=8)
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def size_of(folder: Path) -> int:
    """Bytes below a folder; a file with several names counts once."""
    seen = {}
    for place, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(f"{place}/{name}")
            seen[status.st_ino] = status.st_size
    return sum(seen.values())


def _shown(size: int) -> str:
    return f"{size / _GIB:.1f} GiB"


def check_disk(
    installation: Installation, free: Callable[[Path], int] | None = None
) -> list[CheckResult]:
    """The warehouse's disk has room for everything computed once more: the most a night writes.

    Args:
        installation: the installation.
        free: bytes free on the disk of a folder.
    """
    warehouse = installation.warehouse
    place = next(each for each in (installation.root, *installation.root.parents) if each.exists())
    left = free(place) if free else shutil.disk_usage(place).free
    computed = (warehouse.staged("", ""), warehouse.details(""), warehouse.built(""))
    need = max(_LEAST, sum(size_of(each) for each in (*computed, warehouse.current.resolve())))
    seen = f"{place} 剩余 {_shown(left)}，重算一遍最多需要 {_shown(need)}"
    level, remedy = GOOD, ""
    if left < need:
        level, remedy = WRONG, "请腾出空间或扩容，再运行夜间任务。"
    elif os.statvfs(place).f_files and os.statvfs(place).f_favail < _INODES:
        level, remedy = WRONG, "请机房增加 inode 或扩容。"
        seen = f"{place} 可建的文件数将尽"
    elif left < 3 * need:
        level, remedy = NOTE, "请安排扩容；可调低 keep_releases。"
    return [CheckResult("disk", "磁盘", level, seen, remedy)]


def check_backup(installation: Installation, folder: Path) -> list[CheckResult]:
    """There is a finished backup of this week, and room for what is new."""
    if not (folder / MANIFEST).exists():
        seen, remedy = f"{folder} 没有完成的备份", f"请执行 hotline backup {folder}。"
        return [CheckResult("backup", "备份", WRONG, seen, remedy)]
    age = installation.now() - datetime.fromisoformat(read_manifest(folder).at)
    if age > _OLD_BACKUP:
        seen = f"{folder} 的备份已是 {age.days} 天以前的"
        remedy = f"请执行 hotline backup {folder}，并检查备份的定时任务。"
        return [CheckResult("backup", "备份", NOTE, seen, remedy)]
    warehouse = installation.warehouse
    kept = sum(size_of(each) for each in (warehouse.archive, warehouse.releases, warehouse.reports))
    left, need = shutil.disk_usage(folder).free, max(0, kept - size_of(folder)) + _LEAST
    if left < need:
        seen = f"{folder} 剩余 {_shown(left)}，下次备份可能需要 {_shown(need)}"
        remedy = "请给备份盘腾出空间，或换一个目录备份。"
        return [CheckResult("backup", "备份", WRONG, seen, remedy)]
    seen = f"{folder}，{age.days} 天以前，剩余 {_shown(left)}"
    return [CheckResult("backup", "备份", GOOD, seen)]


def synchronised() -> bool | None:
    """Whether the system says that its clock is set by the network; None where it does not tell."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    asked = subprocess.run(  # noqa: S603 Its path is the only part that varies.
        [program, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {"yes": True, "no": False}.get(asked.stdout.strip())


def check_clock(
    installation: Installation, in_step: Callable[[], bool | None] = synchronised
) -> list[CheckResult]:
    """The clock is not behind what the warehouse and the landing folder have seen."""
    now = installation.now()
    times = [
        datetime.fromisoformat(each.at) for each in journal_entries(installation.warehouse)[-1:]
    ]
    if files := list_exports(installation, with_retries=False).files:
        newest = max(each.item.modified for each in files) / 1e9
        times.append(datetime.fromtimestamp(newest, now.tzinfo))
    latest = max(times, default=now)
    level, seen = GOOD, f"{now:%Y-%m-%d %H:%M}（北京时间）"
    remedy = "请核对服务器的日期和时间，并打开时间同步（NTP）。"
    if latest - now > _BEHIND:
        level = WRONG
        seen += f"，但最近的发布或文件是 {latest:%Y-%m-%d %H:%M} 的"
    elif now - latest > _QUIET:
        level = NOTE
        seen += f"，最近的发布和文件都是 {(now - latest).days} 天以前的"
        remedy = "请核对日期；日期没有错，就请平台恢复导出。"
    elif in_step() is False:
        level = NOTE
        seen += "，没有与时间服务器同步"
    else:
        remedy = ""
    return [CheckResult("clock", "时钟", level, seen, remedy)]


def check_packages(constraints: Path = CONSTRAINTS) -> list[CheckResult]:
    """The installed packages are those that the tests passed with."""
    level, remedy = GOOD, ""
    seen = f"Python {sys.version.split()[0]}，hotline-pipeline {version('hotline-pipeline')}"
    if not constraints.exists():
        seen += "，由软件包安装"
    elif other := _other_versions(constraints):
        level, remedy = NOTE, "请在程序目录执行 .venv/bin/pip install -c constraints.txt -e .。"
        seen += f"；{len(other)} 个软件包的版本不同：{'、'.join(other[:3])}"
    return [CheckResult("packages", "程序", level, seen, remedy)]


def _other_versions(constraints: Path) -> list[str]:
    """Packages installed in another version than wanted; not all have to be installed."""
    other = []
    for line in constraints.read_text(encoding="utf-8").splitlines():
        name, _, wanted = line.strip().partition("==")
        try:
            if wanted and (found := version(name)) != wanted:
                other.append(f"{name} {found}（应为 {wanted}）")
        except PackageNotFoundError:
            continue
    return other
