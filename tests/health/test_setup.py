"""What an operator has set up, whole and broken on purpose."""

import fcntl
import json
import os
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from assets.core.check_result import GOOD, NOTE, WRONG, CheckResult
from assets.core.errors import HotlineError
from assets.health.setup import (
    check_calendar,
    check_landing,
    check_lock,
    check_permissions,
    check_secrets,
    check_settings,
    check_templates,
)
from assets.installation.installation import Installation
from assets.installation.settings import ReportSettings
from pipelines.config import POSTGRES_PASSWORD as PASSWORD
from pipelines.doctor import guarded
from tests.driver import change
from tests.health.conditions import healthy, levels, only

__all__ = ["healthy"]


def test_a_landing_folder_that_is_gone_or_closed(healthy):
    only(check_landing(healthy), GOOD, "1 个")
    only(check_landing(healthy, lambda _: False), WRONG, "1 个文件无权读取")
    change(healthy, landing=healthy.landing / "unmounted")
    (found,) = guarded("接收目录", partial(check_landing, healthy))
    assert (found.level, found.title) == (WRONG, "接收目录")
    assert "先挂载" in found.sentence


def permissions(installation: Installation, **variables: str) -> list[CheckResult]:
    return check_permissions(installation, os.geteuid(), variables)


def test_permissions_as_a_night_leaves_them(healthy):
    only(permissions(healthy), GOOD)


@pytest.mark.parametrize("name", ["archive", "ledger", "staged", "details", "caller.key"])
def test_what_is_private_and_can_be_read(healthy, name):
    path = healthy.root / name
    mode = path.stat().st_mode & 0o777
    path.chmod(mode | 0o040)
    only(permissions(healthy), WRONG, str(path), f"chmod {mode:o}")
    path.chmod(mode)
    only(permissions(healthy), GOOD)


def test_a_warehouse_of_another_user(healthy):
    only(check_permissions(healthy, os.geteuid() + 1, {}), WRONG, "属于用户", "chown")


def test_a_warehouse_that_does_not_exist_yet(installation):
    only(permissions(installation), NOTE, "首次运行")


def test_a_lost_key(healthy):
    healthy.warehouse.caller_key.unlink()
    only(permissions(healthy), WRONG, "caller.key")
    only(permissions(healthy, HOTLINE_CALLER_KEY="x"), GOOD)


def test_releases_that_nobody_else_can_read(healthy):
    healthy.warehouse.releases.chmod(0o700)
    only(permissions(healthy), NOTE, "读不到发布", "g+rx")


def test_a_file_of_secrets(tmp_path):
    assert check_secrets(tmp_path) == []
    path = tmp_path / "hotline.env"
    path.write_text(f"{PASSWORD}=x\n")
    path.chmod(0o640)
    only(check_secrets(tmp_path), WRONG, "chmod 600")
    path.chmod(0o600)
    only(check_secrets(tmp_path), GOOD)


def test_the_lock(healthy):
    now, lock = healthy.now(), healthy.warehouse.lock
    lock.touch()
    only(check_lock(healthy.warehouse, now), GOOD)
    note = healthy.root / ".lock.holder"
    since = (now - timedelta(hours=7)).isoformat()
    note.write_text(json.dumps({"pid": 7, "command": "hotline", "since": since}))
    only(check_lock(healthy.warehouse, now), NOTE, "没有正常结束")
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        only(check_lock(healthy.warehouse, now), NOTE, f"进程 {os.getpid()}", "没有登记")
    note.write_text(json.dumps({"pid": os.getpid(), "command": "hotline", "since": since}))
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        only(check_lock(healthy.warehouse, now), NOTE, f"进程 {os.getpid()}", "卡住")
        only(check_lock(healthy.warehouse, now - timedelta(hours=6)), GOOD, f"进程 {os.getpid()}")
        note.write_text("")
        only(check_lock(healthy.warehouse, now), NOTE, "没有登记")


def test_settings_that_cannot_be_read(healthy, tmp_path):
    only(check_settings(healthy), GOOD, "hanzhong")
    change(healthy, profile_name="nowhere")
    healthy.__dict__.pop("profile")
    (found,) = guarded("配置", partial(check_settings, healthy))
    assert found.level == WRONG
    assert "nowhere" in found.sentence


@pytest.mark.parametrize(
    ("today", "level"),
    [(date(2026, 11, 1), GOOD), (date(2026, 11, 2), NOTE), (date(2026, 12, 18), WRONG)],
)
def test_the_calendar_warns_ahead_of_the_years_end(installation, today, level):
    assert installation.deadlines.calendar.last == date(2026, 12, 31)
    at = datetime(today.year, today.month, today.day, 2, tzinfo=installation.now().tzinfo)
    change(installation, now=lambda: at)
    only(check_calendar(installation), level, "2026-12-31")


def test_templates_and_fonts(installation, tmp_path):
    only(check_templates(installation), GOOD, "Noto Serif SC")
    change(
        installation, reports=ReportSettings(templates=tmp_path / "none", fonts=tmp_path / "gone")
    )
    assert levels(check_templates(installation)) == [WRONG, WRONG]
    for name, content in (("daily.docx", b"no zip"), ("x.ttf", b"no font")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes(content)
    change(installation, reports=ReportSettings(templates=tmp_path / "daily.docx"))
    with pytest.raises(HotlineError, match=r"daily\.docx"):
        check_templates(installation)
    change(installation, reports=ReportSettings(fonts=tmp_path / "x.ttf"))
    with pytest.raises(HotlineError, match=r"x\.ttf"):
        check_templates(installation)


@pytest.mark.parametrize(("share", "warned"), [(0.5, False), (0.51, True)])
def test_a_limit_that_guards_nothing_is_named(healthy, share, warned):
    change(healthy, warn_change=share)
    found = [each.sentence for each in check_settings(healthy) if each.level == NOTE]
    assert [f"warn_change = {share:g}，等于不设防" in each for each in found] == [True] * warned
