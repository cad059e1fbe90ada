"""What was current when, and what each switch changed."""

from datetime import date, datetime, timedelta

import pytest

from assets.core.errors import HotlineError
from assets.releases.history import Entry, append, as_of, journal_entries, switches
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
    assert [each.tables for each in told] == [None, 6]
    # calls, seats, data_quality, kpi_monthly, indicators, files
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


def test_the_journal_survives_a_torn_last_line(installation):
    installation.root.mkdir()
    first, second = Entry("r1", "t", "run", "c"), Entry("r2", "t", "run", "c")
    append(installation.warehouse, first)
    whole = installation.warehouse.journal.read_bytes()
    for cut in range(1, len(whole)):
        installation.warehouse.journal.write_bytes(whole + whole[:cut].strip())
        append(installation.warehouse, second)
        assert journal_entries(installation.warehouse)[0] == first
        assert journal_entries(installation.warehouse)[-1] == second
        assert len(journal_entries(installation.warehouse)) in (2, 3)


def test_the_journal_survives_a_line_torn_within_a_character(installation):
    installation.root.mkdir()
    entry = Entry("r1", "t", "回退", "c")
    append(installation.warehouse, entry)
    whole = installation.warehouse.journal.read_bytes()
    torn = whole[: whole.index("退".encode()) + 1]
    installation.warehouse.journal.write_bytes(whole + torn)
    assert journal_entries(installation.warehouse) == [entry]
