"""A night whose process dies is found by a real daemon and done again; its runs are ended."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import dagster as dg
import pytest

from assets.core.lock import write_lock
from pipelines.dagster_instance import WAREHOUSE_TAG, end_dead_runs
from tests.driver import existing_installation, make_installation
from tests.pipelines.test_dagster import instance, night
from tests.samples import row, write

__all__ = ["instance"]
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
# What waiting may take on a busy machine; an idle one needs a quarter of it.
_PATIENCE = 240
_SETTINGS = """\
landing = "landing"
warehouse = "warehouse"

[operations]
look_every_seconds = 2
"""
T = TypeVar("T")


def started(instance: dg.DagsterInstance, job: str, warehouse: Path | str) -> str:
    """A run that seems to be under way."""
    run = dg.DagsterRun(job_name=job, status=dg.DagsterRunStatus.STARTED)
    run = run.with_tags({WAREHOUSE_TAG: str(warehouse)})
    instance.add_run(run)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run_id).status


def test_only_runs_of_this_warehouse_are_ended(installation, instance):
    ours = started(instance, "take_daily", installation.root)
    other = started(instance, "take_daily", "/elsewhere")
    end_dead_runs(instance, installation)
    assert status(instance, ours) is dg.DagsterRunStatus.FAILURE
    assert status(instance, other) is dg.DagsterRunStatus.STARTED


def test_nothing_is_ended_while_somebody_writes(installation, instance):
    code = (
        "import sys, datetime; from pathlib import Path; from assets.core.lock import write_lock;"
        "from assets.core.warehouse import Warehouse\n"
        "with write_lock(Warehouse(Path(sys.argv[1])), timeout=9, now=datetime.datetime.now):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(installation.root)]
    alive = started(instance, "take_daily", installation.root)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"held\n"
        end_dead_runs(instance, installation)
        assert status(instance, alive) is dg.DagsterRunStatus.STARTED
        writer.stdin.close()
    end_dead_runs(instance, installation)
    assert status(instance, alive) is dg.DagsterRunStatus.FAILURE


def test_the_next_night_ends_what_the_last_left_under_way(installation, instance):
    dead = started(instance, "build_months", installation.root)
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    assert night(installation, instance).bring_up_to_date().good
    assert status(instance, dead) is dg.DagsterRunStatus.FAILURE


# --- with a real daemon ---------------------------------------------------------------------------


def until(found: Callable[[], T | None]) -> T:
    """What is found in the end."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(0.2)
    raise AssertionError("nothing came of it")


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """An installation with the settings that `hotline home` writes, looked at every second."""
    make_installation(tmp_path)
    (tmp_path / "hotline.toml").write_text(_SETTINGS)
    environment = {**os.environ, "HOTLINE_CONFIG": str(tmp_path / "hotline.toml")}
    environment["DAGSTER_HOME"] = str(tmp_path / "home")
    subprocess.run([BIN / "hotline", "home"], env=environment, check=True, capture_output=True)
    settings = tmp_path / "home" / "dagster.yaml"
    text = settings.read_text(encoding="utf-8")
    quick = text.replace("run_monitoring:\n", "run_monitoring:\n  poll_interval_seconds: 1\n")
    assert quick != text
    settings.write_text(quick, encoding="utf-8")
    return environment


@contextmanager
def daemon(environment: dict[str, str], log: Path) -> Iterator[None]:
    """Dagster's daemon, as production runs it."""
    command = [BIN / "dagster-daemon", "run", "-w", "workspace.yaml"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def worker_of(instance: dg.DagsterInstance, run_id: str) -> int | None:
    """The process that does the steps of a run, once it does."""
    for each in instance.all_logs(run_id):
        if found := re.match(r"Executing steps in process \(pid: (\d+)\)", each.message):
            return int(found[1])
    return None


@pytest.mark.proof
def test_a_night_that_is_killed_is_found_and_done_again(environment, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", environment["DAGSTER_HOME"])
    installation = existing_installation(tmp_path)
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    with dg.DagsterInstance.get() as instance, daemon(environment, tmp_path / "daemon.log"):

        def nights(**tags: str) -> list[dg.DagsterRun]:
            return instance.get_runs(dg.RunsFilter(job_name="night", tags=tags))

        with write_lock(installation.warehouse, timeout=1, now=installation.now):
            # The sensor sees the file and starts a night, which waits for the warehouse.
            first = until(lambda: next(iter(nights()), None))
            worker = until(lambda: worker_of(instance, first.run_id))
            layer = started(instance, "take_daily", installation.root)
            os.kill(worker, signal.SIGKILL)
            until(lambda: status(instance, first.run_id) is dg.DagsterRunStatus.FAILURE or None)
            assert status(instance, layer) is dg.DagsterRunStatus.STARTED

        def again() -> dg.DagsterRun | None:
            runs = nights(**{"dagster/parent_run_id": first.run_id})
            return next((run for run in runs if run.is_finished), None)

        assert until(again).status is dg.DagsterRunStatus.SUCCESS
        assert installation.warehouse.current.exists()
        # What died with the night was ended, and is not started by itself.
        assert status(instance, layer) is dg.DagsterRunStatus.FAILURE
        assert not instance.get_runs(dg.RunsFilter(tags={"dagster/parent_run_id": layer}))
        assert len(nights()) == 2
