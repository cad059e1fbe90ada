"""The reports in Dagster: partitions, what is recorded of an issue, and what the night does."""

from datetime import date

import dagster as dg
import pytest

from assets.graph.partitions import Partitions
from assets.installation.installation import Installation
from assets.installation.settings import ReportSettings
from assets.reports.issue.ledger import Ledger
from tests.driver import change
from tests.pipelines.test_dagster import check, code_location, instance, night
from tests.reports.office import deliver_calls, moment

__all__ = ["instance"]
FIRST = date(2024, 2, 19)
DAYS = [f"2024-02-{day}" for day in range(19, 30)]


@pytest.fixture
def exported(installation) -> Installation:
    """Exports of the last days of February 2024, in the night to 1 March."""
    change(installation, start=FIRST)
    deliver_calls(installation, FIRST, date(2024, 2, 29))
    return installation


def key(kind: str) -> dg.AssetKey:
    return dg.AssetKey(["reports", kind])


def test_partitions_are_the_periods_that_are_over():
    at = moment("2024-03-01 02:00")
    made = Partitions.since(date(2023, 5, 23)).reports
    keys = {kind: each.get_partition_keys(current_time=at) for kind, each in made.items()}
    assert (keys["daily"][0], keys["daily"][-1]) == ("2023-05-23", "2024-02-29")
    assert (keys["weekly"][0], keys["weekly"][-1]) == ("2023-05-29", "2024-02-19")
    assert (keys["monthly"][0], keys["monthly"][-1]) == ("2023-05", "2024-02")
    assert keys["annual"] == ["2023"]


def test_weeks_start_when_the_installation_says(installation):
    change(installation, reports=ReportSettings(week_start=6))
    keys = (
        Partitions.of_installation(installation)
        .reports["weekly"]
        .get_partition_keys(current_time=installation.now())
    )
    assert (keys[0], keys[-1]) == ("2023-01-01", "2024-02-18")


def test_the_night_issues_what_is_due_and_then_nothing(exported, instance):
    first = night(exported, instance)
    assert first.good, exported.progress.problems
    assert first.reports == 12
    assert instance.get_materialized_partitions(key("daily")) == set(DAYS)
    assert instance.get_materialized_partitions(key("weekly")) == {"2024-02-19"}
    assert instance.get_materialized_partitions(key("monthly")) == set()
    page = exported.warehouse.reports_index
    before = page.stat().st_mtime_ns
    second = night(exported, instance)
    # The late weekly report counts in the year's indicators, which are published once more.
    assert (second.reports, second.files) == (0, 0)
    assert night(exported, instance).idle
    assert page.stat().st_mtime_ns == before


def test_a_lost_page_comes_back_with_the_next_night(exported, instance):
    night(exported, instance)
    page = exported.warehouse.reports_index
    before = page.read_bytes()
    page.unlink()
    assert night(exported, instance).reports == 0
    assert page.read_bytes() == before


def test_an_issue_is_recorded_with_its_files_and_a_picture(exported, instance):
    night(exported, instance)
    events = instance.fetch_materializations(key("daily"), limit=20).records
    seen = {
        each.asset_materialization.partition: each.asset_materialization.metadata for each in events
    }
    last = seen["2024-02-29"]
    assert last["期号"].value == 11
    assert last["版次"].value == 1
    assert last["是否按时"].value == "按时"
    assert last["新印发"].value is True
    for name, form in {"Word": "docx", "Excel": "xlsx", "网页": "html", "PDF": "pdf"}.items():
        assert last[name].value.endswith(f"daily/2024-02-29/r1/2024-02-29_日报.{form}")
    assert not any("首页" in metadata for metadata in seen.values())
    week = instance.get_latest_materialization_event(key("weekly")).asset_materialization.metadata
    assert week["首页"].value.startswith("![首页](data:image/png;base64,")


def test_the_check_names_what_came_late(exported, instance):
    night(exported, instance)
    found = check(instance, ["reports", "daily"], "in_time")
    assert not found.passed
    assert found.metadata["检查份数"].value == 11
    assert found.metadata["迟发的期间"].value == "、".join(DAYS[:-1])
    assert found.metadata["补发份数"].value == 0


def issue(installation, instance, kind: str, period: str) -> dg.ExecuteInProcessResult:
    """What the button of the interface does."""
    job = code_location(installation).resolve_job_def("__ASSET_JOB")
    return job.execute_in_process(
        instance=instance,
        partition_key=period,
        asset_selection=[key(kind)],
        raise_on_error=False,
    )


def test_a_period_without_a_report_that_is_asked_for_says_so_in_yellow(exported, instance):
    change(exported, start=date(2024, 2, 12))
    night(exported, instance)
    assert issue(exported, instance, "daily", "2024-02-15").success
    found = check(instance, ["reports", "daily"], "in_time")
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "2024" in found.description
    event = instance.get_latest_materialization_event(key("daily")).asset_materialization
    assert (event.partition, event.metadata["files"].value) == ("2024-02-15", 0)


def test_a_period_that_is_not_over_is_refused_in_one_sentence(exported, instance):
    done = issue(exported, instance, "annual", "2024")
    assert not done.success
    failure = next(event for event in done.all_events if event.is_step_failure)
    assert "没有 2024 这一期" in failure.step_failure_data.user_failure_data.description


def test_a_report_that_fails_does_not_stop_the_others(exported, instance, monkeypatch):
    from assets.core.errors import HotlineError
    from assets.reports.issue.renderer import Renderer

    real = Renderer.compose

    def compose(self, period):
        if period.key == "2024-02-27":
            raise HotlineError("模板有误。")
        return real(self, period)

    with monkeypatch.context() as patched:
        patched.setattr(Renderer, "compose", compose)
        outcome = night(exported, instance)
    assert outcome.failed
    assert not outcome.good
    assert exported.progress.problems == [("日报 2024-02-27", "模板有误。")]
    issued = {e.period for e in Ledger(exported.warehouse).entries if e.kind == "daily"}
    assert issued == {*DAYS} - {"2024-02-27"}
    assert instance.get_materialized_partitions(key("daily")) == issued
    again = night(exported, instance)
    assert again.good
    assert again.reports == 1
