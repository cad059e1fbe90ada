"""`hotline doctor`: Dagster's record and the command; it changes nothing."""

import os
import sqlite3
from functools import partial
from pathlib import Path

import dagster as dg
import pytest
import typer
from rich.console import Console

from assets.core.check_result import GOOD, NOTE, WRONG, CheckResult
from assets.core.errors import HotlineError
from assets.core.warehouse import LAYOUT
from assets.installation.installation import Installation, local_now
from assets.installation.settings import Postgres
from pipelines.cli import doctor as command
from pipelines.config import load_installation
from pipelines.dagster_instance import FILE_NAME, POSTGRES_PASSWORD, prepare_home, recording
from pipelines.doctor import check_record, examine, guarded
from tests.driver import change
from tests.health.conditions import healthy, levels, only
from tests.servers import free_port

__all__ = ["healthy"]


@pytest.fixture
def recorded(healthy) -> Installation:
    """An installation with a run that Dagster recorded."""
    home = prepare_home(healthy)
    with recording(home, None) as instance:
        instance.create_run_for_job(dg.job(name="any")(lambda: None))
    return healthy


def test_a_record_whole_and_broken(recorded):
    home = recorded.root / "dagster"
    (found,) = check_record(recorded)
    assert found.level == GOOD
    assert "运行 1 次" in found.sentence

    settings = home / FILE_NAME
    whole = settings.read_text()
    settings.write_text(whole.replace("14400", "14401"))
    assert levels(check_record(recorded)) == [NOTE, GOOD]
    settings.write_text(whole)

    database = sqlite3.connect(home / "history" / "runs.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '3ca619834060'")
    database.close()
    only(check_record(recorded), WRONG, "instance migrate")

    (home / "history" / "runs.db").write_bytes(b"no database at all, but long enough" * 100)
    (found,) = guarded("运行记录", partial(check_record, recorded))
    assert found.level == WRONG
    assert "无法读写" in found.sentence


def test_a_record_that_is_not_there(healthy, monkeypatch):
    only(check_record(healthy), NOTE, "首次运行")
    monkeypatch.setenv("DAGSTER_HOME", "here")
    only(check_record(healthy), WRONG, "绝对路径")


def test_a_database_that_is_down(healthy, monkeypatch):
    monkeypatch.setenv(POSTGRES_PASSWORD, "x")
    change(healthy, postgres=Postgres("127.0.0.1", free_port(), "hotline", "hotline"))
    (found,) = guarded("运行记录", partial(check_record, healthy))
    assert found.level == WRONG
    assert "连不上" in found.sentence


# --- the command --------------------------------------------------------------------------------


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_of_it_changes_nothing(recorded, tmp_path):
    before = state_of(tmp_path)
    found = examine(recorded, folder=tmp_path, backup=tmp_path / "backup")
    assert [each.title for each in found if each.level == WRONG] == ["备份"]
    assert {each.title for each in found} >= {"配置", "权限", "磁盘", "时钟", "运行记录", "程序"}
    assert state_of(tmp_path) == before


def test_a_terminal_shows_colours_and_every_word(capsys):
    long = "很长的办法" * 40
    console = Console(force_terminal=True, width=80, color_system="standard")
    console.print(command._table([CheckResult("disk", "磁盘", WRONG, "满了", long)]))
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
