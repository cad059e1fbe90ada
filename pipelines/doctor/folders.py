"""Whether the folders are there, private where they must be, and readable where they should be.

Belongs here: names, owners, permissions and the lock; no file of the warehouse is opened.
"""

import fcntl
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from assets.core import Warehouse
from assets.exports import KEY_VARIABLE, look
from assets.installation import Installation
from assets.sources import FolderSettings
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding

_OTHERS = 0o077
_READERS = 0o055
# A night takes minutes; who writes for so long hangs.
_LONG = timedelta(hours=6)


def readable(path: Path) -> bool:
    """Whether this process may read a file."""
    return os.access(path, os.R_OK)


def check_landing(
    installation: Installation, may_read: Callable[[Path], bool] = readable
) -> list[Finding]:
    """The source can be listed; where it is a folder, its files can be read."""
    topic = "接收目录"
    found = look(installation, patiently=False)
    if not isinstance(installation.profile.source, FolderSettings):
        return [
            Finding(
                "来源",
                GOOD,
                f"{installation.profile.source.kind}，认识的文件 {len(found.files)} 个",
            )
        ]
    closed = sum(not may_read(installation.landing / each.path) for each in found.files)
    if closed:
        return [
            Finding(
                topic,
                WRONG,
                f"{installation.landing} 中有 {closed} 个文件无权读取",
                "请机房让运行程序的用户能读这些文件（如把它加入文件所属的组）。",
            )
        ]
    return [Finding(topic, GOOD, f"{installation.landing}，认识的文件 {len(found.files)} 个")]


def check_warehouse(
    installation: Installation, user: int, variables: dict[str, str]
) -> list[Finding]:
    """The warehouse belongs to who runs the program, and what is private is private.

    Args:
        installation: the installation.
        user: id of who runs the program.
        variables: the environment.
    """
    topic, root = "权限", installation.root
    if not root.exists():
        return [Finding(topic, NOTE, f"数据仓库 {root} 还没有", "首次运行 hotline run 时会建立。")]
    if (owner := root.stat().st_uid) != user:
        return [
            Finding(
                topic,
                WRONG,
                f"数据仓库 {root} 属于用户 {owner}，现在运行的是用户 {user}",
                f"请用用户 {owner} 运行，如 runuser -u hotline -- hotline doctor；"
                f"或把目录交给现在的用户：chown -R {user} {root}。",
            )
        ]
    found = [
        Finding(topic, WRONG, f"{path} 可被他人读取", f"请执行 chmod {mode} {path}。")
        for path, mode in _private(installation.warehouse)
        if path.exists() and path.stat().st_mode & _OTHERS
    ]
    key = installation.warehouse.caller_key.exists() or variables.get(KEY_VARIABLE)
    if installation.warehouse.archive.exists() and not key:
        seen = "来电人密钥不在：既没有 caller.key，也没有环境变量"
        remedy = f"请从备份恢复 caller.key，或设置 {KEY_VARIABLE}；否则来电人前后无法对应。"
        found.append(Finding(topic, WRONG, seen, remedy))
    return [*found, *_readers(installation.warehouse)] or [
        Finding(topic, GOOD, f"{root}，私密目录均私密")
    ]


def _private(warehouse: Warehouse) -> list[tuple[Path, str]]:
    folders = (
        warehouse.archive,
        warehouse.ledgers.parent,
        warehouse.staged("", ""),
        warehouse.quarantine(""),
        warehouse.details(""),
    )
    return [*((each, "700") for each in folders), (warehouse.caller_key, "600")]


def _readers(warehouse: Warehouse) -> list[Finding]:
    """Readers of releases, other than the owner, reach them through every folder on the way."""
    way = [warehouse.root, warehouse.releases, warehouse.current.resolve()]
    closed = [each for each in way if each.exists() and not each.stat().st_mode & _READERS]
    return [
        Finding(
            "权限",
            NOTE,
            f"{each} 只有所有者能读，其他用户读不到发布",
            f"需要让人读取时执行 chmod g+rx {each}，并把读者加入这个目录所属的组。",
        )
        for each in closed[:1]
    ]


def check_secrets(folder: Path) -> list[Finding]:
    """The files of secrets beside hotline.toml, where there are any, are private."""
    return [
        Finding(
            "口令文件",
            WRONG,
            f"{path} 可被他人读取，里面有口令",
            f"请执行 chmod 600 {path}，并更换其中的口令。",
        )
        if path.stat().st_mode & _OTHERS
        else Finding("口令文件", GOOD, f"{path}，只有所有者能读")
        for path in sorted(folder.glob("*.env"))
    ]


def check_lock(warehouse: Warehouse, now: datetime) -> list[Finding]:
    """Nobody has been writing for hours."""
    topic, note = "写入锁", warehouse.root / ".lock.holder"
    if not warehouse.lock.exists():
        return [Finding(topic, GOOD, "没有程序在写入")]
    with warehouse.lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _held(topic, note, now)
    if note.exists():
        return [Finding(topic, NOTE, "上一次写入没有正常结束", "执行 hotline run，会接着做完。")]
    return [Finding(topic, GOOD, "没有程序在写入")]


def _held(topic: str, note: Path, now: datetime) -> list[Finding]:
    try:
        holder = json.loads(note.read_bytes())
        who, since = f"进程 {holder['pid']}", datetime.fromisoformat(holder["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return [Finding(topic, GOOD, "另一个程序刚开始写入")]
    if now - since > _LONG:
        seen = f"{who} 自 {since:%m-%d %H:%M} 起一直在写入"
        remedy = "多半已卡住：请先看它的日志，再结束这个进程，然后执行 hotline run。"
        return [Finding(topic, NOTE, seen, remedy)]
    return [Finding(topic, GOOD, f"{who} 正在写入")]
