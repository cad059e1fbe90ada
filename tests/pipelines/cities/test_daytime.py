"""Several cities by day: files that arrive, the look in the morning, what is told of each city."""

import dagster as dg
import pytest

from pipelines.cities.daytime import CHECK
from pipelines.cities.definitions import PROVINCE, cities_definitions, city_key
from pipelines.jobs import LOOK
from tests.notifications.servers import web_server
from tests.pipelines.cities.test_definitions import exports, folder
from tests.samples import row, write

__all__ = ["folder"]
NOTIFY = """\
[[notify.channels]]
name = "值班"
url_from = "TEST_URL"
"""


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


class Looks:
    """The sensor of a city, looked at again and again with the cursor that it left."""

    def __init__(self, city: str, instance: dg.DagsterInstance):
        self.instance, self.cursor = instance, None
        self.location = cities_definitions()
        self.sensor = self.location.resolve_sensor_def(f"arrivals_{city}")

    def __call__(self):
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        data = self.sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return data


def test_files_of_a_city_start_its_night_and_the_roll_up_and_no_other(folder, instance):
    for city in ("alpha", "beta"):
        exports(folder, city)
    look = Looks("beta", instance)
    assert "1 个新文件" in look().skip_message
    [request] = look().run_requests
    assert request.asset_selection == [city_key("beta"), PROVINCE]
    job = look.location.resolve_job_def("night")
    run = job.execute_in_process(
        instance=instance, asset_selection=request.asset_selection, tags=request.tags
    )
    assert run.success
    made = {event.asset_key for event in run.get_asset_materialization_events()}
    assert made == {city_key("beta"), PROVINCE}
    assert "没有新到" in look().skip_message
    assert "1 个新文件" in Looks("alpha", instance)().skip_message
    assert not (folder / "warehouse" / "alpha" / "current").exists()


def test_a_city_whose_settings_are_wrong_starts_nothing_and_says_why(folder, instance):
    look = Looks("alpha", instance)
    settings = folder / "hotline.toml"
    settings.write_text(settings.read_text().replace('title = "甲市"', "landing_ = 1"))
    assert "landing_" in look().skip_message


def test_the_look_says_for_each_city_what_is_wrong(folder, instance):
    exports(folder, "alpha")
    exports(folder, "beta")
    write(folder / "in" / "beta", "calls_20230107.csv", [row("calls", call_id="7")])
    location = cities_definitions()
    assert location.resolve_job_def("night").execute_in_process(instance=instance).success
    run = location.resolve_job_def(LOOK).execute_in_process(instance=instance)
    assert not run.get_asset_materialization_events()
    found = {each.asset_key: each for each in run.get_asset_check_evaluations()}
    assert found.keys() == {city_key("alpha"), city_key("beta")}
    beta = found[city_key("beta")]
    assert beta.check_name == CHECK
    assert not beta.passed
    assert "2023-01-06" in beta.description


def test_each_city_is_told_of_at_its_hour(folder, instance, monkeypatch):
    settings = folder / "hotline.toml"
    said = settings.read_text()
    settings.write_text(said.replace("[cities.alpha]", f"{NOTIFY}[cities.alpha]"))
    for city in ("alpha", "beta"):
        exports(folder, city)
    with web_server() as web:
        monkeypatch.setenv("TEST_URL", web.url)
        location = cities_definitions()
        schedule = location.resolve_schedule_def("notify_beta")
        assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
        data = schedule.evaluate_tick(dg.build_schedule_context(instance=instance))
        [request] = data.run_requests
        job = location.resolve_job_def(schedule.job_name)
        assert job.execute_in_process(instance=instance, run_config=request.run_config).success
        assert len(web.got) == 1
        assert "beta" in str(web.got[0]) or "乙" in str(web.got[0])


def test_nobody_looks_where_workers_hold_the_cities(folder):
    pytest.importorskip("dagster_celery")
    settings = folder / "hotline.toml"
    settings.write_text(f'{settings.read_text()}[cluster]\nstore = "s3://hotline/shared"\n')
    location = cities_definitions()
    assert not location.sensors
    assert [schedule.name for schedule in location.schedules] == ["night"]
