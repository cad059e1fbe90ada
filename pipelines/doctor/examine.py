"""All checks in the order in which a night needs them."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assets.site import Site
from pipelines.doctor import folders, machine, record, rules
from pipelines.doctor.finding import Finding, guarded


def examine(site: Site, *, folder: Path, backup: Path | None) -> list[Finding]:
    """Look at an installation without changing it.

    Args:
        site: the installation.
        folder: where hotline.toml is.
        backup: folder of the backups, where it shall be looked at.
    """
    look: Callable[[], list[Finding]]
    findings = []
    for topic, look in (
        ("配置", partial(rules.check_settings, site)),
        ("口令文件", partial(folders.check_secrets, folder)),
        ("接收目录", partial(folders.check_landing, site)),
        ("权限", partial(folders.check_warehouse, site, os.geteuid(), dict(os.environ))),
        ("写入锁", partial(folders.check_lock, site.warehouse, site.now())),
        ("磁盘", partial(machine.check_disk, site)),
        ("时钟", partial(machine.check_clock, site)),
        ("工作日历", partial(rules.check_calendar, site)),
        ("运行记录", partial(record.check_record, site)),
        ("报告", partial(rules.check_reports, site)),
        ("程序", machine.check_packages),
    ):
        findings += guarded(topic, look)
    if backup is not None:
        findings += guarded("备份", partial(machine.check_backup, site, backup))
    return findings
