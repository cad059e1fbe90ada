"""The first hour of a new city: from `init` to the first monthly report."""

import calendar

import pytest

from tests.pipelines.test_cli import Machine
from tests.samples import row, write


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def test_the_first_hour_from_init_to_the_first_monthly_report(machine):
    done = machine.hotline("init", "--organisation", "某市12345热线", "--start", "2024-02-01")
    assert done.returncode == 0, done.stderr
    assert "接下来" in done.stdout
    assert 'organisation = "某市12345热线"' in (machine.folder / "hotline.toml").read_text("utf-8")
    assert "已存在" in machine.refuses("init")
    assert machine.hotline("status").returncode == 0
    assert machine.hotline("run").returncode == 0
    for day in range(1, calendar.monthrange(2024, 2)[1] + 1):
        moved = {
            each: f"2024-02-{day:02}{row('calls')[each][10:]}"
            for each in ("offered_at", "answered_at", "ended_at")
        }
        name = f"calls_202402{day:02}.csv"
        write(machine.landing, name, [row("calls", call_id=f"c{day}", **moved)])
    assert machine.hotline("run", "--date", "2024-03-05").returncode == 0
    done = machine.hotline("report", "monthly", "2024-02")
    assert done.returncode == 0, done.stderr
    assert list((machine.warehouse / "reports").rglob("*.pdf"))


def test_the_profile_and_the_first_day_come_from_the_files_that_lie_there(machine):
    write(machine.landing, "calls_20240309.csv", [row("calls")])
    done = machine.hotline("init")
    assert done.returncode == 0, done.stderr
    text = (machine.folder / "hotline.toml").read_text("utf-8")
    assert 'profile = "hanzhong"' in text
    assert "start = 2024-03-09" in text


def test_files_that_no_profile_reads_are_named_with_what_to_do(machine):
    (machine.landing / "通话.txt").write_text("a,b\n")
    assert "hotline profile new" in machine.hotline("init").stderr


def test_a_folder_that_cannot_be_and_an_answer_that_cannot_be_leave_nothing(machine):
    assert "数据仓库里面" in machine.refuses("init", "--landing", "warehouse/in")
    assert "organisation" in machine.refuses("init", "--organisation", "长" * 61)
    assert "2024-13-01" in machine.refuses("init", "--start", "2024-13-01")
    assert not (machine.folder / "hotline.toml").exists()
