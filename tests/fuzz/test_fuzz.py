"""Thousands of damaged files: nothing is raised, no line is lost, every whole row stands as it is.

A failure names the seed of its file; `python -m tests.fuzz.run --seed S` replays it.
"""

import random

import polars as pl
import pytest

from assets.exports.states import REFUSED
from schemas import EXPORTS
from tests.driver import (
    account,
    bring_up_to_date,
    deliver,
    details,
    digests,
    ledger,
    set_profile,
)
from tests.fuzz.check import failures, ingested, tolerant
from tests.fuzz.damaged import DamagedFile, damaged_file, undamaged_file
from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.rows import key_column
from tests.fuzz.run import fuzz, main

# `make proof` and `make fuzz` try thousands.
FILES = 400


def test_hundreds_of_damaged_files():
    found, done = fuzz(range(FILES))
    assert found == []
    rare = {name for name in MUTATIONS if done[name] < FILES // 60}
    assert not rare, "hardly ever tried"
    assert sum(name.startswith("gzip_") for name in done) == 5
    assert sum(name.startswith("book_") for name in done) == 6


def test_a_seed_gives_the_same_file_again():
    assert [damaged_file(seed) for seed in range(50)] == [damaged_file(seed) for seed in range(50)]


def altered(file: DamagedFile, **changes: object) -> DamagedFile:
    return DamagedFile(**(vars(file) | changes))


def test_the_checks_can_fail():
    file = undamaged_file("tickets")
    assert failures([file]) == []
    lost = altered(file, content=file.content.replace(b"K0000", b"K9999"))
    assert "loses or changes ['K0000']" in failures([lost])[0]
    refused = altered(file, content=b"")
    assert "is refused for empty_file" in failures([refused])[0]
    assert failures([altered(refused, may_refuse=frozenset({"empty_file"}))]) == []


def test_the_command_replays_a_seed(capsys, tmp_path):
    assert main(["--seed", "7", "--save", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("0 failures\n")
    (saved,) = tmp_path.iterdir()
    assert saved.read_bytes() == damaged_file(7).content


@pytest.fixture(scope="module")
def by_state() -> dict[str, list[DamagedFile]]:
    """Damaged files of one dataset that the direct way takes, and some that it refuses."""
    states: dict[str, list[DamagedFile]] = {"taken": [], "refused": []}
    seeds = range(5_000_000, 5_000_700)
    files = [file for file in map(damaged_file, seeds) if file.dataset in ("calls", "tickets")]
    for dataset in ("calls", "tickets"):
        own = [file for file in files if file.dataset == dataset]
        outcomes = ingested(own).outcomes
        for file, rule in zip(own, outcomes["rule"], strict=True):
            states["refused" if rule else "taken"].append(file)
    return states


def deliver_undamaged(installation) -> None:
    for dataset in ("calls", "tickets"):
        deliver(installation, f"{dataset}_20230105.csv", undamaged_file(dataset).content)


def test_refused_files_change_nothing_of_the_last_release(installation, by_state):
    set_profile(installation, datasets=tolerant().datasets)
    deliver_undamaged(installation)
    bring_up_to_date(installation)
    before, account_before = digests(installation, without=["data_quality"]), account(installation)
    assert len(by_state["refused"]) > 10
    for file in by_state["refused"]:
        deliver(installation, file.name, file.content)
    bring_up_to_date(installation)
    assert digests(installation, without=["data_quality"]) == before
    after = account(installation)
    assert after.filter(pl.col("state") != REFUSED).rows() == account_before.rows()
    assert after.filter(pl.col("state") == REFUSED).height == len(by_state["refused"])


def test_damaged_files_on_the_whole_way_to_a_release(installation, by_state):
    """Their rows share their keys: one row of each key stands, the others are accounted for."""
    set_profile(installation, datasets=tolerant().datasets)
    chosen = random.Random(1).sample(by_state["taken"], 60)
    for file in chosen:
        deliver(installation, file.name, file.content)
    deliver_undamaged(installation)
    bring_up_to_date(installation)
    found = account(installation)
    assert found.height == len(chosen) + 2
    total = pl.sum_horizontal("accepted", "quarantined", "duplicate", "superseded")
    assert found.filter(pl.col("read") != total).height == 0
    assert found["quarantined"].sum() > 30
    for dataset in ("calls", "tickets"):
        assert (ledger(installation, dataset)["state"] == "taken").all()
        standing = details(installation, dataset, "2023-01")[key_column(dataset)]
        assert undamaged_file(dataset).whole <= set(standing)
        assert standing.is_unique().all()
        assert key_column(dataset) == EXPORTS[dataset].key[0]
