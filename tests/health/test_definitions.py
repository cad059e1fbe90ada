"""The same answers as asset checks, on the command line and in notices."""

import dagster as dg
import pytest

from assets.health.definitions import STANDING_CHECKS
from assets.health.exports import DAILY, check_expected_days
from assets.notifications.gather import gather
from pipelines.cli.state import state
from pipelines.doctor import check_exports
from tests.driver import deliver, set_profile, take_all
from tests.health.conditions import set_clock
from tests.pipelines.test_dagster import check, code_location, instance

__all__ = ["instance"]


def test_the_checks_say_what_is_wrong_in_yellow_or_red(installation, instance):
    deliver(installation, "calls_20240228.csv", [])
    take_all(installation)
    done = (
        code_location(installation)
        .resolve_job_def("standing")
        .execute_in_process(instance=instance, raise_on_error=False)
    )
    assert not done.success
    results = {each.asset_check_key: each for each in done.get_asset_check_evaluations()}
    assert results.keys() == set(STANDING_CHECKS)
    wrong = {(key.name, each.severity) for key, each in results.items() if not each.passed}
    assert wrong == {
        ("expected_days_present", dg.AssetCheckSeverity.ERROR),
        ("on_course", dg.AssetCheckSeverity.WARN),
        ("nothing_stale", dg.AssetCheckSeverity.ERROR),
    }
    for each in results.values():
        assert each.description
        assert each.metadata["检查数"].value >= 0
    assert check(instance, ["exports", "calls"], "expected_days_present").passed


def test_one_check_can_be_run_alone(installation, instance):
    chosen = dg.AssetCheckKey(dg.AssetKey("release"), "nothing_stale")
    job = dg.define_asset_job("one", dg.AssetSelection.checks(chosen))
    location = code_location(installation)
    merged = dg.Definitions.merge(location, dg.Definitions(jobs=[job]))
    done = merged.resolve_job_def("one").execute_in_process(instance=instance, raise_on_error=False)
    assert [each.asset_check_key for each in done.get_asset_check_evaluations()] == [chosen]


def test_the_night_ends_with_a_look(installation, instance):
    deliver(installation, "calls_20240229.csv", [])
    code_location(installation).resolve_job_def("night").execute_in_process(
        instance=instance, raise_on_error=False
    )
    assert check(instance, ["release"], "nothing_stale").passed
    assert check(instance, ["exports", "calls"], "expected_days_present").passed
    assert not check(instance, ["exports", "tickets"], "expected_days_present").passed


def test_a_dataset_that_the_platform_does_not_export_owes_nothing(installation, instance):
    set_profile(installation, datasets={"calls": installation.profile.datasets["calls"]})
    deliver(installation, "calls_20240229.csv", [])
    code_location(installation).resolve_job_def("night").execute_in_process(
        instance=instance, raise_on_error=False
    )
    for name in DAILY:
        assert check(instance, ["exports", name], "expected_days_present").passed
    assert check(instance, ["facts", "knowledge"], "on_course").passed


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2024-03-01 07:59", ["2024-02-26", "2024-02-28"]),
        ("2024-03-01 08:00", ["2024-02-26", "2024-02-28", "2024-02-29"]),
    ],
)
def test_checks_status_doctor_and_notices_name_the_same_missing_days(
    installation, instance, now, missing
):
    """Calls begin a day before the tickets; yesterday is owed from the hour of notices on."""
    tickets = {name: installation.profile.datasets[name] for name in ("calls", "tickets")}
    set_profile(installation, datasets=tickets)
    for name in ("calls_20240226", "calls_20240227", "calls_20240228", "tickets_20240227"):
        deliver(installation, f"{name}.csv", [])
    take_all(installation)
    set_clock(installation, now)
    job = code_location(installation).resolve_job_def("standing")
    job.execute_in_process(instance=instance, raise_on_error=False)
    shown = check(instance, ["exports", "tickets"], "expected_days_present")

    sentence = check_expected_days(installation)["tickets"].sentence
    assert f"工单缺 {len(missing)} 天的导出" in sentence
    assert (shown.passed, shown.description) == (False, sentence)
    assert [str(day) for day in state(installation).datasets["tickets"].missing] == missing
    assert sentence in [each.sentence for each in check_exports(installation)]
    notices = gather(installation, {}).notices
    assert [each.id for each in notices if each.id.startswith("missing/tickets/")] == [
        f"missing/tickets/{day}" for day in missing
    ]
