"""A night that has nothing to do leaves Dagster alone, unless a run of it has to be ended."""

import gc
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import dagster as dg
import pytest

from assets.installation.installation import Installation
from pipelines.cli.work import _staying
from pipelines.instance import FILE_NAME, prepare_home
from pipelines.record import recording
from pipelines.under_way import may_be_under_way
from tests.pipelines.test_cli import exports_of_a_day, machine
from tests.pipelines.test_dead_runs import started, status

__all__ = ["machine"]
# `hotline run`, then which of the large libraries that took.
_RUN = (
    "import sys; sys.argv = ['hotline', 'run']; from pipelines.cli import main\n"
    "try:\n    main()\nfinally:\n"
    "    print(*(each for each in ('polars', 'dagster', 'jinja2') if each in sys.modules))"
)


def test_a_night_without_work_loads_no_dagster(machine):
    exports_of_a_day(machine.landing)
    assert "新发布" in machine.hotline("run").stdout
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        cwd=machine.folder,
        env={name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"},
        capture_output=True,
        text=True,
        check=True,
    )
    said, loaded = done.stdout.strip().rsplit("\n", 1)
    assert "没有新的导出" in said
    assert loaded == "polars"


@pytest.fixture
def home(installation, tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return prepare_home(installation)


def test_a_run_under_way_is_seen_without_dagster(installation: Installation, home: Path):
    assert not may_be_under_way(installation, home)
    with recording(home, None) as instance:
        assert not may_be_under_way(installation, home)
        run_id = started(instance, "take_daily", installation.root)
        assert may_be_under_way(installation, home)
        instance.report_run_failed(instance.get_run_by_id(run_id))
        assert status(instance, run_id) is dg.DagsterRunStatus.FAILURE
        assert not may_be_under_way(installation, home)


def test_where_it_cannot_be_told_so_cheaply_dagster_is_asked(
    installation: Installation, home: Path
):
    runs = home / "history" / "runs.db"
    runs.parent.mkdir()
    runs.write_bytes(b"rotten" * 1000)
    assert may_be_under_way(installation, home)
    runs.unlink()
    with closing(connect(runs)) as file:
        file.execute("CREATE TABLE other (id)")
    assert may_be_under_way(installation, home)
    runs.unlink()
    assert not may_be_under_way(installation, home)
    (home / FILE_NAME).write_text("telemetry: {enabled: false}\n")
    assert may_be_under_way(installation, home)


def test_garbage_is_collected_again_after_a_start_that_failed():
    with pytest.raises(OSError, match="full"), _staying():
        assert not gc.isenabled()
        raise OSError("full")
    assert gc.isenabled()
    gc.unfreeze()
