"""Days without an export and rows left in quarantine are named until they are dealt with."""

from datetime import date, timedelta

import pytest

from assets.health.exports import _spans, check_expected_days, check_held, check_quarantine
from assets.health.results import check_knowledge
from assets.installation.settings import Operations
from assets.quarantine.rows import discard, quarantined_rows, update_history
from tests.driver import NIGHT, bring_up_to_date, change, deliver, set_profile, take_all
from tests.health.conditions import set_clock
from tests.samples import row


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


@pytest.mark.parametrize(
    ("now", "urgent"),
    [
        ("2024-03-01 09:00", False),  # Nothing is missing.
        ("2024-03-02 09:00", True),
        ("2024-03-29 09:00", True),
        ("2024-03-30 09:00", True),
        ("2024-03-31 09:00", False),  # Nothing came for 30 days: no alarm every day.
    ],
)
def test_a_day_of_the_last_week_is_asked_for_today(installation, now, urgent):
    deliver(installation, "calls_20240229.csv", [])
    take_all(installation)
    set_clock(installation, now)
    assert check_expected_days(installation)["calls"].urgent is urgent


@pytest.mark.parametrize(("last", "urgent"), [(7, True), (8, False)])
def test_an_older_gap_is_known(installation, last, urgent):
    for day in (1, *range(3, last + 2)):
        deliver(installation, f"calls_202402{day:02d}.csv", [])
    take_all(installation)
    set_clock(installation, f"2024-02-{last + 2:02d} 09:00")
    found = check_expected_days(installation)["calls"]
    assert found.faults == ("2024-02-02",)
    assert found.urgent is urgent


def test_nothing_at_all_is_not_good(installation):
    assert not any(each.passed for each in check_expected_days(installation).values())
    assert not check_knowledge(installation).passed


def test_no_day_before_the_first_of_the_installation_is_expected(installation):
    deliver(installation, "calls_20240226.csv", [])
    take_all(installation)
    change(installation, start=date(2024, 2, 28))
    assert check_expected_days(installation)["calls"].faults == ("2024-02-28",)


def test_a_quarantined_row_is_named_once_it_is_old_and_until_it_is_dealt_with(installation):
    set_profile(installation, refuse_above_rows=9)
    deliver(installation, "calls_20230105.csv", [row("calls"), row("calls", call_id="")])
    bring_up_to_date(installation)
    update_history(installation.warehouse, at=NIGHT)
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


def test_a_held_file_is_named_beside_the_day_that_it_leaves_missing(installation):
    for day in (28, 29):
        deliver(installation, f"calls_202402{day}.csv", [row("calls")])
    take_all(installation)
    found = check_held(installation)
    assert [name for name, each in found.items() if not each.passed] == ["calls"]
    assert found["calls"].urgent
    assert (found["calls"].examined, found["calls"].faults) == (2, ("2024-02-29",))
    set_clock(installation, "2024-03-01 09:00")
    assert "其中 2024-02-29 的文件暂扣待核" in check_expected_days(installation)["calls"].sentence
