"""All checks in the order in which a night needs them."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assets.installation import Installation
from pipelines.doctor import folders, machine, record, rules
from pipelines.doctor.finding import Finding, guarded


def examine(installation: Installation, *, folder: Path, backup: Path | None) -> list[Finding]:
    """Look at an installation without changing it.

    Args:
        installation: the installation.
        folder: where hotline.toml is.
        backup: folder of the backups, where it shall be looked at.
    """
    look: Callable[[], list[Finding]]
    findings = []
    for topic, look in (
        ("配置", partial(rules.check_settings, installation)),
        ("口令文件", partial(folders.check_secrets, folder)),
        ("接收目录", partial(folders.check_landing, installation)),
        ("权限", partial(folders.check_warehouse, installation, os.geteuid(), dict(os.environ))),
        ("写入锁", partial(folders.check_lock, installation.warehouse, installation.now())),
        ("磁盘", partial(machine.check_disk, installation)),
        ("时钟", partial(machine.check_clock, installation)),
        ("工作日历", partial(rules.check_calendar, installation)),
        ("运行记录", partial(record.check_record, installation)),
        ("报告", partial(rules.check_reports, installation)),
        ("程序", machine.check_packages),
    ):
        findings += guarded(topic, look)
    if backup is not None:
        findings += guarded("备份", partial(machine.check_backup, installation, backup))
    return findings
