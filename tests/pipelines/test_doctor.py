"""`hotline doctor`: all that it looks at, whole and broken on purpose; it changes nothing."""

import fcntl
import json
import os
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import dagster as dg
import pytest
import typer
from rich.console import Console

from assets.core.errors import HotlineError
from assets.core.warehouse import LAYOUT
from assets.installation.installation import Installation, local_now
from assets.installation.settings.postgres import Postgres
from assets.sync import back_up
from pipelines.cli import doctor as command
from pipelines.config import load_installation
from pipelines.doctor import examination as examine
from pipelines.doctor import folders, machine, record, rules
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding, guarded
from pipelines.instance import FILE_NAME, prepare_home
from pipelines.postgres import PASSWORD
from pipelines.record import recording
from tests.driver import bring_up_to_date, deliver
from tests.samples import row
from tests.servers import free_port

GIB = 1 << 30


@pytest.fixture
def healthy(installation, monkeypatch) -> Installation:
    """An installation after a night."""
    for name in ("DAGSTER_HOME", "HOTLINE_CALLER_KEY"):
        monkeypatch.delenv(name, raising=False)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    return installation


def levels(found: list[Finding]) -> list[str]:
    return [each.level for each in found]


def only(found: list[Finding], level: str, *words: str) -> None:
    """There is one finding, of this level, with these words; what is amiss has a remedy."""
    (each,) = found
    assert each.level == level, each
    assert each.remedy or level == GOOD, each
    assert all(word in each.seen + each.remedy for word in words), each


# --- folders ------------------------------------------------------------------------------------


def test_a_landing_folder_that_is_gone_or_closed(healthy):
    only(folders.check_landing(healthy), GOOD, "1 个")
    only(folders.check_landing(healthy, lambda _: False), WRONG, "1 个文件无权读取")
    healthy.landing = healthy.landing / "unmounted"
    (found,) = guarded("接收目录", partial(folders.check_landing, healthy))
    assert (found.level, found.topic) == (WRONG, "接收目录")
    assert "先挂载" in found.seen


def permissions(installation: Installation, **variables: str) -> list[Finding]:
    return folders.check_warehouse(installation, os.geteuid(), variables)


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
    only(folders.check_warehouse(healthy, os.geteuid() + 1, {}), WRONG, "属于用户", "chown")


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
    assert folders.check_secrets(tmp_path) == []
    path = tmp_path / "hotline.env"
    path.write_text(f"{PASSWORD}=x\n")
    path.chmod(0o640)
    only(folders.check_secrets(tmp_path), WRONG, "chmod 600")
    path.chmod(0o600)
    only(folders.check_secrets(tmp_path), GOOD)


def test_the_lock(healthy):
    now, lock = healthy.now(), healthy.warehouse.lock
    lock.touch()
    only(folders.check_lock(healthy.warehouse, now), GOOD)
    note = healthy.root / ".lock.holder"
    since = (now - timedelta(hours=7)).isoformat()
    note.write_text(json.dumps({"pid": 7, "command": "hotline", "since": since}))
    only(folders.check_lock(healthy.warehouse, now), NOTE, "没有正常结束")
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        only(folders.check_lock(healthy.warehouse, now), NOTE, "进程 7", "卡住")
        only(folders.check_lock(healthy.warehouse, now - timedelta(hours=6)), GOOD, "进程 7")
        note.write_text("")
        only(folders.check_lock(healthy.warehouse, now), GOOD, "刚开始")


# --- machine ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "level"), [(GIB - 1, WRONG), (GIB, NOTE), (3 * GIB - 1, NOTE), (3 * GIB, GOOD)]
)
def test_room_on_the_disk(healthy, free, level):
    only(machine.check_disk(healthy, lambda _: free), level, "GiB")


def test_what_a_night_may_write_counts(healthy):
    big = healthy.warehouse.built("calls") / "sparse.parquet"
    with big.open("wb") as file:
        file.truncate(5 * GIB)
    only(machine.check_disk(healthy, lambda _: 5 * GIB), WRONG, "5.0 GiB")
    # A second name of the same bytes takes no room.
    os.link(big, big.with_name("again.parquet"))
    only(machine.check_disk(healthy, lambda _: 6 * GIB), NOTE)


def test_room_before_the_first_night(installation):
    assert not installation.root.exists()
    only(machine.check_disk(installation, lambda _: GIB - 1), WRONG, str(installation.root.parent))


def test_backups(healthy, tmp_path):
    folder = tmp_path / "backup"
    only(machine.check_backup(healthy, folder), WRONG, "hotline backup")
    back_up(healthy, folder, print)
    only(machine.check_backup(healthy, folder), GOOD, "0 天以前")
    late = healthy.now() + timedelta(days=9)
    healthy.now = lambda: late
    only(machine.check_backup(healthy, folder), NOTE, "9 天以前")


def test_a_clock_that_is_behind_stands_or_is_not_set(healthy):
    now = healthy.now()
    in_step = partial(machine.check_clock, healthy, lambda: True)
    only(in_step(), GOOD)
    only(machine.check_clock(healthy, lambda: None), GOOD)
    only(machine.check_clock(healthy, lambda: False), NOTE, "NTP")
    # The release of this night is ahead of it.
    healthy.now = lambda: now - timedelta(hours=2)
    only(in_step(), WRONG, "NTP")
    healthy.now = lambda: now + timedelta(days=31)
    only(in_step(), NOTE, "31 天以前")
    # So is a new file.
    later = now + timedelta(days=40)
    deliver(healthy, "calls_20230106.csv", [row("calls")], modified=int(later.timestamp() * 1e9))
    only(in_step(), WRONG, f"{later:%Y-%m-%d}")


def test_packages(tmp_path):
    only(machine.check_packages(), GOOD, "Python")
    path = tmp_path / "constraints.txt"
    path.write_text("polars==0.1\nnot-installed==1.0\n")
    only(machine.check_packages(path), NOTE, "1 个软件包", "polars", "应为 0.1")
    only(machine.check_packages(tmp_path / "none.txt"), NOTE, "未核对")


# --- rules --------------------------------------------------------------------------------------


def test_settings_that_cannot_be_read(healthy, tmp_path):
    only(rules.check_settings(healthy), GOOD, "hanzhong")
    healthy.profile_name = "nowhere"
    healthy.__dict__.pop("profile")
    (found,) = guarded("配置", partial(rules.check_settings, healthy))
    assert found.level == WRONG
    assert "nowhere" in found.seen


@pytest.mark.parametrize(
    ("today", "level"),
    [(date(2026, 11, 16), GOOD), (date(2026, 11, 17), NOTE), (date(2026, 12, 18), WRONG)],
)
def test_the_calendar_warns_ahead_of_the_years_end(installation, today, level):
    assert installation.deadlines.calendar.last == date(2026, 12, 31)
    at = datetime(today.year, today.month, today.day, 2, tzinfo=installation.now().tzinfo)
    installation.now = lambda: at
    only(rules.check_calendar(installation), level, "2026-12-31")


def test_templates_and_fonts(installation, tmp_path):
    only(rules.check_reports(installation), GOOD, "Noto Serif SC")
    installation.issuing = replace(
        installation.issuing, templates=tmp_path / "none", fonts=tmp_path / "gone"
    )
    assert levels(rules.check_reports(installation)) == [WRONG, WRONG]
    for name, content in (("daily.docx", b"no zip"), ("x.ttf", b"no font")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes(content)
    installation.issuing = replace(
        installation.issuing, templates=tmp_path / "daily.docx", fonts=None
    )
    with pytest.raises(HotlineError, match=r"daily\.docx"):
        rules.check_reports(installation)
    installation.issuing = replace(installation.issuing, templates=None, fonts=tmp_path / "x.ttf")
    with pytest.raises(HotlineError, match=r"x\.ttf"):
        rules.check_reports(installation)


# --- Dagster's record ---------------------------------------------------------------------------


@pytest.fixture
def recorded(healthy) -> Installation:
    """An installation with a run that Dagster recorded."""
    home = prepare_home(healthy)
    with recording(home, None) as instance:
        instance.create_run_for_job(dg.job(name="any")(lambda: None))
    return healthy


def test_a_record_whole_and_broken(recorded):
    home = recorded.root / "dagster"
    (found,) = record.check_record(recorded)
    assert found.level == GOOD
    assert "运行 1 次" in found.seen

    settings = home / FILE_NAME
    whole = settings.read_text()
    settings.write_text(whole.replace("14400", "14401"))
    assert levels(record.check_record(recorded)) == [NOTE, GOOD]
    settings.write_text(whole)

    database = sqlite3.connect(home / "history" / "runs.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '3ca619834060'")
    database.close()
    only(record.check_record(recorded), WRONG, "instance migrate")

    (home / "history" / "runs.db").write_bytes(b"no database at all, but long enough" * 100)
    (found,) = guarded("运行记录", partial(record.check_record, recorded))
    assert found.level == WRONG
    assert "无法读写" in found.seen


def test_a_record_that_is_not_there(healthy, monkeypatch):
    only(record.check_record(healthy), NOTE, "首次运行")
    monkeypatch.setenv("DAGSTER_HOME", "here")
    only(record.check_record(healthy), WRONG, "绝对路径")


def test_a_database_that_is_down(healthy, monkeypatch):
    monkeypatch.setenv(PASSWORD, "x")
    healthy.postgres = Postgres("127.0.0.1", free_port(), "hotline", "hotline")
    (found,) = guarded("运行记录", partial(record.check_record, healthy))
    assert found.level == WRONG
    assert "连不上" in found.seen


# --- the command --------------------------------------------------------------------------------


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_of_it_changes_nothing(recorded, tmp_path):
    before = state_of(tmp_path)
    found = examine.examine(recorded, folder=tmp_path, backup=tmp_path / "backup")
    assert [each.topic for each in found if each.level == WRONG] == ["备份"]
    assert {each.topic for each in found} >= {"配置", "权限", "磁盘", "时钟", "运行记录", "程序"}
    assert state_of(tmp_path) == before


def test_a_terminal_shows_colours_and_every_word(capsys):
    long = "很长的办法" * 40
    console = Console(force_terminal=True, width=80, color_system="standard")
    console.print(command._table([Finding("磁盘", WRONG, "满了", long)]))
    shown = capsys.readouterr().out
    assert "\x1b[31m有误" in shown
    assert shown.count("很") == 40


def status_of_doctor() -> int:
    with pytest.raises(typer.Exit) as ended:
        command.doctor()
    return ended.value.exit_code


def test_the_command_exits_with_1_where_something_is_wrong(tmp_path, monkeypatch, capsys):
    for name in ("DAGSTER_HOME", *(each for each in os.environ if each.startswith("HOTLINE"))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "hotline.toml"
    calendar = [f"{year}-01-01,休,元旦" for year in range(2027, local_now().year + 2)]
    (tmp_path / "days.csv").write_text("\n".join(["date,day,festival", *calendar, ""]))
    settings.write_text('calendar = "days.csv"\n')
    (tmp_path / "landing").mkdir()
    assert status_of_doctor() == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "有误 0 项" in shown or "一切正常" in shown

    (tmp_path / "landing").rmdir()
    assert status_of_doctor() == 1
    assert "先挂载" in capsys.readouterr().out
    settings.write_text("landing_folder = 1\n")
    assert status_of_doctor() == 1
    assert "landing_folder" in capsys.readouterr().out

    settings.unlink()
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "layout").write_text(f"{LAYOUT + 1}\n")
    assert status_of_doctor() == 1
    assert "更新版本的程序写过" in capsys.readouterr().out
    with pytest.raises(HotlineError, match="更新版本"):
        load_installation()
    (tmp_path / "warehouse" / "layout").write_text("one")
    with pytest.raises(HotlineError, match="已损坏"):
        load_installation()
