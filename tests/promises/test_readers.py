"""Readers of a release: the snippets of docs/facts.md as they stand, and one release at a time."""

import json
import os
import re
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from assets.installation.installation import Installation
from assets.releases.publish import remove_old_releases
from tests.driver import bring_up_to_date, deliver
from tests.samples import row

PAGE = Path(__file__).parents[2] / "docs" / "facts.md"


def snippets() -> dict[str, str]:
    """The Python snippets of "Read the facts", by the variable that holds their result."""
    section = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL)
    results = ("calls", "units", "complete", "year")
    named = {
        name: code
        for code in found
        for name in results
        if re.search(rf"^{name} = ", code, flags=re.MULTILINE)
    }
    assert len(named) == len(found) == len(results)
    return named


def call(number: int, day: str, *, answered: bool = True) -> dict[str, Any]:
    return row(
        "calls",
        call_id=str(number),
        outcome="接通" if answered else "用户挂断",
        offered_at=f"{day} 08:00:00",
        answered_at=f"{day} 08:00:10" if answered else "",
        ended_at=f"{day} 08:01:00",
    )


def ticket(number: int, **changes: str) -> dict[str, Any]:
    return row("tickets", ticket_id=f"HZ{number}", **changes)


CLOSED = {"status": "已办结", "updated_at": "2023-01-13 09:00:00"}
DIRECT = {"handling": "直接答复", "unit": "", "dispatched_at": ""}


@pytest.fixture
def released(installation) -> Installation:
    """A release of three calls in January, two in February, and four tickets."""
    calls = [call(1, "2023-01-05"), call(2, "2023-01-05"), call(3, "2023-01-05", answered=False)]
    deliver(installation, "calls_20230105.csv", calls)
    deliver(installation, "calls_20230201.csv", [call(n, "2023-02-01") for n in (4, 5)])
    tickets = [
        ticket(1),
        ticket(2, closed_at="2023-01-12 23:59:59", **CLOSED),
        ticket(3, closed_at="2023-01-13 00:00:00", **CLOSED),
        ticket(4, closed_at="2023-01-05 08:06:00", **DIRECT | CLOSED),
    ]
    deliver(installation, "tickets_20230113.csv", tickets)
    bring_up_to_date(installation)
    return installation


@pytest.fixture
def run(released, tmp_path, monkeypatch):
    """Run a snippet in a folder whose warehouse is the installation's."""
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "warehouse").symlink_to(released.root)
    monkeypatch.chdir(folder)

    def execute(name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        exec(snippets()[name], found)
        return found

    return execute


def test_duckdb_snippet(run):
    assert run("calls")["calls"] == [("2023-01", 2, 3), ("2023-02", 2, 2)]


def test_pandas_snippet(run):
    found = run("year")
    assert found["year"] == pytest.approx(80)
    rates = found["rates"].sort_values("month")
    assert rates["display"].tolist() == ["66.67", "100.00"]
    assert rates["numerator"].tolist() == [2, 2]
    assert rates["denominator"].tolist() == [3, 2]


def test_polars_snippet(run):
    assert run("units")["units"].rows() == [(None, 1, 1, 1), ("市水务局", 3, 2, 1)]


def test_cutoff_snippet(run):
    found = run("complete")
    assert found["cutoff"] == "2023-02-02T00:00:00+08:00"
    assert found["complete"].sort("month").rows() == [("2023-01", False), ("2023-02", False)]


def test_every_snippet_resolves_current_once():
    for code in snippets().values():
        assert code.count("current") == 1
        assert 'release = os.path.realpath("data/warehouse/current")' in code


def test_three_readers_see_the_same_of_every_file(released):
    release = os.path.realpath(released.warehouse.current)
    described = json.loads(Path(release, "datapackage.json").read_text(encoding="utf-8"))
    assert len(described["resources"]) == 15
    for resource in described["resources"]:
        path = f"{release}/{resource['path']}"
        names = [field["name"] for field in resource["schema"]["fields"]]
        expected = (names, resource["rows"])
        polars = pl.read_parquet(path)
        pandas = pd.read_parquet(path)
        duck = duckdb.sql(f"SELECT * FROM '{path}'")
        assert (polars.columns, polars.height) == expected
        assert (pandas.columns.tolist(), len(pandas)) == expected
        assert (duck.columns, len(duck)) == expected


def offered(release: str) -> int:
    rows = pl.read_parquet(f"{release}/facts/calls/*.parquet")
    return int(rows.select(pl.col("offered").sum() + pl.col("excluded_test").sum()).item())


def accounted(release: str) -> int:
    rows = pl.read_parquet(f"{release}/files.parquet").filter(dataset="calls")
    return int(rows["accepted"].sum())


def test_a_reader_that_resolved_current_reads_one_release(released):
    """What it opened before a publication fits what it opens afterwards, as long as it is kept."""
    opened = os.path.realpath(released.warehouse.current)
    first = offered(opened)
    assert first == 5
    deliver(released, "calls_20230106.csv", [call(6, "2023-01-06")])
    bring_up_to_date(released)
    remove_old_releases(released.warehouse, released.keep_releases)
    newest = os.path.realpath(released.warehouse.current)
    assert newest != opened
    assert (offered(opened), accounted(opened)) == (first, first)
    assert (offered(newest), accounted(newest)) == (6, 6)
    # This is what opening `current` anew for each table would have mixed.
    assert accounted(newest) != first


def test_a_file_that_is_open_is_read_to_its_end_even_if_its_release_is_removed(released):
    opened = os.path.realpath(released.warehouse.current)
    with Path(opened, "facts/calls/2023-01.parquet").open("rb") as file:
        deliver(released, "calls_20230106.csv", [call(6, "2023-01-06")])
        bring_up_to_date(released)
        assert remove_old_releases(released.warehouse, 1) == [Path(opened).name]
        assert pl.read_parquet(file)["offered"].sum() == 3
