"""The same answers as asset checks, on the command line and in notices."""

import dagster as dg
import pytest

from assets.health.definitions import STANDING
<<<<<<< HEAD
from assets.health.exports import DAILY, _spans, check_expected_days, check_quarantine
from assets.health.results import check_knowledge, check_reports, check_stale
from assets.installation.settings import Operations
=======
from assets.health.exports import DAILY, check_expected_days
>>>>>>> room/health
from assets.notifications.gather import gather
from pipelines.cli.state import state
from pipelines.doctor import check_exports
<<<<<<< HEAD
from tests.driver import NIGHT, bring_up_to_date, change, deliver, set_profile, take_all
from tests.pipelines.test_dagster import check, code_location, instance, night
from tests.reports.office import deliver_calls
from tests.samples import row
=======
from tests.driver import deliver, set_profile, take_all
from tests.health.conditions import set_clock
from tests.pipelines.test_dagster import check, code_location, instance
>>>>>>> room/health

__all__ = ["instance"]


<<<<<<< HEAD
def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def set_clock(installation, text: str) -> None:
    moment = at(text)
    change(installation, now=lambda: moment)


# --- days -----------------------------------------------------------------------------------------


def test_stretches_of_days_are_named_by_their_ends():
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 5)]
    assert _spans(days) == "2024-02-28 至 2024-03-01、2024-03-05"
    every_other = [date(2024, 3, day) for day in (1, 3, 5, 7)]
    assert _spans(every_other) == "……、2024-03-03、2024-03-05、2024-03-07"


def test_a_day_without_an_export_is_named_until_it_comes(installation):
    set_profile(installation, datasets={"calls": installation.profile.datasets["calls"]})
    for day in ("20240227", "20240229"):
        deliver(installation, f"calls_{day}.csv", [])
    take_all(installation)
    found = check_expected_days(installation)
    assert found.keys() == {"calls"}
    assert not found["calls"].passed
    assert not found["calls"].ours
    assert "缺 1 天" in found["calls"].sentence
    assert "2024-02-28" in found["calls"].sentence
    deliver(installation, "calls_20240228.csv", [])
    take_all(installation)
    assert check_expected_days(installation)["calls"].passed


@pytest.mark.parametrize(("now", "good"), [("2024-03-02 07:59", True), ("2024-03-02 08:00", False)])
def test_yesterday_is_owed_from_the_hour_at_which_people_are_told(installation, now, good):
    deliver(installation, "calls_20240229.csv", [])
    take_all(installation)
    set_clock(installation, now)
    found = check_expected_days(installation)
    assert found["calls"].passed is good
    assert found["calls"].examined == (1 if good else 2)
    assert not found["tickets"].passed


def test_nothing_at_all_is_not_good(installation):
    assert not any(each.passed for each in check_expected_days(installation).values())
    assert not check_knowledge(installation).passed


# --- quarantine -----------------------------------------------------------------------------------


def test_a_quarantined_row_is_named_once_it_is_old_and_until_it_is_dealt_with(installation):
    set_profile(installation, refuse_above_rows=9)
    deliver(installation, "calls_20230105.csv", [row("calls"), row("calls", call_id="")])
    bring_up_to_date(installation)
    keep_history(installation.warehouse, at=NIGHT)
    change(installation, operations=Operations(quarantine_days=3))
    change(installation, now=lambda: NIGHT + timedelta(days=3))
    assert check_quarantine(installation)["calls"].passed
    assert check_quarantine(installation)["calls"].examined == 1
    change(installation, now=lambda: NIGHT + timedelta(days=3, seconds=1))
    found = check_quarantine(installation)["calls"]
    assert (found.passed, found.ours) == (False, False)
    assert "1 行隔离超过 3 天" in found.sentence
    assert "hotline quarantine list --dataset calls" in found.sentence
    rows = quarantined_rows(installation.warehouse, "calls")
    discard(installation.warehouse, "calls", rows, reason="作废", who="op", at=NIGHT)
    assert check_quarantine(installation)["calls"].passed


# --- knowledge base -------------------------------------------------------------------------------


def updates(installation, until: int, a_day: int) -> None:
    """Updates of the first days of February 2024."""
    for day in range(1, until + 1):
        moment = f"2024-02-{day:02d} 11:00:00"
        rows = [row("knowledge", article_id=f"{day}-{n}", updated_at=moment) for n in range(a_day)]
        deliver(installation, f"knowledge_202402{day:02d}.csv", rows)
    bring_up_to_date(installation)


def test_a_pace_that_reaches_the_target_is_good(installation):
    updates(installation, 10, 4)
    assert check_knowledge(installation).passed
    assert "更新 40 条，目标 100 条" in check_knowledge(installation).sentence


def test_a_pace_that_misses_the_target_says_what_a_day_would_take(installation):
    updates(installation, 10, 3)
    found = check_knowledge(installation)
    assert (found.passed, found.ours, found.examined) == (False, False, 10)
    assert "月末只有 87 条" in found.sentence
    assert "每天需更新 4 条" in found.sentence


def test_the_first_days_of_a_month_say_nothing_yet(installation):
    updates(installation, 6, 0)
    assert check_knowledge(installation).passed


def test_a_month_that_is_over_has_missed_its_target(installation):
    updates(installation, 29, 3)
    assert "月份已结束，差 13 条" in check_knowledge(installation).sentence


def test_days_of_other_exports_are_no_days_without_updates(installation):
    updates(installation, 10, 4)
    deliver(installation, "calls_20240229.csv", [])
    bring_up_to_date(installation)
    assert check_knowledge(installation).examined == 10


# --- facts and reports ----------------------------------------------------------------------------


def test_months_that_were_not_built_are_named(installation):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    assert check_stale(installation).passed
    assert check_stale(installation).examined > 0
    deliver(installation, "calls_20230106.csv", [row("calls", call_id="2")])
    take_all(installation)
    found = check_stale(installation)
    assert (found.passed, found.ours) == (False, True)
    assert "calls 2023-01" in found.sentence


def test_a_report_is_overdue_from_its_due_moment_until_it_is_issued(installation, instance):
    change(installation, start=date(2024, 2, 28))
    deliver_calls(installation, date(2024, 2, 28), date(2024, 2, 29))
    bring_up_to_date(installation)
    found = check_reports(installation)
    assert "1 份日报已过期限还没有印发（2024-02-28）" in found["daily"].sentence
    assert found["daily"].ours
    assert found["weekly"].passed
    set_clock(installation, "2024-03-01 09:01")
    assert "2024-02-28、2024-02-29" in check_reports(installation)["daily"].sentence
    assert night(installation, instance).bring_up_to_date().reports == 2
    assert all(each.passed for each in check_reports(installation).values())
    assert check_reports(installation)["daily"].examined == 2


# --- as Dagster and as the command line show them -------------------------------------------------


=======
>>>>>>> room/health
def test_the_checks_say_what_is_wrong_in_yellow_or_red(installation, instance):
    deliver(installation, "calls_20240228.csv", [])
    take_all(installation)
    done = (
        code_location(installation)
        .resolve_job_def("standing")
        .execute_in_process(instance=instance)
    )
    assert done.success
    results = {each.asset_check_key: each for each in done.get_asset_check_evaluations()}
    assert results.keys() == set(STANDING)
    wrong = {(key.name, each.severity) for key, each in results.items() if not each.passed}
    assert wrong == {
        ("expected_days_present", dg.AssetCheckSeverity.WARN),
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
    done = merged.resolve_job_def("one").execute_in_process(instance=instance)
    assert [each.asset_check_key for each in done.get_asset_check_evaluations()] == [chosen]


def test_the_night_ends_with_a_look(installation, instance):
    deliver(installation, "calls_20240229.csv", [])
    code_location(installation).resolve_job_def("night").execute_in_process(instance=instance)
    assert check(instance, ["release"], "nothing_stale").passed
    assert check(instance, ["exports", "calls"], "expected_days_present").passed
    assert not check(instance, ["exports", "tickets"], "expected_days_present").passed


def test_a_dataset_that_the_platform_does_not_export_owes_nothing(installation, instance):
    set_profile(installation, datasets={"calls": installation.profile.datasets["calls"]})
    deliver(installation, "calls_20240229.csv", [])
    code_location(installation).resolve_job_def("night").execute_in_process(instance=instance)
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
    job.execute_in_process(instance=instance)
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
<<<<<<< HEAD


def test_no_day_before_the_first_of_the_installation_is_expected(installation):
    deliver(installation, "calls_20240226.csv", [])
    take_all(installation)
    change(installation, start=date(2024, 2, 28))
    assert check_expected_days(installation)["calls"].faults == ("2024-02-28",)
=======
>>>>>>> room/health
