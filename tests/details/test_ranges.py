"""Rows worked on range by range: the same details and facts, however little memory there is."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core.memory import passes, shares
from assets.details.build import DetailsPlan
from assets.details.moved import find_moved, read_moved
from assets.details.ranges import key_ranges
from assets.details.staged import live_files
from assets.details.store import META
from assets.facts.build import FROM_DETAILS, FactsPlan
from schemas import EXPORTS
from tests.driver import bring_up_to_date, build_details, build_facts, deliver, take_all
from tests.samples import row

CALLS, TICKETS = EXPORTS["calls"], EXPORTS["tickets"]
LITTLE = 4_000  # Bytes: a range holds a few rows.


@pytest.fixture
def filled(installation):
    """Two months with versions, repetitions, a moved call, a changed acceptance, callbacks."""
    before: list[dict[str, str]] = []
    for number in range(1, 41):
        day = date(2023, 1, 11) + timedelta(days=number)
        calls, tickets = [], []
        for n in range(3):
            moment = f"{day} 0{n + 7}:05"
            calls.append(
                row(
                    "calls",
                    call_id=f"c{number * 7 % 41:02d}{n}",
                    caller=f"1380013{number % 5}{n:03d}",
                    offered_at=f"{moment}:00",
                    answered_at=f"{moment}:05",
                    ended_at=f"{moment}:50",
                )
            )
            tickets.append(
                row(
                    "tickets",
                    ticket_id=f"t{number * 7 % 41:02d}{n}",
                    call_id=f"c{number * 7 % 41:02d}{n}",
                    accepted_at=f"{moment}:00",
                    dispatched_at=f"{moment}:10",
                    updated_at=f"{moment}:10",
                )
            )
        if before:  # Each day brings one ticket of the day before again, and changes another.
            tickets += [before[0], before[1] | {"status": "退回", "updated_at": f"{day} 23:00:00"}]
        before = tickets[:3]
        deliver(installation, f"calls_{day:%Y%m%d}.csv", calls)
        deliver(installation, f"tickets_{day:%Y%m%d}.csv", tickets)
        deliver(
            installation,
            f"callbacks_{day:%Y%m%d}.csv",
            [
                row(
                    "callbacks",
                    callback_id=f"b{number}",
                    ticket_id=tickets[0]["ticket_id"],
                    called_at=f"{day} 15:00:00",
                )
            ],
        )
    moved = {"offered_at": "2023-02-03 07:00:00", "answered_at": "2023-02-03 07:00:04"}
    deliver(
        installation,
        "calls_20230301.csv",
        [row("calls", call_id="c070", ended_at="2023-02-03 07:01:00", **moved)],
    )
    deliver(
        installation,
        "tickets_20230301.csv",
        [
            row(
                "tickets",
                ticket_id="t070",
                accepted_at="2023-02-03 07:00:00",
                dispatched_at="2023-02-03 07:10:00",
                updated_at="2023-02-03 07:10:00",
            )
        ],
    )
    take_all(installation)
    return installation


def built(installation, memory):
    """What is built from the staged rows: rows and footers of details, SHA-256 of facts."""
    details = {}
    for name in ("calls", "tickets", "callbacks"):
        plan = DetailsPlan(installation.warehouse, name, installation.deadlines, memory=memory)
        for period in plan.periods:
            plan.build(period)
            path = installation.warehouse.details(name) / f"{period}.parquet"
            account = json.loads(pl.read_parquet_metadata(path)[META])
            details[name, period] = (pl.read_parquet(path).to_dicts(), account)
    facts = FactsPlan(installation.warehouse)
    digests = {
        (table, month): facts.build(table, month).sha256
        for table in FROM_DETAILS
        for month in facts.months(table)
    }
    return details, digests


def test_details_and_facts_do_not_depend_on_the_number_of_ranges(filled):
    build_details(filled)
    whole, parts = built(filled, 1 << 30), built(filled, LITTLE)
    assert parts == whole
    details, digests = whole
    fates = [account["fates"] for _, account in details.values()]
    assert {each for own in fates for counts in own.values() for each in counts} == {
        "accepted",
        "duplicate",
        "superseded",
        "quarantined",
    }
    assert {table for table, _ in digests} == set(FROM_DETAILS) - {"quality", "knowledge", "staff"}


keys = st.lists(st.text("ab0一\n ", max_size=4), min_size=1, max_size=40)


@settings(max_examples=60)
@given(keys=keys, count=st.integers(1, 50))
def test_every_row_lies_in_one_range_and_the_ranges_are_in_order(keys, count):
    rows = pl.LazyFrame({"call_id": keys}, schema={"call_id": pl.String})
    ranges = key_ranges(rows, CALLS, count)
    parts = [rows.filter(part).collect()["call_id"].sort().to_list() for part in ranges]
    assert [key for part in parts for key in part] == sorted(keys, key=str.encode)
    assert sum(len(set(part)) for part in parts) == len(set(keys))
    assert len(ranges) <= count
    if count >= len(set(keys)):
        assert sum(map(bool, parts)) == len(set(keys))


def test_the_number_of_parts_follows_from_what_the_files_state(tmp_path):
    paths = [tmp_path / f"{n}.parquet" for n in range(2)]
    for path in paths:
        numbers = range(1000)
        columns = {"a": [f"{n:0100d}" for n in numbers], "b": [f"{n:01000d}" for n in numbers]}
        pl.DataFrame(columns).write_parquet(path)
    narrow = 2 * 1000 * (100 + 16)
    assert passes(paths, ["a"], 4 * narrow * 2) == 1
    assert 9 <= passes(paths, ["a"], 4 * narrow // 10) <= 12
    assert 90 <= passes(paths, ["a", "b"], 4 * narrow // 10) <= 120
    assert [shares(paths, memory) for memory in (64_000, 63_999, 6_400)] == [1, 2, 10]


def test_moved_keys_are_the_same_whether_found_night_by_night_or_at_once(filled):
    files = live_files(filled.warehouse, "calls")
    at_once = find_moved(filled.warehouse, CALLS, files, 1 << 30)
    assert sorted(at_once.keys.rows()) == [("c070", "2023-01"), ("c070", "2023-02")]
    assert find_moved(filled.warehouse, CALLS, files, LITTLE // 50).keys.equals(at_once.keys)


def test_keys_whose_numbers_are_the_same_are_told_apart(filled, monkeypatch):
    files = live_files(filled.warehouse, "calls")
    right = find_moved(filled.warehouse, CALLS, files, 1 << 30).keys
    monkeypatch.setattr(pl.Expr, "hash", lambda value: value.is_null().cast(pl.UInt64))
    assert find_moved(filled.warehouse, CALLS, files, 1 << 30).keys.equals(right)


def test_only_new_batches_are_looked_through_for_moved_keys(installation, monkeypatch):
    first = [row("calls", call_id=each) for each in ("a", "b")]
    deliver(installation, "calls_20230105.csv", first)
    bring_up_to_date(installation)
    known = read_moved(installation.warehouse, CALLS)
    assert (known.keys.height, len(known.batches)) == (0, 1)

    later = {"answered_at": "2023-02-01 08:00:05", "ended_at": "2023-02-01 08:01:00"}
    moved = row("calls", call_id="a", offered_at="2023-02-01 08:00:00", **later)
    deliver(installation, "calls_20230201.csv", [moved])
    bring_up_to_date(installation)
    known = read_moved(installation.warehouse, CALLS)
    assert sorted(known.keys.rows()) == [("a", "2023-01"), ("a", "2023-02")]
    # Nothing is new: not a row is read.
    monkeypatch.setattr(pl, "scan_parquet", None)
    files = live_files(installation.warehouse, "calls")
    assert find_moved(installation.warehouse, CALLS, files, 1 << 30).keys.equals(known.keys)


def test_a_lost_or_damaged_record_of_moved_keys_is_made_again(filled):
    build_details(filled)
    path = filled.warehouse.moved("calls")
    before = read_moved(filled.warehouse, CALLS)
    assert before.keys.height == 2
    for damage in (b"", b"PAR1 nothing", None):
        path.unlink() if damage is None else path.write_bytes(damage)
        files = live_files(filled.warehouse, "calls")
        found = find_moved(filled.warehouse, CALLS, files, 1 << 30)
        assert found.keys.equals(before.keys)
    build_facts(filled)
