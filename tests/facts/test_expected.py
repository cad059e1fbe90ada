"""The published expectations follow the counts of all days, and only those."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from assets.facts import FactsPlan
from tests.driver import bring_up_to_date, change, deliver, existing_installation
from tests.samples import row

FIRST, DAYS = date(2023, 1, 2), 20


@pytest.fixture
def twenty_days(installation):
    """Three calls and two tickets a day, one ticket void; a day without calls."""
    for offset in range(DAYS):
        day = FIRST + timedelta(offset)
        at = {
            f"{each}_at": f"{day} 09:00:0{n}"
            for n, each in enumerate(("offered", "answered", "ended"))
        }
        calls = [row("calls", call_id=f"{day:%Y%m%d}000000000{n}", **at) for n in range(3)]
        if offset != 10:
            deliver(installation, f"calls_{day:%Y%m%d}.csv", calls)
        clock = dict.fromkeys(("accepted_at", "dispatched_at", "updated_at"), f"{day} 14:00:00")
        tickets = [
            row("tickets", ticket_id=f"HZ{day:%Y%m%d}00000{n}", status=status, **clock)
            for n, status in enumerate(("办理中", "办理中", "作废"))
        ]
        deliver(installation, f"tickets_{day:%Y%m%d}.csv", tickets)
    bring_up_to_date(installation)
    return installation


def published(installation):
    return pl.read_parquet(installation.warehouse.current / "expectations" / "expectations.parquet")


def test_expectations_are_published_and_follow_the_counts(twenty_days):
    found = published(twenty_days)
    last = FIRST + timedelta(DAYS - 1)
    days = found.filter(kind="day", made_on=last)
    assert days.group_by("dataset").len().sort("dataset").rows() == [("calls", 14), ("tickets", 14)]
    calls, tickets = (days.filter(dataset=each) for each in ("calls", "tickets"))
    assert calls["expected"].to_list() == pytest.approx([3] * 14, abs=1)
    assert tickets["expected"].to_list() == pytest.approx([2] * 14, abs=1)
    busiest = found.filter(kind="hour", dataset="tickets").sort("expected")["hour"][-1]
    assert busiest == 14
    plan = FactsPlan(twenty_days)
    assert plan.stale_whole() == []
    # Nobody was lost: how patient callers are is not known, and no seats are computed.
    assert found.filter(kind="seats").is_empty()


def test_a_new_day_a_calendar_and_the_start_of_the_week_make_them_stale(twenty_days, tmp_path):
    day = FIRST + timedelta(10)
    at = {f"{each}_at": f"{day} 09:00:00" for each in ("offered", "answered", "ended")}
    deliver(twenty_days, f"calls_{day:%Y%m%d}.csv", [row("calls", **at)])
    before = published(twenty_days)
    bring_up_to_date(twenty_days)
    assert not published(twenty_days).equals(before)
    further = tmp_path / "2027.csv"
    further.write_text("date,day,festival\n2027-01-01,休,元旦\n", encoding="utf-8")
    change(twenty_days, calendar_path=further)
    again = existing_installation(tmp_path, calendar_path=further)
    assert FactsPlan(again).stale_whole() == ["expectations"]
    reports = replace(again.reports, week_start=5)
    moved = existing_installation(tmp_path, reports=reports)
    assert FactsPlan(moved).stale_whole() == ["expectations"]
    assert FactsPlan(existing_installation(tmp_path)).stale_whole() == []
