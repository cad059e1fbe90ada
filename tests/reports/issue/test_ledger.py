"""The ledger: its declared columns, what is in time, late and backfilled, and running numbers."""

from datetime import date, datetime, timedelta

import polars as pl
import pyarrow.parquet as pq
import pytest

from assets.core.errors import HotlineError
from assets.core.files import TEMPORARY
from assets.core.report_ledger import read_reports, releases_referred_to
from assets.core.warehouse import Warehouse
from assets.reports.content.periods import containing, due_date, period_of
from assets.reports.issue.ledger import Ledger
from assets.reports.issue.numbering import is_reported, number
from assets.reports.issue.timeliness import due_moment, timeliness
from schemas.reports import KINDS, reports
from schemas.table import arrow_schema
from tests.driver import bring_up_to_date, make_installation
from tests.reports.office import ZONE, Office, deliver_calls, issue, moment, released

START = date(2023, 1, 1)


# --- the file -----------------------------------------------------------------------------------


def test_the_file_has_the_declared_columns(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    path = installation.warehouse.reports_ledger
    assert pq.read_schema(path).equals(arrow_schema(reports), check_metadata=True)
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(TEMPORARY)] == []


def test_no_ledger_is_an_empty_one(tmp_path):
    warehouse = Warehouse(tmp_path)
    assert read_reports(warehouse).columns == [column.name for column in reports.columns]
    assert releases_referred_to(warehouse) == set()
    assert Ledger(warehouse).last("daily", "2024-01-03") is None


def test_every_release_of_every_revision_is_referred_to(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    first = installation.warehouse.current.readlink().name
    deliver_calls(installation, date(2024, 1, 3), date(2024, 1, 3), calls=5, suffix="_r1")
    bring_up_to_date(installation)
    second = installation.warehouse.current.readlink().name
    assert releases_referred_to(installation.warehouse) == {first}
    office = Office()
    office.calls = 5
    issue(installation, "daily", "2024-01-03", office)
    assert releases_referred_to(installation.warehouse) == {first, second}


def test_a_damaged_ledger_is_one_sentence(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    path = installation.warehouse.reports_ledger
    for content in (b"", path.read_bytes()[:-20], b"not parquet at all"):
        path.write_bytes(content)
        with pytest.raises(HotlineError, match="请从备份恢复"):
            Ledger(installation.warehouse)
        with pytest.raises(HotlineError, match="请从备份恢复"):
            releases_referred_to(installation.warehouse)


# --- in time, late, backfilled ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "until"),
    [
        ("daily", "2024-02-29", "2024-03-01 09:00"),
        ("weekly", "2024-02-19", "2024-02-29 00:00"),
        ("monthly", "2024-02", "2024-03-06 00:00"),
        ("annual", "2023", "2024-02-01 00:00"),
    ],
)
def test_the_due_moment_belongs_to_in_time(kind, key, until):
    due = due_date(kind, period_of(kind, key))
    last = moment(until)
    assert due_moment(kind, due) == last
    judged = [
        timeliness(kind, due, at, backfilled_after_days=31)
        for at in (
            last,
            last + timedelta(seconds=1),
            last + timedelta(days=31),
            last + timedelta(days=31, seconds=1),
        )
    ]
    assert [(each.in_time, each.backfilled) for each in judged] == [
        (True, False), (False, False), (False, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "state"),
    [("2024-01-04 08:59", "按时"), ("2024-01-04 09:01", "迟发"), ("2024-02-09 02:00", "补发")],
)
def test_the_ledger_says_which_it_was(tmp_path, now, state):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now=now)
    done = issue(installation, "daily", "2024-01-03")
    assert done.entry.state == state
    assert done.stamp.backfilled is (state == "补发")
    assert (done.entry.in_time, done.entry.backfilled) == (state == "按时", state == "补发")


def test_a_clock_elsewhere_is_the_same_moment(tmp_path):
    installation = make_installation(tmp_path)
    utc = datetime.fromisoformat("2024-01-04T00:59:00+00:00")
    assert timeliness("daily", date(2024, 1, 4), utc, backfilled_after_days=31).in_time
    assert installation.now().tzinfo == ZONE


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "first", "expected"),
    [
        ("daily", "2023-01-01", START, 1),
        ("daily", "2023-12-31", START, 365),
        ("daily", "2024-01-01", START, 1),
        ("daily", "2024-12-31", START, 366),
        ("daily", "2023-05-23", date(2023, 5, 23), 1),
        ("daily", "2023-12-31", date(2023, 5, 23), 223),
        ("daily", "2024-01-02", date(2023, 5, 23), 2),
        ("weekly", "2023-01-02", START, 1),
        ("weekly", "2023-05-22", date(2023, 5, 22), 1),
        ("weekly", "2023-05-29", date(2023, 5, 23), 1),
        # The week over New Year belongs to the year that it begins in.
        ("weekly", "2023-12-25", START, 52),
        ("weekly", "2024-01-01", START, 1),
        ("weekly", "2024-12-30", START, 53),
        ("weekly", "2025-01-06", START, 1),
        ("monthly", "2023-01", START, 1),
        ("monthly", "2023-12", START, 12),
        ("monthly", "2024-01", START, 1),
        ("monthly", "2023-07", date(2023, 5, 23), 3),
        ("annual", "2023", START, 1),
        ("annual", "2024", START, 1),
    ],
)
def test_numbers_restart_each_year(kind, key, first, expected):
    assert number(period_of(kind, key), first) == expected


def test_weeks_may_start_on_sunday():
    assert [number(period_of("weekly", key, 6), START) for key in ("2023-01-01", "2023-12-31")] == [
        1, 53,
    ]  # fmt: skip
    assert number(period_of("weekly", "2024-01-07", 6), START) == 1
    with pytest.raises(HotlineError, match="2023-01-01"):
        period_of("weekly", "2023-01-02", 6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("week_start", [0, 6])
def test_numbers_of_a_year_are_one_to_n_without_gaps(kind, week_start):
    first = date(2023, 3, 15)
    seen: dict[int, list[int]] = {}
    periods = {
        each.key: each
        for offset in range(1200)
        for each in [containing(kind, first + timedelta(days=offset), week_start)]
        if is_reported(kind, each.first, each.last, first)
    }
    for each in periods.values():
        seen.setdefault(each.first.year, []).append(number(each, first))
    assert set(seen) == {2023, 2024, 2025, 2026}
    for numbers in seen.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_rows_are_sorted_whatever_the_order_of_entering(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 8), now="2024-01-09 02:00")
    for key in ("2024-01-07", "2024-01-03", "2024-01-05"):
        issue(installation, "daily", key)
    issue(installation, "weekly", "2024-01-01")
    rows = read_reports(installation.warehouse).select("kind", "period", "number")
    assert rows.rows() == [
        ("daily", "2024-01-03", 3), ("daily", "2024-01-05", 5), ("daily", "2024-01-07", 7),
        ("weekly", "2024-01-01", 1),
    ]  # fmt: skip
    assert (
        read_reports(installation.warehouse).filter(pl.col("path").str.starts_with("/")).is_empty()
    )
