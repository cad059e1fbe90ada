"""Old logs go, what Dagster knows of assets stays."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines.instance import prepare_home
from pipelines.prune import prune
from pipelines.record import recording
from tests.pipelines.test_dagster import night
from tests.samples import row, write

CALLS = dg.AssetKey(["exports", "calls"])


@pytest.fixture
def home(installation, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return prepare_home(installation)


def files_of(home, run_id):
    return [path for path in home.rglob("*") if path.is_file() and run_id in str(path)]


def test_old_logs_go_and_the_history_of_assets_stays(installation, home):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    now = datetime.now(UTC)
    with recording(home, None) as instance:
        assert night(installation, instance).bring_up_to_date().good
        runs = instance.get_runs()
        known = {run.run_id: run.status for run in runs}
        event = instance.get_latest_materialization_event(CALLS)
        assert all(files_of(home, each) for each in known)

        # None is that old yet.
        assert prune(instance, home, now - timedelta(days=7)).runs == 0
        assert all(files_of(home, each) for each in known)

        # One that has not ended keeps its log.
        open_run = instance.create_run_for_job(
            dg.job(name="open")(lambda: None), status=dg.DagsterRunStatus.STARTED
        )
        instance.report_engine_event("始", open_run)
        pruned = prune(instance, home, datetime.now(UTC) + timedelta(seconds=1))
        assert pruned.runs == len(known)
        assert pruned.size > 100_000
        assert not any(files_of(home, each) for each in known)
        assert files_of(home, open_run.run_id)
        assert prune(instance, home, datetime.now(UTC) + timedelta(seconds=1)).runs == 0

    with recording(home, None) as instance:
        assert instance.get_materialized_partitions(CALLS) == {"2023-01-05"}
        assert instance.get_latest_materialization_event(CALLS) == event
        assert {run.run_id: run.status for run in instance.get_runs()} == {
            **known,
            open_run.run_id: dg.DagsterRunStatus.STARTED,
        }
        # The next night works, and the page of a pruned run shows an empty log.
        write(installation.landing, "calls_20230106.csv", [row("calls", call_id="2")])
        assert night(installation, instance).bring_up_to_date().good
        assert instance.get_materialized_partitions(CALLS) == {"2023-01-05", "2023-01-06"}
        assert list(instance.all_logs(runs[0].run_id)) == []
