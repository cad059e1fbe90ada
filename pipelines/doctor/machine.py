"""Whether the machine has the room, the time and the packages that a night needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assets.exports import look
from assets.installation import Installation
from assets.releases import entries
from assets.sync import MANIFEST, read_manifest
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding

_GIB = 1 << 30
_LEAST = 1 * _GIB
_INODES = 50_000
# A clock that is this far behind what it has itself seen is wrong; files may be a little ahead.
_BEHIND = timedelta(hours=1)
_QUIET = timedelta(days=30)
_OLD_BACKUP = timedelta(days=8)
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def _size(folder: Path) -> int:
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
) -> list[Finding]:
    """The warehouse's disk has room for everything computed once more: the most a night writes.

    Args:
        installation: the installation.
        free: bytes free on the disk of a folder.
    """
    topic, warehouse = "磁盘", installation.warehouse
    place = next(each for each in (installation.root, *installation.root.parents) if each.exists())
    left = free(place) if free else shutil.disk_usage(place).free
    computed = (warehouse.staged("", ""), warehouse.details(""), warehouse.built(""))
    need = max(_LEAST, sum(_size(each) for each in (*computed, warehouse.current.resolve())))
    seen = f"{place} 剩余 {_shown(left)}，重算一遍最多需要 {_shown(need)}"
    if left < need:
        return [Finding(topic, WRONG, seen, "请腾出空间或扩容，再运行夜间任务。")]
    if os.statvfs(place).f_files and os.statvfs(place).f_favail < _INODES:
        return [Finding(topic, WRONG, f"{place} 可建的文件数将尽", "请机房增加 inode 或扩容。")]
    if left < 3 * need:
        return [Finding(topic, NOTE, seen, "请安排扩容；可调低 keep_releases。")]
    return [Finding(topic, GOOD, seen)]


def check_backup(installation: Installation, folder: Path) -> list[Finding]:
    """There is a finished backup of this week, and room for what is new."""
    topic = "备份"
    if not (folder / MANIFEST).exists():
        return [
            Finding(topic, WRONG, f"{folder} 没有完成的备份", f"请执行 hotline backup {folder}。")
        ]
    age = installation.now() - datetime.fromisoformat(read_manifest(folder).at)
    if age > _OLD_BACKUP:
        seen = f"{folder} 的备份已是 {age.days} 天以前的"
        return [
            Finding(topic, NOTE, seen, f"请执行 hotline backup {folder}，并检查备份的定时任务。")
        ]
    warehouse = installation.warehouse
    kept = sum(_size(each) for each in (warehouse.archive, warehouse.releases, warehouse.reports))
    left, need = shutil.disk_usage(folder).free, max(0, kept - _size(folder)) + _LEAST
    if left < need:
        seen = f"{folder} 剩余 {_shown(left)}，下次备份可能需要 {_shown(need)}"
        return [Finding(topic, WRONG, seen, "请给备份盘腾出空间，或换一个目录备份。")]
    return [Finding(topic, GOOD, f"{folder}，{age.days} 天以前，剩余 {_shown(left)}")]


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
) -> list[Finding]:
    """The clock is not behind what the warehouse and the landing folder have seen."""
    topic, now = "时钟", installation.now()
    seen = [datetime.fromisoformat(each.at) for each in entries(installation.warehouse)[-1:]]
    if files := look(installation, patiently=False).files:
        newest = max(each.item.modified for each in files) / 1e9
        seen.append(datetime.fromtimestamp(newest, now.tzinfo))
    said = f"{now:%Y-%m-%d %H:%M}（北京时间）"
    remedy = "请核对服务器的日期和时间，并打开时间同步（NTP）。"
    if seen and max(seen) - now > _BEHIND:
        seen_at = f"{max(seen):%Y-%m-%d %H:%M}"
        return [Finding(topic, WRONG, f"{said}，但最近的发布或文件是 {seen_at} 的", remedy)]
    if seen and now - max(seen) > _QUIET:
        days = (now - max(seen)).days
        return [
            Finding(
                topic,
                NOTE,
                f"{said}，最近的发布和文件都是 {days} 天以前的",
                "请核对日期；日期没有错，就请平台恢复导出。",
            )
        ]
    if in_step() is False:
        return [Finding(topic, NOTE, f"{said}，没有与时间服务器同步", remedy)]
    return [Finding(topic, GOOD, said)]


def check_packages(constraints: Path = CONSTRAINTS) -> list[Finding]:
    """The installed packages are those that the tests passed with."""
    topic = "程序"
    python = f"Python {sys.version.split()[0]}，hotline-pipeline {version('hotline-pipeline')}"
    if not constraints.exists():
        return [
            Finding(
                topic, NOTE, f"{python}；没有 {constraints}，未核对", "请用完整的程序目录安装。"
            )
        ]
    other = [f"{name} {found}（应为 {wanted}）" for name, wanted, found in _other(constraints)]
    if other:
        few = "、".join(other[:3])
        return [
            Finding(
                topic,
                NOTE,
                f"{python}；{len(other)} 个软件包的版本不同：{few}",
                "请在程序目录执行 .venv/bin/pip install -c constraints.txt -e .。",
            )
        ]
    return [Finding(topic, GOOD, python)]


def _other(constraints: Path) -> Iterator[tuple[str, str, str]]:
    """Name, wanted and installed version of packages that differ; not all have to be installed."""
    for line in constraints.read_text(encoding="utf-8").splitlines():
        name, _, wanted = line.strip().partition("==")
        try:
            if wanted and (found := version(name)) != wanted:
                yield name, wanted, found
        except PackageNotFoundError:
            continue
