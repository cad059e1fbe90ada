"""Whether a night's work would succeed: it is tried in a folder of its own, which is removed."""

import fcntl
import os
from pathlib import Path

from assets.core import GOOD, NOTE, WRONG, CheckResult, disk_sentence, remove_folder
from assets.installation import Installation
from assets.sources import FolderSettings

_SCRATCH = ".tmp-doctor"
_MEMINFO = Path("/proc/meminfo")
# From here on a guard lets everything through.
_ALL = 1.0


def check_writing(installation: Installation) -> list[CheckResult]:
    """What a night does on the disk can be done: write, fsync, link, rename, lock."""
    root = installation.root
    place = next(each for each in (root, *root.parents) if each.exists())
    folder = place / f"{_SCRATCH}-{os.getpid()}"
    try:
        _try_in(folder)
    except OSError as error:
        # The operation is named by the system's own sentence; the folder by us.
        seen = f"在 {place} 试写没有成功：{disk_sentence(error)}"
        remedy = "请换一个支持硬链接、符号链接和文件锁的本地磁盘，并核对目录的权限。"
        return [CheckResult("writing", "试写", WRONG, seen, remedy)]
    finally:
        if folder.exists():
            remove_folder(folder)
    return [CheckResult("writing", "试写", GOOD, f"{place} 能写入、落盘、链接、改名和加锁")]


def _try_in(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    written = folder / "a"
    with written.open("wb") as file:
        file.write(b"hotline")
        file.flush()
        os.fsync(file.fileno())
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.link(written, folder / "b")
    os.symlink("a", folder / "c")
    os.replace(folder / "c", folder / "d")
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def check_memory(installation: Installation, meminfo: Path = _MEMINFO) -> list[CheckResult]:
    """The memory that `memory` allows is there."""
    if not meminfo.exists():
        return []
    amounts = dict(line.split(":", 1) for line in meminfo.read_text(encoding="ascii").splitlines())
    free = int(amounts["MemAvailable"].split()[0]) >> 10
    wanted = installation.memory >> 20
    seen = f"可用 {free} MiB，设置最多用 {wanted} MiB"
    if free < wanted:
        remedy = "请加内存、停掉别的程序，或在 hotline.toml 调低 memory。"
        return [CheckResult("memory", "内存", NOTE, seen, remedy)]
    return [CheckResult("memory", "内存", GOOD, seen)]


def check_guards(installation: Installation, configuration: Path) -> list[CheckResult]:
    """No setting switches a guard off, and folders and configuration lie where they should."""
    found = []

    def note(title: str, seen: str, remedy: str, level: str = NOTE) -> None:
        found.append(CheckResult("guards", title, WRONG if level == WRONG else NOTE, seen, remedy))

    if not configuration.exists():
        remedy = "全部设置用的是默认值：请在正确的目录里执行，或用 hotline init 建立。"
        note("配置", f"没有 {configuration}", remedy)
    folder = isinstance(installation.profile.source, FolderSettings)
    root = installation.root.resolve()
    if folder and installation.landing.resolve().is_relative_to(root):
        remedy = "请把 landing 改到数据仓库之外，并移走文件。"
        note("接收目录", f"接收目录 {installation.landing} 在数据仓库里面", remedy, WRONG)
    if installation.warn_change >= _ALL:
        seen = f"warn_change = {installation.warn_change:g}：过去的月份怎样变都不等人确认"
        note("防护", seen, "请调到 0.05 左右。")
    if installation.keep_releases < 2:
        note("防护", "keep_releases = 1：没有以前的一版可以回退", "请至少设为 2。")
    if installation.lock_timeout == 0:
        note("防护", "lock_timeout = 0：别的程序正在写入时不等待", "请设为 600 左右。")
    open_shares = [
        name
        for name, each in installation.profile.datasets.items()
        if each.quarantine_share >= _ALL
    ]
    if open_shares:
        seen = f"quarantine_share = 1（{'、'.join(open_shares)}）：整个文件都不合格也会接收"
        note("防护", seen, "请在来源配置中调回 0.05 左右。")
    return found
