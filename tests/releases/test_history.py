"""What was current when, and what each switch changed."""

from datetime import date, datetime, timedelta

import pytest

from assets.core.errors import HotlineError
from assets.core.files import point_symlink
from assets.core.journal import DamagedRecord
from assets.releases import history
from assets.releases.approval import accept, roll_back
from assets.releases.history import (
    as_of,
    check_current,
    is_switched,
    journal_entries,
    latest,
    switch,
    switches,
)
from assets.releases.package import linked_release
from assets.releases.publish import (
    remove_old_releases,
)
from tests.driver import (
    NIGHT,
    bring_up_to_date,
    deliver,
)
from tests.releases.cases import (
    call,
)


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
    assert [each.tables for each in told] == [None, 7]
    # calls, seats, data_quality, kpi_monthly, indicators, files, expectations
    assert told[1].months == ("2023", "2023-04")
    remove_old_releases(installation.warehouse, 1)
    assert [each.kept for each in switches(installation.warehouse)] == [False, True]


def test_the_journal_tells_every_switch(installation):
    deliver(installation, "calls_20230105.csv", [call(1)])
    first = bring_up_to_date(installation)
    deliver(installation, "calls_20230106.csv", [call(1, "2023-01-06")])
    second = bring_up_to_date(installation)
    told = journal_entries(installation.warehouse)
    assert [each.release for each in told] == [first.id, second.id]
    assert [each.cutoff[:10] for each in told] == ["2023-01-06", "2023-01-07"]
    assert [datetime.fromisoformat(each.at) for each in told] == [NIGHT, NIGHT]
    assert {each.why for each in told} == {"test"}


@pytest.mark.parametrize("at", ["before the link moved", "after"])
def test_a_switch_that_a_crash_interrupted_is_finished(twice, monkeypatch, at):
    installation, first, second = twice
    warehouse = installation.warehouse

    def die(*_: object) -> None:
        if at == "after":
            point_symlink(warehouse.current, f"releases/{first}")
        raise KeyboardInterrupt

    monkeypatch.setattr(history, "_point", die)
    with pytest.raises(KeyboardInterrupt):
        switch(warehouse, first, cutoff="c", now=NIGHT, why="x", by="y", pinned=True)
    monkeypatch.undo()
    assert not is_switched(warehouse)
    check_current(warehouse)
    assert is_switched(warehouse)
    assert [each.release for each in journal_entries(warehouse)] == [first, second, first]
    assert linked_release(warehouse) == first


def test_a_link_that_was_removed_is_set_again(twice):
    installation, _, second = twice
    installation.warehouse.current.unlink()
    check_current(installation.warehouse)
    assert linked_release(installation.warehouse) == second


def test_a_link_that_others_changed_stops_the_night_until_a_person_decides(twice):
    installation, first, second = twice
    warehouse = installation.warehouse
    point_symlink(warehouse.current, f"releases/{first}")
    with pytest.raises(HotlineError, match=f"{first}.*{second}.*hotline rollback"):
        bring_up_to_date(installation)
    assert linked_release(warehouse) == first
    accept(warehouse, "current", by="张三", why="核对过", now=NIGHT)
    check_current(warehouse)
    assert latest(warehouse).release == first


def test_a_journal_that_is_gone_stops_the_night(twice):
    installation, first, _ = twice
    warehouse = installation.warehouse
    roll_back(warehouse, first, by="张三", why="有误", now=NIGHT)
    warehouse.journal.unlink()
    with pytest.raises(DamagedRecord, match="从备份恢复"):
        bring_up_to_date(installation)
    (warehouse.root / "heads" / "releases.json").unlink()
    with pytest.raises(HotlineError, match="不一致"):
        bring_up_to_date(installation)
    assert linked_release(warehouse) == first
