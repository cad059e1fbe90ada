"""Whether what an operator has set up can be used: configuration, folders, permissions, lock.

Names, owners and permissions are looked at; no file of the warehouse is opened.
"""

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from assets.core import GOOD, NOTE, WRONG, CheckResult, Warehouse, lock_holder
from assets.exports import KEY_VARIABLE, list_exports
from assets.installation import Installation
from assets.sources import FolderSettings
from schemas.reports import KINDS

_OTHERS = 0o077
_READERS = 0o055
# A share above which a limit guards nothing any more.
_GUARDS_BELOW = 0.5
# A night takes minutes; who writes for so long hangs.
_LONG = timedelta(hours=6)
# The notice of the State Council comes in November; tickets of the last weeks are due next year.
_CALENDAR_SOON = timedelta(days=60)
_CALENDAR_LATE = timedelta(days=14)


def check_settings(installation: Installation) -> list[CheckResult]:
    """The profile and the deadline rules can be read; hotline.toml has been."""
    rules = installation.deadlines_path or "内置"
    datasets = len(installation.profile.datasets)
    seen = f"来源配置 {installation.profile.name}，数据集 {datasets} 种，时限规则 {rules}"
    return [CheckResult("settings", "配置", GOOD, seen), *_check_guards(installation)]


def _check_guards(installation: Installation) -> list[CheckResult]:
    """Limits so high that they guard nothing."""
    share = max(each.quarantine_share for each in installation.profile.datasets.values())
    guards = (
        ("warn_change", "变动再大，新的一版也直接发布", installation.warn_change),
        ("quarantine_share", "再多的行不合格，文件也照收", share),
        (
            "quarantined_above",
            "再多的行被隔离，也不通知",
            installation.notices.quarantined_above if installation.notices.channels else 0,
        ),
    )
    return [
        CheckResult(
            "settings",
            "配置",
            NOTE,
            f"{name} = {share:g}，等于不设防：{effect}",
            f"请把它改小，一般不超过 {_GUARDS_BELOW:g}。",
        )
        for name, effect, share in guards
        if share > _GUARDS_BELOW
    ]


def check_secrets(folder: Path) -> list[CheckResult]:
    """The files of secrets beside hotline.toml, where there are any, are private."""
    found = []
    for path in sorted(folder.glob("*.env")):
        level, seen, remedy = GOOD, f"{path}，只有所有者能读", ""
        if path.stat().st_mode & _OTHERS:
            level, seen = WRONG, f"{path} 可被他人读取，里面有口令"
            remedy = f"请执行 chmod 600 {path}，并更换其中的口令。"
        found.append(CheckResult("secrets", "口令文件", level, seen, remedy))
    return found


def readable(path: Path) -> bool:
    """Whether this process may read a file."""
    return os.access(path, os.R_OK)


def check_landing(
    installation: Installation, may_read: Callable[[Path], bool] = readable
) -> list[CheckResult]:
    """The source can be listed; where it is a folder, its files can be read."""
    files = list_exports(installation, with_retries=False).files
    source = installation.profile.source
    if not isinstance(source, FolderSettings):
        seen = f"{source.kind}，认识的文件 {len(files)} 个"
        return [CheckResult("landing", "来源", GOOD, seen)]
    level, seen, remedy = GOOD, f"{installation.landing}，认识的文件 {len(files)} 个", ""
    if closed := sum(not may_read(installation.landing / each.path) for each in files):
        level, seen = WRONG, f"{installation.landing} 中有 {closed} 个文件无权读取"
        remedy = "请机房让运行程序的用户能读这些文件（如把它加入文件所属的组）。"
    return [CheckResult("landing", "接收目录", level, seen, remedy)]


def check_permissions(
    installation: Installation, user: int, variables: dict[str, str]
) -> list[CheckResult]:
    """The warehouse belongs to who runs the program, and what is private is private.

    Args:
        installation: the installation.
        user: id of who runs the program.
        variables: the environment.
    """
    name, title = "permissions", "权限"
    root, warehouse = installation.root, installation.warehouse
    if not root.exists():
        seen = f"数据仓库 {root} 还没有"
        return [CheckResult(name, title, NOTE, seen, "首次运行 hotline run 时会建立。")]
    if (owner := root.stat().st_uid) != user:
        seen = f"数据仓库 {root} 属于用户 {owner}，现在运行的是用户 {user}"
        remedy = (
            f"请用用户 {owner} 运行，如 runuser -u hotline -- hotline doctor；"
            f"或把目录交给现在的用户：chown -R {user} {root}。"
        )
        return [CheckResult(name, title, WRONG, seen, remedy)]
    private = {
        warehouse.archive: "700",
        warehouse.ledgers.parent: "700",
        warehouse.staged("", ""): "700",
        warehouse.quarantine(""): "700",
        warehouse.details(""): "700",
        warehouse.caller_key: "600",
    }
    found = [
        CheckResult(name, title, WRONG, f"{path} 可被他人读取", f"请执行 chmod {mode} {path}。")
        for path, mode in private.items()
        if path.exists() and path.stat().st_mode & _OTHERS
    ]
    key = warehouse.caller_key.exists() or variables.get(KEY_VARIABLE)
    if warehouse.archive.exists() and not key:
        seen = "来电人密钥不在：既没有 caller.key，也没有环境变量"
        remedy = f"请从备份恢复 caller.key，或设置 {KEY_VARIABLE}；否则来电人前后无法对应。"
        found.append(CheckResult(name, title, WRONG, seen, remedy))
    # Readers of releases, other than the owner, need every folder on the way to them.
    way = (root, warehouse.releases, warehouse.current.resolve())
    closed = [each for each in way if each.exists() and not each.stat().st_mode & _READERS]
    if closed:
        seen = f"{closed[0]} 只有所有者能读，其他用户读不到发布"
        remedy = f"需要让人读取时执行 chmod g+rx {closed[0]}，并把读者加入这个目录所属的组。"
        found.append(CheckResult(name, title, NOTE, seen, remedy))
    return found or [CheckResult(name, title, GOOD, f"{root}，私密目录均私密")]


def check_lock(warehouse: Warehouse, now: datetime) -> list[CheckResult]:
    """Nobody has been writing for hours."""
    level, seen, remedy = GOOD, "没有程序在写入", ""
    note = warehouse.root / ".lock.holder"
    if warehouse.lock.exists():
        with warehouse.lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return [_writer(warehouse, now)]
        if note.exists():
            level, seen = NOTE, "上一次写入没有正常结束"
            remedy = "执行 hotline run，会接着做完。"
    return [CheckResult("lock", "写入锁", level, seen, remedy)]


def _writer(warehouse: Warehouse, now: datetime) -> CheckResult:
    """What is known of the process that holds the lock."""
    holder = lock_holder(warehouse)
    if holder.since is None:
        remedy = "请隔一会儿再执行一次；仍是它时，请机房查明并结束这个进程。"
        return CheckResult("lock", "写入锁", NOTE, f"{holder}占着写入锁", remedy)
    if now - holder.since > _LONG:
        seen = f"进程 {holder.pid} 自 {holder.since:%m-%d %H:%M} 起一直在写入"
        remedy = "多半已卡住：请先看它的日志，再结束这个进程，然后执行 hotline run。"
        return CheckResult("lock", "写入锁", NOTE, seen, remedy)
    return CheckResult("lock", "写入锁", GOOD, f"进程 {holder.pid} 正在写入")


def check_calendar(installation: Installation) -> list[CheckResult]:
    """The working days are known for as long as tickets of these weeks may run."""
    last = installation.deadlines.calendar.last
    seen, left = f"工作日历到 {last}", last - installation.today
    remedy = f"请按手册“11.”补上 {last.year + 1} 年的节假日和调休。"
    if left < _CALENDAR_LATE:
        return [CheckResult("calendar", "工作日历", WRONG, f"{seen}，时限已算到下一年", remedy)]
    if left < _CALENDAR_SOON:
        return [CheckResult("calendar", "工作日历", NOTE, f"{seen}，还有 {left.days} 天", remedy)]
    return [CheckResult("calendar", "工作日历", GOOD, seen)]


def check_templates(installation: Installation) -> list[CheckResult]:
    """The office's report templates and fonts, where it has its own, can be used."""
    # Loads Typst, which nothing else here needs.
    from assets.reports.render import DOCUMENT, WordPackage, load_fonts

    templates, fonts = installation.reports.templates, installation.reports.fonts
    found = [
        CheckResult(
            "templates",
            "报告",
            WRONG,
            f"{title}目录 {folder} 不存在",
            "请核对 hotline.toml 的 [reports]。",
        )
        for title, folder in (("模板", templates), ("字体", fonts))
        if folder is not None and not folder.is_dir()
    ]
    own = [templates / f"{kind}.docx" for kind in KINDS] if templates is not None else []
    own = [each for each in own if each.exists()]
    for each in own:
        WordPackage(each.read_bytes(), each.name).xml(DOCUMENT)
    seen = f"自备模板 {len(own)} 个，正文字体 {load_fonts(fonts).text[0]}"
    return found or [CheckResult("templates", "报告", GOOD, seen)]
