"""Months out of date, late reports and a target that will be missed are named in a sentence."""

from datetime import date

from assets.health.results import check_knowledge, check_reports, check_stale
from pipelines.cli.show import show_full
from pipelines.cli.state import state
from tests.driver import bring_up_to_date, change, deliver, take_all
from tests.health.conditions import set_clock
from tests.pipelines.test_dagster import instance, night
from tests.reports.office import deliver_calls
from tests.samples import row

__all__ = ["instance"]


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
    assert night(installation, instance).reports == 2
    assert all(each.passed for each in check_reports(installation).values())
    assert check_reports(installation)["daily"].examined == 2


def test_status_says_the_same(installation, capsys):
    updates(installation, 10, 3)
    show_full(state(installation))
    assert f"注意：{check_knowledge(installation).sentence}" in capsys.readouterr().out
