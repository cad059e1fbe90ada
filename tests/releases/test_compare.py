"""Which past months a new release moves too far, at each threshold and on both sides of it."""

import hashlib
import json

import polars as pl
import pytest

from assets.releases.compare import Change, changes, large_changes
from assets.releases.package import Release
from schemas import PUBLISHED
from tests.releases.cases import read

CALLS = {"offered": 100, "answered": 90, "hung_up": 10}


@pytest.fixture
def release(tmp_path):
    """Makes a release folder: (table, month) -> totals; months of the account count as whole."""
    made = 0

    def make(
        cutoff: str,
        tables: dict[tuple[str, str], dict[str, int]],
        *,
        expected: int = 1,
        rows: int = 1,
    ) -> Release:
        nonlocal made
        made += 1
        folder = tmp_path / f"r{made}"
        resources = []

        def write(table: str, month: str, content: pl.DataFrame) -> None:
            path = folder / f"{table}-{month}.parquet"
            path.parent.mkdir(exist_ok=True)
            content.write_parquet(path)
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            resources.append(
                {"table": table, "month": month, "path": path.name, "hash": f"sha256:{sha256}"}
            )

        for (table, month), totals in tables.items():
            assert totals.keys() <= set(PUBLISHED[table].measures)
            empty = pl.DataFrame(
                {name: [0] * (rows - 1) for name in totals}, dict.fromkeys(totals, pl.Int64)
            )
            write(table, month, pl.concat([pl.DataFrame(totals), empty]))
        for month in {month for _, month in tables}:
            own = [table for table, other in tables if other == month]
            account = {"dataset": own, "periods_present": 1, "periods_expected": expected}
            write("data_quality", month, pl.DataFrame(account))
        descriptor = {"cutoff": f"{cutoff}T00:00:00+08:00", "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return Release.open(folder)

    return make


def moved(release, cutoff: str, key: tuple[str, str], old: dict, new: dict, limit=0.05, **options):
    """Measures that move too far between two releases."""
    before = release(cutoff, {key: old}, **options)
    found = large_changes(before, release(cutoff, {key: new}), limit)
    assert all(each.startswith(f"{key[1]} {key[0]}.") for each in found)
    return [each.split()[1].partition(".")[2] for each in found]


def test_a_past_december_moves(release):
    key = ("calls", "2022-12")
    for cutoff, expected in (("2022-12-31", []), ("2023-01-01", ["offered"])):
        assert moved(release, cutoff, key, {"offered": 100}, {"offered": 200}) == expected


def test_other_measures_may_move_for_two_months_and_the_volume_may_not(release):
    key, old = ("calls", "2023-01"), {"offered": 100, "answered": 90}
    for cutoff, expected in (("2023-04-03", ["offered"]), ("2023-04-04", ["offered", "answered"])):
        new = {"offered": 200, "answered": 180}
        assert moved(release, cutoff, key, old, new) == expected
        only_answered = [name for name in expected if name == "answered"]
        assert moved(release, cutoff, key, old, old | {"answered": 80}) == only_answered


def test_a_running_or_incomplete_month_moves_by_itself(release):
    key, old, new = ("calls", "2023-01"), {"offered": 100}, {"offered": 200}
    assert moved(release, "2023-01-31", key, old, new) == []
    assert moved(release, "2023-06-01", key, old, new, expected=31) == []
    assert moved(release, "2023-06-01", key, old, new) == ["offered"]


def test_the_limit_itself_is_no_alarm(release):
    key = ("calls", "2023-01")
    for offered, expected in ((105, []), (95, []), (106, ["offered"]), (94, ["offered"])):
        assert moved(release, "2023-06-01", key, {"offered": 100}, {"offered": offered}) == expected


def test_a_small_measure_is_held_against_the_volume(release):
    key, old = ("tickets", "2023-01"), {"accepted": 100, "returned_tickets": 2}
    assert moved(release, "2023-06-01", key, old, old | {"returned_tickets": 7}) == []
    assert moved(release, "2023-06-01", key, old, old | {"returned_tickets": 8}) == [
        "returned_tickets"
    ]


def test_each_measure_is_watched_by_itself(release):
    key = ("calls", "2023-01")
    for name, total in CALLS.items():
        assert moved(release, "2023-06-01", key, CALLS, CALLS | {name: total + 6}) == [name]


def test_other_rows_with_the_same_totals_are_no_move(release):
    key, same = ("calls", "2023-01"), {"offered": 100}
    assert moved(release, "2023-06-01", key, same, same, rows=3) == []


def test_the_difference_of_two_releases(twice):
    installation, first, second = twice
    found = list(changes(read(installation, first), read(installation, second)))
    assert Change("calls", "2023-04", "offered", 1, 2) in found
    assert Change("calls", "2023-04", "rows", 1, 2) in found
    assert {each.table for each in found} == {
        "calls",
        "seats",
        "data_quality",
        "files",
        "kpi_monthly",
    }
    kpi = ("kpi_monthly", "2023-04")
    assert Change(*kpi, "calls_offered", "1", "2") in found
    assert Change(*kpi, "answer_rate", "100.00（1/1）", "100.00（2/2）") in found
    assert list(changes(read(installation, first), read(installation, first))) == []
