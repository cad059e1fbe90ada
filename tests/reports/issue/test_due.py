"""What is due, what is looked at again, and why a period has no report."""

from datetime import date

import pytest

from assets.core.errors import HotlineError
from assets.reports.content.periods import period_of
from assets.reports.issue.due import due_reports
from assets.reports.issue.issuer import Issuer
from tests.driver import bring_up_to_date, deliver, existing_installation
from tests.reports.office import NIGHT, FakeRenderer, at, deliver_calls, issue, moment, released
from tests.samples import row

# --- periods that have no report ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("daily", "2024-03-01", "尚未结束"),
        ("monthly", "2024-03", "尚未结束"),
        ("annual", "2024", "尚未结束"),
        ("daily", "2023-12-31", "早于起始日"),
        ("annual", "2023", "早于起始日"),
    ],
)
def test_a_period_without_a_report_is_one_sentence(installation, kind, key, said):
    with pytest.raises(HotlineError, match=said):
        issue(installation, kind, key)
    assert not installation.warehouse.reports.exists()


def test_a_period_beyond_the_cutoff_waits(installation):
    with pytest.raises(HotlineError, match="数据截至 2024-03-01"):
        issue(at(installation, "2024-03-05 02:00"), "daily", "2024-03-02")


def test_a_period_without_data_is_one_sentence(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 2), now=NIGHT)
    deliver_calls(installation, date(2024, 1, 9), date(2024, 1, 9))
    bring_up_to_date(installation)
    with pytest.raises(HotlineError, match="没有数据"):
        issue(installation, "daily", "2024-01-05")
    assert due_reports(installation)["daily"] == ["2024-01-01", "2024-01-02", "2024-01-09"]


def test_nothing_published_is_one_sentence(tmp_path):
    installation = existing_installation(tmp_path, now=moment(NIGHT))
    with pytest.raises(HotlineError, match="还没有发布过数据"):
        issue(installation, "daily", "2024-01-05")


# --- what the night has to do -------------------------------------------------------------------


def issue_due(installation, renderer=None) -> dict[str, list[str]]:
    due = due_reports(installation)
    issuer = Issuer(installation, renderer or FakeRenderer())
    for kind, keys in due.items():
        for key in keys:
            issuer.issue(period_of(kind, key, installation.reports.week_start))
    return due


def test_everything_that_is_over_is_due_once(installation):
    due = issue_due(installation)
    assert len(due["daily"]) == 60
    assert due["daily"][0] == "2024-01-01"
    assert due["weekly"] == [f"2024-{day}" for day in (
        "01-01", "01-08", "01-15", "01-22", "01-29", "02-05", "02-12", "02-19"
    )]  # fmt: skip
    assert due_reports(installation) == {}


def test_a_release_that_moved_on_makes_only_the_new_day_due(installation):
    issue_due(installation)
    deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 1))
    bring_up_to_date(at(installation, "2024-03-02 02:00"))
    assert due_reports(installation) == {"daily": ["2024-03-01"]}


def test_a_ticket_of_a_past_month_that_moves_on_is_no_correction(installation):
    issue_due(installation)
    january = installation.warehouse.current / "facts/tickets/2024-01.parquet"
    assert not january.exists()
    moved = {
        "accepted_at": "2024-01-15 08:05:00",
        "dispatched_at": "2024-01-15 08:10:00",
        "updated_at": "2024-03-01 09:00:00",
    }
    deliver(installation, "tickets_20240301.csv", [row("tickets", **moved)])
    deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 1))
    bring_up_to_date(at(installation, "2024-03-02 02:00"))
    assert january.exists()
    assert due_reports(installation) == {"daily": ["2024-03-01"]}


def test_a_corrected_day_is_looked_at_again_in_all_its_reports(installation):
    issue_due(installation)
    deliver_calls(installation, date(2024, 1, 10), date(2024, 1, 10), calls=2, suffix="_r1")
    bring_up_to_date(installation)
    renderer = FakeRenderer()
    due = issue_due(installation, renderer)
    assert due == {"daily": ["2024-01-10"], "weekly": ["2024-01-08"], "monthly": ["2024-01"]}
    # The content did not change: looked at, not issued, and not asked for again.
    assert renderer.printed == []
    assert due_reports(installation) == {}


def test_a_month_waits_for_its_exports_until_its_due_day(installation):
    """The profile knows staff, whose file has not come."""
    assert "monthly" in due_reports(installation)
    issue(installation, "monthly", "2024-01")
    for now, due in [("03-01", False), ("03-04", False), ("03-05", True)]:
        at(installation, f"2024-{now} 02:00")
        assert ("monthly" in due_reports(installation)) is due, now


def test_a_new_version_of_the_program_makes_nothing_due(installation, monkeypatch):
    issue_due(installation)
    monkeypatch.setattr("assets.core.fingerprints._sources", lambda folder: [("x", b"y")])
    assert due_reports(installation) == {}


def test_asking_composes_nothing(installation):
    renderer = FakeRenderer()
    issue_due(installation, renderer)
    count = len(renderer.composed)
    due_reports(installation)
    assert len(renderer.composed) == count == 60 + 8 + 1
