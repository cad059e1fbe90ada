"""The night that a command runs: recorded as a run of the code location, stopped like one."""

import errno
import signal

import dagster as dg
import pytest

import pipelines.night
from assets.core import HotlineError
from assets.facts import plan
from assets.graph import evaluation
from pipelines.dagster_instance import prepare_home, recording
from pipelines.dagster_launcher import PROCESS_TAG
from pipelines.night import NightRequest
from pipelines.outcome import KEY
from pipelines.recorded_run import LOCATION, run_night
from tests.driver import bring_up_to_date, deliver
from tests.samples import row

DAILY = ("calls", "tickets", "callbacks", "quality", "knowledge")
# What a usual night may record.
MOST = 150


@pytest.fixture
def record(installation, tmp_path, monkeypatch):
    """Opens the record of runs."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return lambda: recording(prepare_home(installation), None)


def run(installation, **asked):
    return run_night(installation, NightRequest(**asked), why="run")


def test_it_is_a_run_of_the_code_location_with_its_process_and_the_events_of_each_partition(
    installation, record
):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    outcome = run(installation)
    assert outcome.published
    with record() as instance:
        [only] = instance.get_runs()
        assert (only.job_name, only.status) == ("night", dg.DagsterRunStatus.SUCCESS)
        origin = only.remote_job_origin.repository_origin.code_location_origin
        assert origin.location_name == LOCATION
        assert only.tags[PROCESS_TAG]
        assert only.tags["dagster/max_retries"] == "0"
        assert instance.get_latest_materialization_event(KEY) is not None
        calls = dg.AssetKey(["exports", "calls"])
        assert instance.get_materialized_partitions(calls) == {"2023-01-05"}


def test_a_usual_night_records_few_events(installation, record):
    for day in ("20240227", "20240228"):
        for name in DAILY:
            deliver(installation, f"{name}_{day}.csv", [row(name)])
    bring_up_to_date(installation, lambda day: day.day == 27)
    run(installation)
    with record() as instance:
        [only] = instance.get_runs()
        assert 50 < len(instance.all_logs(only.run_id)) <= MOST


def test_a_night_without_work_is_recorded_too(installation, record):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    run(installation)
    assert run(installation).idle
    with record() as instance:
        assert [each.status.value for each in instance.get_runs()] == ["SUCCESS"] * 2


def test_a_month_that_fails_leaves_the_others_built_and_nothing_published(
    installation, record, monkeypatch
):
    names = ("offered_at", "answered_at", "ended_at")
    february = {name: f"2023-02-05 08:00:0{n}" for n, name in enumerate(names)}
    deliver(installation, "calls_20230105.csv", [row("calls")])
    deliver(installation, "calls_20230205.csv", [row("calls", call_id="2", **february)])
    real = plan._FromDetails.rows

    def rows(self, month):
        if month == "2023-01":
            raise HotlineError("一月算不出来。")
        return real(self, month)

    monkeypatch.setattr(plan._FromDetails, "rows", rows)
    outcome = run(installation)
    assert any("一月算不出来" in each for each in outcome.failed)
    assert (outcome.release, "calls 2023-01" in outcome.stale) == (None, True)
    assert list(installation.warehouse.built("calls").glob("2023-02*.parquet"))


def test_a_night_that_breaks_off_after_something_failed_says_why_and_its_page_too(
    installation, record, monkeypatch
):
    """A full disk: the archive of one export fails first, whatever is written next after it."""
    full = OSError(errno.ENOSPC, "", str(installation.warehouse.root / "x"))

    def fail(*_arguments):
        yield evaluation(
            dg.AssetKey(["exports", "calls"]), "taken", "话务：磁盘已满", {}, passed=False
        )
        raise full

    deliver(installation, "calls_20230105.csv", [row("calls")])
    monkeypatch.setattr(pipelines.night, "take_exports", fail)
    with pytest.raises(HotlineError, match="磁盘已满，请腾出空间"):
        run(installation)
    with record() as instance:
        [only] = instance.get_runs()
        assert only.status is dg.DagsterRunStatus.FAILURE
        found = [
            event.asset_check_evaluation
            for event in instance.all_logs(only.run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        ]
        [said] = [each.description for each in found if each.asset_key == KEY]
        assert "磁盘已满，请腾出空间后再运行一次；上一版发布未受影响。" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("swallowed", [False, True])
def test_a_night_that_is_stopped_publishes_nothing_and_the_next_goes_on(
    installation, record, monkeypatch, number, swallowed
):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    real = pipelines.night.update_facts

    def stopped(*arguments):
        try:
            signal.raise_signal(number)
        except dg.DagsterExecutionInterruptedError:
            if not swallowed:
                raise
        yield from real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(pipelines.night, "update_facts", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(installation)
    assert not installation.warehouse.current.exists()
    with record() as instance:
        [only] = instance.get_runs()
        assert only.status is dg.DagsterRunStatus.CANCELED
        made = instance.get_materialized_partitions(dg.AssetKey(["details", "calls"]))
        assert made == {"2023-01"}
    assert run(installation).published


def test_what_is_asked_is_the_configuration_of_the_run(installation, record):
    for day in ("20230105", "20230106", "20230107"):
        deliver(installation, f"calls_{day}.csv", [row("calls", call_id=day)])
    run(installation, first="2023-01-06", last="2023-01-06")
    run(installation, days=["2023-01-07"])
    calls = dg.AssetKey(["exports", "calls"])
    with record() as instance:
        assert instance.get_materialized_partitions(calls) == {"2023-01-06", "2023-01-07"}
        config = instance.get_runs()[0].run_config["ops"]["operations__night"]["config"]
        assert config["days"] == ["2023-01-07"]
    assert run(installation, archive_only=True).files == 0
    assert run(installation).files == 1
