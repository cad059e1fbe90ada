"""What waits for a person, and what a person decides."""

import pytest

from assets.core.errors import HotlineError
from assets.facts import FactsPlan
from assets.releases.approval import accept, pending_approval, pinned_because, roll_back
from assets.releases.history import journal_entries
from assets.releases.package import (
    current_release,
    is_sound,
)
from assets.releases.publish import (
    needs_publishing,
)
from tests.driver import (
    NIGHT,
    change,
    deliver,
)
from tests.releases.cases import (
    WHO,
    agents,
    calls,
    publish_as_at_night,
)
from tests.samples import row

# --- what waits -------------------------------------------------------------------------------


def test_a_complete_past_month_that_moves_too_far_waits_for_a_person(staffed):
    first = current_release(staffed.warehouse)
    deliver(staffed, "staff_202301_r1.csv", agents(20))
    waiting = publish_as_at_night(staffed)
    assert waiting.held is not None
    assert waiting.held.reasons == (
        "2023-01 staff.on_duty 由 10 变为 20（变动 100.0%，上限 5%）",
        "2023-01 staff.assessed 由 10 变为 20（变动 100.0%，上限 5%）",
        "2023-01 staff.passed 由 10 变为 20（变动 100.0%，上限 5%）",
    )
    assert current_release(staffed.warehouse) == first
    assert len(journal_entries(staffed.warehouse)) == 1
    assert is_sound(staffed.warehouse.releases / waiting.id)
    sentence = waiting.held.sentence(first)
    assert f"hotline diff current {waiting.id}" in sentence
    assert f"hotline accept {waiting.id} --by" in sentence
    again = publish_as_at_night(staffed)
    assert (again.id, again.held, again.new) == (waiting.id, waiting.held, False)

    assert accept(staffed.warehouse, waiting.id, **WHO, now=NIGHT) == waiting.id
    assert current_release(staffed.warehouse) == waiting.id
    assert pending_approval(staffed.warehouse) is None
    last = journal_entries(staffed.warehouse)[-1]
    assert (last.by, last.why, last.pinned) == ("张三", "数据有误", False)
    assert publish_as_at_night(staffed).held is None


@pytest.mark.parametrize(
    ("limit", "count", "waits"),
    [(1.0, 20, False), (0.9, 20, True), (0.1, 11, False), (0, 11, True)],
)
def test_the_share_is_settable(staffed, limit, count, waits):
    change(staffed, warn_change=limit)
    deliver(staffed, "staff_202301_r1.csv", agents(count))
    assert (publish_as_at_night(staffed).held is not None) == waits


def test_a_month_that_is_not_complete_or_not_over_may_move(staffed):
    calls(staffed, "04-06", *range(50))
    deliver(staffed, "calls_20230405_2.csv", [row("calls", call_id=str(n)) for n in range(50)])
    deliver(staffed, "staff_202304.csv", [row("staff", month="2023-04")])
    release = publish_as_at_night(staffed)
    assert (release.held, release.new) == (None, True)


def test_a_release_that_is_not_called_for_any_more_does_not_wait(staffed):
    first = current_release(staffed.warehouse)
    landed = deliver(staffed, "staff_202301_r1.csv", agents(20))
    assert publish_as_at_night(staffed).held
    deliver(staffed, "staff_202301_r2.csv", agents(10))
    change(staffed, warn_change=10)
    back = publish_as_at_night(staffed)
    assert back.held is None
    assert pending_approval(staffed.warehouse) is None
    assert back.id != first  # The account of files has two more.
    assert landed.exists()


# --- going back -------------------------------------------------------------------------------


def test_what_was_rolled_back_does_not_come_back_by_itself(twice):
    installation, first, second = twice
    assert roll_back(installation.warehouse, first, **WHO, now=NIGHT) == first
    assert current_release(installation.warehouse) == first
    assert needs_publishing(installation.warehouse, FactsPlan(installation), 30)
    held = publish_as_at_night(installation).held
    assert held is not None
    assert (held.release, held.pinned) == (second, True)
    assert "张三" in held.reasons[0]
    calls(installation, "04-07", 1)
    third = publish_as_at_night(installation)
    assert third.held is not None
    assert third.held.release == third.id != second
    assert current_release(installation.warehouse) == first

    with pytest.raises(HotlineError, match=third.id):
        accept(installation.warehouse, second, **WHO, now=NIGHT)
    accept(installation.warehouse, third.id, **WHO, now=NIGHT)
    assert current_release(installation.warehouse) == third.id
    assert pinned_because(installation.warehouse) is None
    assert not needs_publishing(installation.warehouse, FactsPlan(installation), 30)


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
    assert not needs_publishing(installation.warehouse, FactsPlan(installation), 30)


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
    assert len(journal_entries(installation.warehouse)) == 2
