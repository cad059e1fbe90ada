"""The hotline command as a process: a sentence and an exit status for whatever is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forked import hotline
from tests.samples import row, write


class Machine:
    """A folder with a landing folder and a warehouse, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        self.warehouse = folder / "warehouse"
        self.landing.mkdir()

    def hotline(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command; settings come from hotline.toml in the folder or its defaults."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE")}
        own.pop("DAGSTER_HOME", None)
        return hotline(words, cwd=self.folder, env=own | environment)

    def refuses(self, *words: str, **environment: str) -> str:
        """Run what must be refused; returns its one sentence."""
        done = self.hotline(*words, **environment)
        said = done.stderr.strip()
        assert done.returncode == 2, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert len(said.splitlines()) == 1, said
        return said


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def exports_of_a_day(landing: Path) -> None:
    write(landing, "calls_20230105.csv", [row("calls")])
    write(landing, "tickets_20230105.csv", [row("tickets")])


def test_first_run_publishes_and_second_does_nothing(machine):
    exports_of_a_day(machine.landing)
    first = machine.hotline("run")
    assert first.returncode == 0, first.stderr
    assert "新发布" in first.stdout
    release = (machine.warehouse / "current").readlink()
    second = machine.hotline("run")
    assert "没有新的导出" in second.stdout
    assert (machine.warehouse / "current").readlink() == release
    assert machine.hotline("verify").returncode == 0


def test_private_folders_are_private(machine):
    exports_of_a_day(machine.landing)
    write(machine.landing, "calls_20230106.csv", [row("calls", call_id="")])
    assert machine.hotline("run").returncode == 0
    for name in ("archive", "staged/calls", "quarantine/calls", "details/calls", "ledger"):
        path = machine.warehouse / name
        assert path.stat().st_mode & 0o077 == 0, name
    assert (machine.warehouse / "caller.key").stat().st_mode & 0o777 == 0o600
    assert (machine.warehouse / "current" / "facts").stat().st_mode & 0o005 == 0o005


def test_a_day_brings_only_its_months_up_to_date(machine):
    write(machine.landing, "calls_20230105.csv", [row("calls")])
    machine.hotline("run")
    old = (machine.warehouse / "built/calls/2023-01.json").stat().st_mtime_ns
    write(machine.landing, "calls_20230301.csv", [row("calls", call_id="9", **_march())])
    done = machine.hotline("run", "--date", "2023-03-01")
    assert "重算 1 个月" in done.stdout, done.stdout + done.stderr
    assert (machine.warehouse / "built/calls/2023-01.json").stat().st_mtime_ns == old
    assert (machine.warehouse / "current/facts/calls/2023-03.parquet").exists()


def _march() -> dict[str, str]:
    return {
        f"{name}_at": f"2023-03-01 0{n}:00:00"
        for n, name in enumerate(("offered", "answered", "ended"))
    }


def test_date_leaves_later_files_for_later(machine):
    exports_of_a_day(machine.landing)
    write(machine.landing, "calls_20230301.csv", [row("calls", call_id="9", **_march())])
    machine.hotline("run", "--date", "2023-01-05")
    assert not (machine.warehouse / "current/facts/calls/2023-03.parquet").exists()
    assert "calls_20230301.csv" not in machine.hotline("status", "--full").stderr


def test_backfill_names_every_month(machine):
    exports_of_a_day(machine.landing)
    done = machine.hotline("backfill", "2023-01", "2023-02")
    assert done.returncode == 0, done.stderr
    assert "2023-01" in done.stdout
    assert "2023-02" in done.stdout


def test_status_without_anything(machine):
    done = machine.hotline("status", "--full")
    assert done.returncode == 0, done.stderr
    assert "尚无" in done.stdout
    assert list(machine.warehouse.glob("*")) == []


def test_status_names_missing_days_refusals_and_unknown_names(machine):
    exports_of_a_day(machine.landing)
    write(machine.landing, "calls_20230108.csv", [row("calls", call_id="8")])
    (machine.landing / "calls_20230109.xls").write_bytes(b"old")
    (machine.landing / "notes.txt").write_text("x")
    machine.hotline("run")
    shown = machine.hotline("status", "--full")
    assert "2023-01-06、2023-01-07" in shown.stdout
    assert "notes.txt" in shown.stdout
    assert "另存为.xlsx" in shown.stderr


def test_a_command_that_only_looks_loads_neither_dagster_nor_what_prints(machine):
    look = (
        "import sys; from pipelines.cli import app; app(['status'], standalone_mode=False);"
        "print(sorted({'dagster', 'jinja2', 'typst'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=machine.folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_empty_landing_folder_is_a_sentence_and_nothing_is_wrong(machine):
    done = machine.hotline("run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "还没有导出文件" in done.stdout
    (machine.landing / "calls_20230105.csv").write_text("甲,乙\n1,2\n")
    done = machine.hotline("run")
    assert done.returncode == 1
    assert "没有可以发布的内容" in done.stderr


def test_landing_that_does_not_exist(machine):
    for command in ("run", "status"):
        done = machine.hotline(command, HOTLINE_LANDING=str(machine.folder / "nowhere"))
        assert done.returncode == 1
        assert "不存在" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_profile_that_does_not_exist(machine):
    assert "hanzhong" in machine.refuses("run", HOTLINE_PROFILE="nanjing")


def test_profile_with_an_error(machine):
    (machine.folder / "own.toml").write_text('name = "own"\ntimestamp_formats = []\n[datasets]\n')
    (machine.folder / "hotline.toml").write_text('profile = "own.toml"\n')
    assert "timestamp_formats" in machine.refuses("run")


def test_configuration_with_a_misspelt_key(machine):
    (machine.folder / "hotline.toml").write_text('landing_folder = "x"\n')
    assert "landing_folder" in machine.refuses("status")


def test_configuration_that_is_no_toml(machine):
    (machine.folder / "hotline.toml").write_text("landing = ")
    assert "TOML" in machine.refuses("status")


def test_wrong_dates(machine):
    assert "2023-13-01" in machine.refuses("run", "--date", "2023-13-01")
    assert "晚于" in machine.refuses("backfill", "2023-05", "2023-04")


def test_verify_before_anything(machine):
    assert "还没有发布" in machine.refuses("verify")


def test_verify_names_a_changed_file(machine):
    exports_of_a_day(machine.landing)
    machine.hotline("run")
    path = machine.warehouse / "current/facts/calls/2023-01.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    done = machine.hotline("verify")
    assert done.returncode == 1
    assert "facts/calls/2023-01.parquet" in done.stderr


def test_calendar_with_a_bad_line(machine):
    exports_of_a_day(machine.landing)
    (machine.folder / "days.csv").write_text("date,day,festival\n2027-01-01,holiday,x\n")
    (machine.folder / "hotline.toml").write_text('calendar = "days.csv"\n')
    assert "第2行" in machine.refuses("status")


def test_key_file_that_others_can_read(machine):
    exports_of_a_day(machine.landing)
    machine.hotline("run")
    (machine.warehouse / "caller.key").chmod(0o644)
    assert "chmod 600" in machine.refuses("status")


def test_full_disk(machine):
    """A file system of one megabyte, filled up: one sentence, and nothing published."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system")
    machine.warehouse.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(machine.warehouse)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("cannot mount here")
    home = {"DAGSTER_HOME": str(machine.folder)}
    try:
        exports_of_a_day(machine.landing)
        assert machine.hotline("run", **home).returncode == 0
        release = (machine.warehouse / "current").readlink()
        large = machine.landing / "calls_20230106.csv"
        large.write_bytes((machine.landing / "calls_20230105.csv").read_bytes() + b"\n" * 2_000_000)
        done = machine.hotline("run", **home)
        assert done.returncode == 1
        assert "磁盘已满" in done.stderr
        assert "Traceback" not in done.stderr
        assert (machine.warehouse / "current").readlink() == release
        assert machine.hotline("verify", **home).returncode == 0
        large.unlink()
        assert machine.hotline("run", **home).returncode == 0
    finally:
        subprocess.run(["umount", str(machine.warehouse)], check=True)
