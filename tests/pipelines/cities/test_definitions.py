"""The Dagster side of several cities: a step for each, then the roll-up, whatever fails."""

import importlib

import dagster as dg
import pytest

import pipelines.definitions
from pipelines.cities.definitions import cities_definitions, city_key
from pipelines.schedules import NIGHT
from tests.samples import row, write

SETTINGS = """\
start = 2023-01-01
[cities.alpha]
landing = "in/alpha"
title = "甲市"
[cities.beta]
landing = "in/beta"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "hotline.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("HOTLINE_CITY", "HOTLINE_CONFIG", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def exports(folder, city: str) -> None:
    landing = folder / "in" / city
    landing.mkdir(parents=True)
    write(landing, "calls_20230105.csv", [row("calls")])


def night(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = cities_definitions().resolve_job_def(NIGHT)
    return job.execute_in_process(instance=instance, raise_on_error=False)


def up_to_date(run: dg.ExecuteInProcessResult) -> dict[dg.AssetKey, dg.AssetCheckEvaluation]:
    evaluations = run.get_asset_check_evaluations()
    return {each.asset_key: each for each in evaluations if each.check_name == "up_to_date"}


def test_a_city_that_fails_stops_neither_the_others_nor_the_roll_up_but_the_run_fails(folder):
    exports(folder, "beta")
    with dg.DagsterInstance.ephemeral() as instance:
        first = night(instance)
        assert not first.success
        (failure,) = [each for each in first.all_events if each.is_step_failure]
        assert failure.step_key == "province"
        said = failure.step_failure_data.user_failure_data.description
        assert said.startswith("有城市没有完成：alpha。")
        checks = up_to_date(first)
        assert not checks[city_key("alpha")].passed
        assert "in/alpha 不存在" in checks[city_key("alpha")].metadata["problems"].value
        assert checks[city_key("beta")].passed
        told = instance.get_latest_materialization_event(city_key("beta"))
        assert told.asset_materialization.metadata["files"].value == 1
        rolled = instance.get_latest_materialization_event(dg.AssetKey("province"))
        assert rolled.asset_materialization.metadata["cities"].value == "beta"
        exports(folder, "alpha")
        assert night(instance).success
        rolled = instance.get_latest_materialization_event(dg.AssetKey("province"))
        assert rolled.asset_materialization.metadata["cities"].value == "alpha, beta"
    for city in ("alpha", "beta"):
        assert (folder / "warehouse" / city / "dagster" / "history").is_dir()


def test_dagster_loads_the_installation_or_the_city_that_is_chosen(folder, monkeypatch):
    exports(folder, "alpha")
    loaded = importlib.reload(pipelines.definitions).defs
    keys = loaded.resolve_asset_graph().get_all_asset_keys()
    assert keys == {city_key("alpha"), city_key("beta"), dg.AssetKey("province")}
    assert loaded.resolve_schedule_def("night").execution_timezone == "Asia/Shanghai"
    monkeypatch.setenv("HOTLINE_CITY", "alpha")
    loaded = importlib.reload(pipelines.definitions).defs
    assert dg.AssetKey(["facts", "calls"]) in loaded.resolve_asset_graph().get_all_asset_keys()
    (folder / "hotline.toml").write_text('landing = "in/alpha"\n', encoding="utf-8")
    monkeypatch.delenv("HOTLINE_CITY")
    loaded = importlib.reload(pipelines.definitions).defs
    assert dg.AssetKey(["facts", "calls"]) in loaded.resolve_asset_graph().get_all_asset_keys()
