"""Releases and people: what waits for one, going back, what was current when, what stays."""

from datetime import date, timedelta

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.facts.build import FactsPlan
from assets.installation.installation import Installation
from assets.releases.approval import accept, held_release, pinned_because, roll_back
from assets.releases.compare import Change, KpiChange, changes, kpi_changes
from assets.releases.definitions import publish_facts
from assets.releases.history import as_of, entries, switches
from assets.releases.package import (
    Described,
    current_release,
    is_sound,
    kept_releases,
    named_release,
)
from assets.releases.publish import Release, needs_publishing, surplus, sweep
from schemas.reports import reports
from tests.driver import NIGHT, build_details, build_facts, deliver, take_all
from tests.samples import row

WHO = {"by": "张三", "why": "数据有误"}


def agents(count: int) -> list[dict[str, str]]:
    return [row("staff", agent_id=f"{number:04}") for number in range(count)]


def publish(installation: Installation, *, days_later: int = 0) -> Release:
    """Bring everything up to date as a night does, thresholds included."""
    installation.now = lambda: NIGHT + timedelta(days=days_later)
    take_all(installation)
    build_details(installation)
    build_facts(installation)
    return publish_facts(installation, why="run")


def calls(installation: Installation, day: str, *numbers: int) -> None:
    times = {f"{each}_at": f"2023-{day} 08:00:00" for each in ("offered", "answered", "ended")}
    rows = [row("calls", call_id=f"{day}-{number}", **times) for number in numbers]
    deliver(installation, f"calls_2023{day.replace('-', '')}.csv", rows)


def read(installation: Installation, name: str) -> Described:
    return Described.open(installation.warehouse.releases / name)


@pytest.fixture
def staffed(installation) -> Installation:
    """A release with a complete month of staff that has ended long ago, and a call of April."""
    deliver(installation, "staff_202301.csv", agents(10))
    calls(installation, "04-05", 1)
    publish(installation)
    return installation


# --- what waits -------------------------------------------------------------------------------


def test_a_complete_past_month_that_moves_too_far_waits_for_a_person(staffed):
    first = current_release(staffed.warehouse)
    deliver(staffed, "staff_202301_r1.csv", agents(20))
    waiting = publish(staffed)
    assert waiting.held is not None
    assert waiting.held.reasons == (
        "2023-01 staff.on_duty 由 10 变为 20（变动 100.0%，上限 5%）",
        "2023-01 staff.assessed 由 10 变为 20（变动 100.0%，上限 5%）",
        "2023-01 staff.passed 由 10 变为 20（变动 100.0%，上限 5%）",
    )
    assert current_release(staffed.warehouse) == first
    assert len(entries(staffed.warehouse)) == 1
    assert is_sound(staffed.warehouse.releases / waiting.id)
    sentence = waiting.held.sentence(first)
    assert f"hotline diff current {waiting.id}" in sentence
    assert f"hotline accept {waiting.id} --by" in sentence
    again = publish(staffed)
    assert (again.id, again.held, again.new) == (waiting.id, waiting.held, False)

    assert accept(staffed.warehouse, waiting.id, **WHO, now=NIGHT) == waiting.id
    assert current_release(staffed.warehouse) == waiting.id
    assert held_release(staffed.warehouse) is None
    last = entries(staffed.warehouse)[-1]
    assert (last.by, last.why, last.pinned) == ("张三", "数据有误", False)
    assert publish(staffed).held is None


@pytest.mark.parametrize(
    ("limit", "count", "waits"),
    [(1.0, 20, False), (0.9, 20, True), (0.1, 11, False), (0, 11, True)],
)
def test_the_share_is_settable(staffed, limit, count, waits):
    staffed.warn_change = limit
    deliver(staffed, "staff_202301_r1.csv", agents(count))
    assert (publish(staffed).held is not None) == waits


def test_a_month_that_is_not_complete_or_not_over_may_move(staffed):
    calls(staffed, "04-06", *range(50))
    deliver(staffed, "calls_20230405_2.csv", [row("calls", call_id=str(n)) for n in range(50)])
    deliver(staffed, "staff_202304.csv", [row("staff", month="2023-04")])
    release = publish(staffed)
    assert (release.held, release.new) == (None, True)


def test_a_release_that_is_not_called_for_any_more_does_not_wait(staffed):
    first = current_release(staffed.warehouse)
    landed = deliver(staffed, "staff_202301_r1.csv", agents(20))
    assert publish(staffed).held
    deliver(staffed, "staff_202301_r2.csv", agents(10))
    staffed.warn_change = 10
    back = publish(staffed)
    assert back.held is None
    assert held_release(staffed.warehouse) is None
    assert back.id != first  # The account of files has two more.
    assert landed.exists()


# --- going back -------------------------------------------------------------------------------


@pytest.fixture
def twice(staffed) -> tuple[Installation, str, str]:
    """Two releases."""
    first = current_release(staffed.warehouse)
    calls(staffed, "04-06", 1)
    second = publish(staffed, days_later=2).id
    assert first is not None
    return staffed, first, second


def test_what_was_rolled_back_does_not_come_back_by_itself(twice):
    installation, first, second = twice
    assert roll_back(installation.warehouse, first, **WHO, now=NIGHT) == first
    assert current_release(installation.warehouse) == first
    assert needs_publishing(installation.warehouse, FactsPlan(installation.warehouse), 30)
    held = publish(installation).held
    assert held is not None
    assert (held.release, held.pinned) == (second, True)
    assert "张三" in held.reasons[0]
    calls(installation, "04-07", 1)
    third = publish(installation)
    assert third.held is not None
    assert third.held.release == third.id != second
    assert current_release(installation.warehouse) == first

    with pytest.raises(HotlineError, match=third.id):
        accept(installation.warehouse, second, **WHO, now=NIGHT)
    accept(installation.warehouse, third.id, **WHO, now=NIGHT)
    assert current_release(installation.warehouse) == third.id
    assert pinned_because(installation.warehouse) is None
    assert not needs_publishing(installation.warehouse, FactsPlan(installation.warehouse), 30)


def test_rolling_back_twice_is_rolling_back_once(twice):
    installation, first, _ = twice
    roll_back(installation.warehouse, first, **WHO, now=NIGHT)
    journal = installation.warehouse.journal.read_bytes()
    roll_back(installation.warehouse, first, **WHO, now=NIGHT)
    assert installation.warehouse.journal.read_bytes() == journal


def test_the_pin_can_be_lifted_without_a_new_release(twice):
    installation, _, second = twice
    roll_back(installation.warehouse, "current", **WHO, now=NIGHT)
    assert pinned_because(installation.warehouse)
    accept(installation.warehouse, "current", **WHO, now=NIGHT)
    assert pinned_because(installation.warehouse) is None
    assert current_release(installation.warehouse) == second
    assert not needs_publishing(installation.warehouse, FactsPlan(installation.warehouse), 30)


def test_nobody_goes_back_to_a_damaged_release_or_without_a_name(twice):
    installation, first, second = twice
    with pytest.raises(HotlineError, match="--by"):
        roll_back(installation.warehouse, first, by=" ", why="x", now=NIGHT)
    (path,) = (installation.warehouse.releases / first).glob("facts/staff/*.parquet")
    path.unlink()
    with pytest.raises(HotlineError, match="不完整"):
        roll_back(installation.warehouse, first, **WHO, now=NIGHT)
    with pytest.raises(HotlineError, match="hotline releases"):
        roll_back(installation.warehouse, "19990101", **WHO, now=NIGHT)
    assert current_release(installation.warehouse) == second
    assert len(entries(installation.warehouse)) == 2


# --- which is meant, what was, what differs -----------------------------------------------------


def test_a_release_is_named_by_its_beginning_or_end(twice):
    installation, first, second = twice
    assert named_release(installation.warehouse, first[:8]) == first
    assert named_release(installation.warehouse, second[-12:]) == second
    assert named_release(installation.warehouse, "current") == second
    with pytest.raises(HotlineError, match="几个"):
        named_release(installation.warehouse, "2023")


def test_what_was_current_on_a_day(twice):
    installation, first, second = twice
    day = NIGHT.date()
    assert as_of(installation.warehouse, day).release == first
    assert as_of(installation.warehouse, day + timedelta(days=1)).release == first
    assert as_of(installation.warehouse, day + timedelta(days=2)).release == second
    with pytest.raises(HotlineError, match="2024-03-01"):
        as_of(installation.warehouse, date(2024, 2, 29))


def test_history_says_what_each_release_changed(twice):
    installation, first, second = twice
    told = switches(installation.warehouse)
    assert [each.entry.release for each in told] == [first, second]
    assert [each.tables for each in told] == [None, 6]
    # calls, seats, data_quality, kpi_monthly, indicators, files
    assert told[1].months == ("2023", "2023-04")
    sweep(installation.warehouse, 1)
    assert [each.kept for each in switches(installation.warehouse)] == [False, True]


def test_the_difference_of_two_releases(twice):
    installation, first, second = twice
    found = list(changes(read(installation, first), read(installation, second)))
    assert Change("calls", "2023-04", "offered", 1, 2) in found
    assert Change("calls", "2023-04", "rows", 1, 2) in found
    assert {each.table for each in found} == {"calls", "seats", "data_quality", "files"}
    kpis = list(kpi_changes(read(installation, first), read(installation, second)))
    assert KpiChange("2023-04", "calls_offered", "1", "2") in kpis
    assert KpiChange("2023-04", "answer_rate", "100.00（1/1）", "100.00（2/2）") in kpis
    assert list(changes(read(installation, first), read(installation, first))) == []


# --- what stays -------------------------------------------------------------------------------


def test_what_something_refers_to_stays(twice):
    installation, first, second = twice
    calls(installation, "04-07", 1)
    third = publish(installation).id
    assert surplus(installation.warehouse, 1) == sorted([first, second])
    ledger = pl.DataFrame({"release": [first]}).select(
        pl.lit(None).cast(column.polars_type).alias(column.name)
        if column.name != "release"
        else pl.col("release")
        for column in reports.columns
    )
    ledger.write_parquet(installation.warehouse.reports_ledger)
    assert sweep(installation.warehouse, 1) == [second]
    installation.warehouse.reports_ledger.unlink()
    roll_back(installation.warehouse, first, **WHO, now=NIGHT)
    calls(installation, "04-08", 1)
    waiting = publish(installation).id
    assert needs_publishing(installation.warehouse, FactsPlan(installation.warehouse), 1)
    assert sweep(installation.warehouse, 1) == [third]
    assert kept_releases(installation.warehouse) == sorted([first, waiting])


# --- mending ----------------------------------------------------------------------------------


def test_a_release_whose_files_rotted_is_written_again(staffed):
    name = current_release(staffed.warehouse)
    assert name is not None
    path = staffed.warehouse.releases / name / "facts/staff/2023-01.parquet"
    original = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"rotten")  # In place: the built file is the same one by another name.
    assert needs_publishing(staffed.warehouse, FactsPlan(staffed.warehouse), 30)
    release = publish(staffed)
    assert (release.id, release.new) == (name, False)
    assert path.read_bytes() == original
    assert not needs_publishing(staffed.warehouse, FactsPlan(staffed.warehouse), 30)
    assert len(entries(staffed.warehouse)) == 1


def test_a_rotten_built_file_does_not_reach_the_key_figures(staffed):
    (rotten,) = staffed.warehouse.built("staff").glob("2023-01.*.parquet")
    rotten.unlink()
    other = next(staffed.warehouse.built("staff").parent.glob("calls/*.parquet"))
    rotten.write_bytes(other.read_bytes())
    deliver(staffed, "tickets_20230105.csv", [row("tickets")])
    assert publish(staffed).new
    fresh = publish(staffed)
    assert all(each.passed for each in fresh.verdicts)
