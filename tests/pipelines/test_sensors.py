"""Files that arrive in the day: they start one night, once they have settled."""

import json
import os

import dagster as dg
import pytest

from assets.sources.folder import Folder
from assets.sources.source import Forbidden
from tests.driver import deliver
from tests.pipelines.test_dagster import code_location, instance
from tests.samples import row

__all__ = ["instance"]


class Looks:
    """The sensor, looked at again and again with the cursor that it left."""

    def __init__(self, installation, instance):
        self.installation, self.instance = installation, instance
        self.location = code_location(installation)
        self.sensor = self.location.resolve_sensor_def("arrivals")
        self.cursor = None

    def __call__(self) -> dg.SensorEvaluationContext:
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            resources={"installation": self.installation},
        )
        data = self.sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return data

    def run(self, request) -> bool:
        """What the daemon does with a request."""
        job = self.location.resolve_job_def("night")
        return job.execute_in_process(
            instance=self.instance, tags=request.tags, raise_on_error=False
        ).success


@pytest.fixture
def look(installation, instance):
    return Looks(installation, instance)


def test_a_file_starts_a_night_once_it_has_settled(installation, look):
    assert "没有新到" in look().skip_message
    deliver(installation, "calls_20230105.csv", [row("calls")])
    assert "1 个新文件" in look().skip_message
    [request] = look().run_requests
    assert look.run(request)
    assert "没有新到" in look().skip_message
    assert installation.warehouse.current.exists()


def test_a_file_that_grows_is_left_until_it_stops(installation, look):
    for size in (1, 2, 3):
        deliver(
            installation, "calls_20230105.csv", [row("calls", call_id=str(n)) for n in range(size)]
        )
        assert not look().run_requests
    assert len(look().run_requests) == 1


def test_the_same_files_start_no_second_night(installation, look):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    look()
    assert len(look().run_requests) == 1
    for _ in range(3):
        data = look()
        assert not data.run_requests
        assert "仍未能接收" in data.skip_message


def test_a_refused_file_is_taken_and_starts_no_second_night(installation, look):
    (installation.landing / "calls_20230105.csv").write_bytes(b"")
    os.utime(installation.landing / "calls_20230105.csv", (0, 0))
    look()
    [request] = look().run_requests
    look.run(request)
    assert "没有新到" in look().skip_message


def test_a_file_that_cannot_be_read_keeps_its_one_run_key(installation, look, monkeypatch):
    real = Folder.fetch

    def fetch(self, item, receive):
        if "20230106" in item.path:
            raise Forbidden
        return real(self, item, receive)

    monkeypatch.setattr(Folder, "fetch", fetch)
    deliver(installation, "calls_20230106.csv", [row("calls", call_id="2")])
    look()
    [first] = look().run_requests
    look.run(first)
    assert "仍未能接收" in look().skip_message
    deliver(installation, "calls_20230105.csv", [row("calls")])
    look()
    [second] = look().run_requests
    assert second.run_key != first.run_key
    look.run(second)
    look()
    # Back to the state of the first night: the daemon knows the key and starts nothing.
    [third] = look().run_requests
    assert third.run_key == first.run_key


def test_files_of_today_or_from_before_the_first_day_start_nothing(installation, look):
    deliver(installation, "calls_20240301.csv", [row("calls")])
    deliver(installation, "calls_20221231.csv", [row("calls")])
    look()
    assert "没有新到" in look().skip_message


def test_while_a_night_is_under_way_none_is_added(installation, look, instance):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    look()
    job = look.location.resolve_job_def("night")
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert "正在运行" in look().skip_message
    instance.report_run_failed(run)
    assert len(look().run_requests) == 1


def test_a_folder_that_is_not_there_is_our_sentence(installation, look):
    installation.landing.rmdir()
    assert "不存在" in look().skip_message


def test_the_cursor_is_small(installation, look):
    for day in range(1, 29):
        deliver(installation, f"calls_202301{day:02d}.csv", [])
    look()
    assert set(json.loads(look.cursor)) == {"state", "started"}
    assert len(look.cursor) < 100
