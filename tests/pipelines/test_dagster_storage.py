"""Dagster's record: what is stored is there for others at once, and files do not stay open."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.dagster_instance import prepare_home, recording
from pipelines.dagster_storage import EventLog, RunStorage, ScheduleStorage, has_tables

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
            "module": "pipelines.dagster_storage",
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


def test_the_private_api_was_read_in_this_version_of_dagster():
    """Within a minor version the tests of this folder say whether it still is as we use it; on
    another one: read storages, launcher and runs again, then change the number."""
    assert dg.__version__.rpartition(".")[0] == "1.13"


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


def made_as(database: Path) -> list[tuple[str, ...]]:
    """Tables, indexes and revision of a file."""
    with closing(sqlite3.connect(database)) as connection:
        made = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2, 3")
        return [
            *made.fetchall(),
            *connection.execute("SELECT * FROM alembic_version"),
            *connection.execute("PRAGMA journal_mode"),
        ]


def test_every_run_has_a_file_as_dagster_makes_it(home):
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = [dg.materialize([thing], instance=instance).run_id for _ in range(2)]
    stock = SqliteEventLogStorage(str(home / "stock"))
    with stock.run_connection("run"):
        pass
    expected = made_as(home / "stock" / "run.db")
    assert len(expected) > 3
    for run in runs:
        assert made_as(home / "history" / f"{run}.db") == expected


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


# --- runs and ticks -------------------------------------------------------------------------------


def test_an_installation_keeps_its_record_in_these_storages_and_copies_no_output(
    installation, tmp_path, monkeypatch
):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    made = prepare_home(installation)
    for _ in ("made", "opened again"):
        with recording(made, None) as instance:
            assert type(instance.run_storage) is RunStorage
            assert type(instance.event_log_storage) is EventLog
            assert type(instance.schedule_storage) is ScheduleStorage
            storages = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
            for each in storages:
                found, newest = each.alembic_version()
                assert found == newest
            run_id = dg.materialize([thing], instance=instance).run_id
            assert instance.get_run_by_id(run_id).is_success
    assert open_files(made) == set()
    assert not [each for each in made.rglob("*") if each.suffix in (".out", ".err")]


def test_a_file_without_a_revision_is_not_taken_for_complete(tmp_path):
    file = tmp_path / "runs.db"
    assert not has_tables(file)
    with closing(sqlite3.connect(file)) as connection:
        assert not has_tables(file)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        assert not has_tables(file)
        connection.execute("INSERT INTO alembic_version VALUES ('1')")
        connection.commit()
    assert has_tables(file)
