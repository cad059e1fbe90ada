"""Random damage: every line has a fate, every undamaged row stands, nothing is raised."""

import random
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from assets.exports.states import TAKEN
from assets.installation.installation import Installation
from schemas import EXPORTS
from tests.driver import (
    account,
    bring_up_to_date,
    deliver,
    details,
    ledger,
    make_installation,
    set_profile,
)
from tests.samples import FILE, csv_line, header_line, row

ROWS = 40
DATASETS = ("calls", "tickets", "callbacks", "quality", "knowledge")
Damage = Callable[[random.Random, list[bytes]], list[bytes]]


def valid(dataset: str, number: int) -> dict[str, Any]:
    """A valid row with a key of its own."""
    return row(dataset, **{EXPORTS[dataset].key[0]: f"K{number:04d}"})


def one_cell(change: Callable[[random.Random, bytes], bytes]) -> Damage:
    """Damage to one cell of a line."""

    def damage(chance: random.Random, cells: list[bytes]) -> list[bytes]:
        position = chance.randrange(len(cells))
        return [*cells[:position], change(chance, cells[position]), *cells[position + 1 :]]

    return damage


def inserted(what: bytes) -> Damage:
    """Bytes somewhere inside one cell, never at its edges."""

    def change(chance: random.Random, cell: bytes) -> bytes:
        at = chance.randrange(len(cell) + 1)
        return b"a" + cell[:at] + what + cell[at:] + b"z"

    return one_cell(change)


def swapped(chance: random.Random, cells: list[bytes]) -> list[bytes]:
    first, second = chance.sample(range(len(cells)), 2)
    cells = list(cells)
    cells[first], cells[second] = cells[second], cells[first]
    return cells


DAMAGES: dict[str, Damage] = {
    "a field too few": lambda chance, cells: cells[:-1],
    "a field too many": lambda chance, cells: [*cells, b"x"],
    "a comma without quotes": inserted(b","),
    "a NUL byte": inserted(b"\0"),
    "bytes of no encoding": inserted(b"\xff\xfe"),
    "half a character": inserted("汉".encode()[:2]),
    "a quote": inserted(b'"'),
    "two quotes": inserted(b'""'),
    "a control character": inserted(b"\x07"),
    "an empty cell": one_cell(lambda chance, cell: b""),
    "rubbish": one_cell(lambda chance, cell: b"\xe2\x82\xac"),
    "a huge number": one_cell(lambda chance, cell: b"9" * 400),
    "a formula": one_cell(lambda chance, cell: b"=1+1"),
    "a date of long ago": one_cell(lambda chance, cell: b"0000-00-00 00:00:00"),
    "scientific notation": one_cell(lambda chance, cell: b"2.02504E+12"),
    "cells swapped": swapped,
    "only commas and words": lambda chance, cells: [b"\xe5\x90\x88\xe8\xae\xa1", *cells[1:]],
    "the header again": lambda chance, cells: [b"x"] * len(cells),
    "quoted, not closed": lambda chance, cells: [b'"' + cells[0], *cells[1:]],
}


def damaged_file(chance: random.Random, dataset: str) -> tuple[bytes, set[str]]:
    """A file in which about a third of the lines is damaged, and the keys of the other lines."""
    lines = [header_line(dataset).encode()]
    whole: set[str] = set()
    kinds = list(DAMAGES)
    for number in range(ROWS):
        line = csv_line(dataset, valid(dataset, number)).encode()
        if chance.random() < 0.35:
            kind = chance.choice(kinds)
            if kind == "quoted, not closed":
                # A second one would close it, some lines further down.
                kinds.remove(kind)
            line = b",".join(DAMAGES[kind](chance, line.split(b",")))
        else:
            whole.add(f"K{number:04d}")
        lines.append(line)
    end = chance.choice([b"\n", b"\r\n"])
    return end.join(lines) + chance.choice([b"", end]), whole


def tolerant(installation: Installation) -> None:
    """Let files be taken however many of their rows are bad."""
    datasets = {
        name: each.model_copy(update={"quarantine_share": 1.0})
        for name, each in installation.profile.datasets.items()
    }
    set_profile(installation, datasets=datasets)


@pytest.mark.parametrize("seed", range(5))
def test_random_damage_costs_only_the_damaged_lines(installation, seed):
    chance = random.Random(seed)
    tolerant(installation)
    expected: dict[str, set[str]] = {}
    totals: dict[str, int] = {}
    for dataset in DATASETS:
        content, expected[dataset] = damaged_file(chance, dataset)
        totals[dataset] = content.count("\n合计".encode())
        deliver(installation, f"{FILE[dataset]}.csv", content)
    bring_up_to_date(installation)

    found = account(installation)
    assert found["state"].to_list() == [TAKEN] * len(DATASETS)
    for dataset, read in found.select("dataset", "read").rows():
        # The header is ignored, and lines of totals wherever they stand.
        assert read + ledger(installation, dataset)["ignored"].item() == 1 + ROWS
        assert read >= ROWS - totals[dataset]
    total = pl.sum_horizontal("accepted", "quarantined", "duplicate", "superseded")
    assert found.filter(pl.col("read") != total).height == 0
    assert found["quarantined"].sum() > ROWS / 2
    for dataset, whole in expected.items():
        standing = set(details(installation, dataset, "2023-01")[EXPORTS[dataset].key[0]])
        assert whole <= standing
        assert len(whole) > ROWS / 3


@pytest.mark.parametrize("seed", range(3))
def test_every_quarantined_line_is_kept_with_its_text_and_reasons(installation, seed):
    chance = random.Random(100 + seed)
    tolerant(installation)
    content, _ = damaged_file(chance, "tickets")
    content = content.replace(b"\r\n", b"\n")
    deliver(installation, "tickets_20230105.csv", content)
    bring_up_to_date(installation)
    (path,) = installation.warehouse.quarantine("tickets").glob("*.parquet")
    rows = pl.read_parquet(path)
    lines = content.split(b"\n")
    assert rows["line"].is_unique().all()
    assert rows.height == account(installation)["quarantined"].item()
    for each in rows.iter_rows(named=True):
        assert each["raw"] == lines[each["line"] - 1].decode("utf-8", "replace")
        assert len(each["rules"]) == len(each["columns"]) > 0
    kept = ledger(installation, "tickets")
    assert (
        rows.select("delivery", "file", "sha256").unique().rows()
        == kept.select("delivery", "path", "sha256").rows()
    )


@pytest.fixture(scope="module")
def each_kind(tmp_path_factory) -> Installation:
    """One GB18030 file for each kind of damage, in the middle of it: no seed can leave one out."""
    installation = make_installation(tmp_path_factory.mktemp("conservation"))
    for position, kind in enumerate(DAMAGES):
        lines = [
            csv_line("calls", row("calls", call_id=f"K{position}-{number}")).encode("gb18030")
            for number in range(9)
        ]
        lines[4] = b",".join(DAMAGES[kind](random.Random(7), lines[4].split(b",")))
        content = b"\n".join([header_line("calls").encode("gb18030"), *lines]) + b"\n"
        deliver(installation, f"calls_20230105_{position}.csv", content)
    bring_up_to_date(installation)
    return installation


@pytest.mark.parametrize("kind", DAMAGES)
def test_one_kind_of_damage_alone_costs_one_line(each_kind, kind):
    position = list(DAMAGES).index(kind)
    (found,) = account(each_kind).filter(file=f"calls_20230105_{position}.csv").to_dicts()
    assert (found["state"], found["read"]) == (TAKEN, 9)
    assert found["accepted"] + found["quarantined"] == 9
    assert found["accepted"] >= 8
    standing = set(details(each_kind, "calls", "2023-01")["call_id"])
    assert {f"K{position}-{number}" for number in range(9) if number != 4} <= standing


def test_lines_that_are_no_rows_are_not_read(installation):
    lines = [csv_line("calls", valid("calls", number)) for number in range(3)]
    content = "\n".join(
        [
            "2023年1月话务明细",
            "",
            header_line("calls"),
            lines[0],
            "",
            lines[1],
            ",,,,,,,,",
            lines[2],
            "合计,3,,,,,,,",
            "",
        ]
    )
    deliver(installation, "calls_20230105.csv", content)
    bring_up_to_date(installation)
    assert account(installation).select("read", "accepted", "quarantined").rows() == [(3, 3, 0)]
    assert ledger(installation, "calls")["ignored"].to_list() == [6]


def test_files_of_all_kinds_of_content_raise_nothing(installation):
    """Bytes that are no export at all are refused, whatever they are called."""
    chance = random.Random(3)
    for number in range(60):
        suffix = chance.choice([".csv", ".csv.gz", ".xlsx", ".xls", ".txt"])
        size = chance.choice([0, 1, 2, 50, 3000])
        body = chance.choice(
            [
                chance.randbytes(size),
                b"PK\x03\x04" + chance.randbytes(size),
                b"\n" * size,
                b'"' * size,
                b"," * size,
            ]
        )
        deliver(installation, f"calls_20230105_{number}{suffix}", body)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    states = ledger(installation, "calls").group_by("state").len().sort("state").rows()
    assert states == [("refused", 60), ("taken", 1)]
