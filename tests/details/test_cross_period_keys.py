"""Keys that a correction moved into another period are found, whatever was searched before."""

import polars as pl

from assets.details.cross_period_keys import find_cross_period_keys, read_cross_period_keys
from assets.details.rows import live_files
from schemas import EXPORTS
from tests.driver import bring_up_to_date, build_details, build_facts, deliver
from tests.samples import row

CALLS = EXPORTS["calls"]
MUCH = 1 << 30  # Bytes: all keys are searched for at once.


def test_keys_are_the_same_whether_found_night_by_night_or_at_once(filled):
    files = live_files(filled.warehouse, "calls")
    at_once = find_cross_period_keys(filled.warehouse, CALLS, files, MUCH)
    assert sorted(at_once.keys.rows()) == [("c070", "2023-01"), ("c070", "2023-02")]
    assert find_cross_period_keys(filled.warehouse, CALLS, files, 400).keys.equals(at_once.keys)


def test_keys_whose_hashes_are_equal_are_told_apart(filled, monkeypatch):
    files = live_files(filled.warehouse, "calls")
    right = find_cross_period_keys(filled.warehouse, CALLS, files, MUCH).keys
    monkeypatch.setattr(pl.Expr, "hash", lambda value: value.is_null().cast(pl.UInt64))
    assert find_cross_period_keys(filled.warehouse, CALLS, files, MUCH).keys.equals(right)


def test_only_new_batches_are_searched(installation, monkeypatch):
    first = [row("calls", call_id=each) for each in ("a", "b")]
    deliver(installation, "calls_20230105.csv", first)
    bring_up_to_date(installation)
    known = read_cross_period_keys(installation.warehouse, CALLS)
    assert (known.keys.height, len(known.batches)) == (0, 1)

    later = {"answered_at": "2023-02-01 08:00:05", "ended_at": "2023-02-01 08:01:00"}
    moved = row("calls", call_id="a", offered_at="2023-02-01 08:00:00", **later)
    deliver(installation, "calls_20230201.csv", [moved])
    bring_up_to_date(installation)
    known = read_cross_period_keys(installation.warehouse, CALLS)
    assert sorted(known.keys.rows()) == [("a", "2023-01"), ("a", "2023-02")]
    # Nothing is new: not a row is read.
    monkeypatch.setattr(pl, "scan_parquet", None)
    files = live_files(installation.warehouse, "calls")
    assert find_cross_period_keys(installation.warehouse, CALLS, files, MUCH).keys.equals(
        known.keys
    )


def test_a_lost_or_damaged_record_is_made_again(filled):
    build_details(filled)
    path = filled.warehouse.moved("calls")
    before = read_cross_period_keys(filled.warehouse, CALLS)
    assert before.keys.height == 2
    for damage in (b"", b"PAR1 nothing", None):
        path.unlink() if damage is None else path.write_bytes(damage)
        files = live_files(filled.warehouse, "calls")
        found = find_cross_period_keys(filled.warehouse, CALLS, files, MUCH)
        assert found.keys.equals(before.keys)
    build_facts(filled)
