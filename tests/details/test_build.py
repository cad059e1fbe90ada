"""Rows worked on range by range: the same details and facts, however little memory there is."""

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core.memory import passes
from assets.details.build import DetailsPlan, key_ranges
from assets.details.rows import META
from assets.facts import FROM_DETAILS, FactsPlan
from schemas import EXPORTS
from tests.driver import build_details

CALLS = EXPORTS["calls"]
LITTLE = 4_000  # Bytes: a range holds a few rows.


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
    facts = FactsPlan(installation)
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
