"""Dagster's record: what is stored is there for others at once, and files do not stay open."""

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

KEY = dg.AssetKey("thing")
_DIES = """
import os
import dagster as dg
with dg.DagsterInstance.from_config("{home}") as instance:
    instance.report_runless_asset_event(dg.AssetMaterialization("thing", partition="killed"))
    os.kill(os.getpid(), 9)
"""


@dg.asset(key=KEY)
def thing() -> None:
    """Nothing."""


@pytest.fixture
def home(tmp_path) -> Path:
    settings = {
        "telemetry": {"enabled": False},
        "event_log_storage": {
            "module": "pipelines.event_log",
            "class": "EventLog",
            "config": {"base_dir": str(tmp_path / "history")},
        },
    }
    (tmp_path / "dagster.yaml").write_text(json.dumps(settings))
    return tmp_path


def open_files(folder: Path) -> set[str]:
    """Databases below a folder that this process holds open."""
    links = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    targets = [os.readlink(each) for each in links if os.path.lexists(each)]
    return {each for each in targets if each.startswith(str(folder)) and each.endswith(".db")}


def test_a_log_of_many_runs_keeps_two_files_open_and_none_when_it_is_closed(home):
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = [dg.materialize([thing], instance=instance).run_id for _ in range(3)]
        assert len(list((home / "history").glob("*-*-*.db"))) >= len(runs)
        assert open_files(home / "history") == {
            str(home / "history" / f"{name}.db") for name in ("index", runs[-1])
        }
        for run in runs:
            steps = [each.dagster_event_type for each in instance.all_logs(run)]
            assert dg.DagsterEventType.STEP_SUCCESS in steps
    assert open_files(home / "history") == set()


def test_another_process_sees_an_event_while_the_log_is_open(home):
    with (
        dg.DagsterInstance.from_config(str(home)) as writer,
        dg.DagsterInstance.from_config(str(home)) as reader,
    ):
        assert reader.get_latest_materialization_event(KEY) is None
        run = dg.materialize([thing], instance=writer).run_id
        seen = reader.get_latest_materialization_event(KEY)
        assert seen is not None
        assert seen.run_id == run


def test_what_a_killed_process_stored_is_there(home):
    done = subprocess.run([sys.executable, "-c", _DIES.format(home=home)], check=False)
    assert done.returncode == -9
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_materialized_partitions(KEY) == {"killed"}
