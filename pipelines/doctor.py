"""What `hotline doctor` looks at, in the order in which a night needs it.

Most of it is asked in `assets.health`; here stands what needs Dagster's own record.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from assets.core import GOOD, NOTE, WRONG, CheckResult, HotlineError, disk_sentence
from assets.health import (
    check_backup,
    check_calendar,
    check_clock,
    check_disk,
    check_expected_days,
    check_guards,
    check_held,
    check_landing,
    check_lock,
    check_memory,
    check_packages,
    check_permissions,
    check_secrets,
    check_settings,
    check_storage,
    check_templates,
    check_writing,
)
from assets.installation import Installation
from pipelines.config import FILE_NAME as CONFIGURATION
from pipelines.dagster_instance import FILE_NAME, home_of, is_ours, settings_of

_RECORD = "record", "运行记录"


def examine(installation: Installation, *, folder: Path, backup: Path | None) -> list[CheckResult]:
    """Look at an installation, and try in a scratch folder what a night does; nothing else changes.

    Args:
        installation: the installation.
        folder: where hotline.toml is.
        backup: folder of the backups, where it shall be looked at.
    """
    checks: dict[str, Callable[[], Sequence[CheckResult]]] = {
        "配置": partial(check_settings, installation),
        "防护": partial(check_guards, installation, folder / CONFIGURATION),
        "口令文件": partial(check_secrets, folder),
        "接收目录": partial(check_landing, installation),
        "权限": partial(check_permissions, installation, os.geteuid(), dict(os.environ)),
        "存档和记录": partial(check_storage, installation),
        "试写": partial(check_writing, installation),
        "内存": partial(check_memory, installation),
        "写入锁": partial(check_lock, installation.warehouse, installation.now()),
        "磁盘": partial(check_disk, installation),
        "时钟": partial(check_clock, installation),
        "工作日历": partial(check_calendar, installation),
        "运行记录": partial(check_record, installation),
        "报告": partial(check_templates, installation),
        "日导出": partial(check_exports, installation),
        "程序": check_packages,
    }
    if backup is not None:
        checks["备份"] = partial(check_backup, installation, backup)
    return [result for title, check in checks.items() for result in guarded(title, check)]


def guarded(title: str, check: Callable[[], Sequence[CheckResult]]) -> Sequence[CheckResult]:
    """Results of a check; what it cannot look at is a result, too."""
    try:
        return check()
    except HotlineError as error:
        # Such a sentence says what to do itself.
        return [CheckResult("unreadable", title, WRONG, str(error))]
    except OSError as error:
        return [CheckResult("unreadable", title, WRONG, disk_sentence(error))]


def check_exports(installation: Installation) -> list[CheckResult]:
    """Every daily dataset has every day, as the asset checks and `hotline status` count them."""
    found = dict.fromkeys(check_expected_days(installation).values())
    missing = [replace(each, title="日导出") for each in found if not each.passed]
    held = [replace(each, title="暂扣文件") for each in check_held(installation).values()]
    return [
        *(missing or [CheckResult("exports", "日导出", GOOD, "每天的导出都已收到")]),
        *(each for each in held if not each.passed),
    ]


def check_record(installation: Installation) -> list[CheckResult]:
    """DAGSTER_HOME is usable, its settings are of this version, its storage answers."""
    home = home_of(installation)
    if not home.is_absolute():
        seen = f"环境变量 DAGSTER_HOME 是相对路径 {home}"
        return [CheckResult(*_RECORD, WRONG, seen, "请改成绝对路径，或不设置它。")]
    path = home / FILE_NAME
    if not path.exists():
        from pipelines.dagster_instance import reach

        if installation.postgres:
            reach(installation.postgres)
        return [CheckResult(*_RECORD, NOTE, f"{home} 还没有", "首次运行 hotline run 时会建立。")]
    found = []
    text = path.read_text(encoding="utf-8")
    if not is_ours(text) and text != settings_of(installation, home):
        seen = f"{path} 是改过的，或由旧版本写成"
        remedy = "不需要保留改动时移走它，程序会按现在的设置另写一份；要保留就不用管。"
        found.append(CheckResult(*_RECORD, NOTE, seen, remedy))
    return [*found, _check_storage(installation, home)]


def _check_storage(installation: Installation, home: Path) -> CheckResult:
    from pipelines.dagster_instance import recording

    where = str(installation.postgres or home)
    if installation.postgres is None and not (home / "history" / "runs.db").exists():
        return CheckResult(*_RECORD, GOOD, f"{where}，还没有运行过")
    os.environ["DAGSTER_HOME"] = str(home)
    with recording(home, installation.postgres) as instance:
        storages = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
        versions = [each.alembic_version() for each in storages if each is not None]
        runs = instance.get_runs_count()
    if any(found and found[0] != found[1] for found in versions):
        remedy = (
            f"请停止网页和后台进程，执行 DAGSTER_HOME={home} .venv/bin/dagster instance migrate。"
        )
        return CheckResult(*_RECORD, WRONG, f"{where} 的表结构是旧版 Dagster 的", remedy)
    return CheckResult(*_RECORD, GOOD, f"{where}，运行 {runs} 次")
