"""The whole command on exports full of personal data: none in any byte outside the private folders.

Private are the archive, the quarantine, and the ledger, which names files as they came.
"""

import io
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tests.exports.test_protect import (
    ID_15,
    ID_18,
    ID_X,
    MOBILE,
    SECRETS,
    WRITTEN,
    full_width,
    leaks,
)
from tests.pipelines.test_cli import Machine
from tests.samples import csv_text, header_line, row, write, xlsx_bytes

NAME = "诸葛建国"
PRIVATE = {"archive", "quarantine", "ledger"}
# Rows with names in them stay in the details, which are the owner's own; nothing reads them out.
OWNERS_OWN = PRIVATE | {"details", "staged"}


def planted(landing: Path) -> None:
    """Numbers and names in every text that a person or a platform writes."""
    told = [f"{NAME}，电话{each}，请回复" for each in WRITTEN.values()]
    days = {"dispatched_at": "", "unit": "", "handling": "直接答复"}
    write(
        landing,
        f"tickets_20230105_{MOBILE}.csv",
        [
            row("tickets", ticket_id=f"T{number}", title=each, content=each, **days)
            for number, each in enumerate(told)
        ],
    )
    write(
        landing,
        "knowledge_20230105.csv",
        [row("knowledge", article_id=f"A{n}", title=each) for n, each in enumerate(told)],
        encoding="gb18030",
    )
    evidence = [row("annual", item=f"第{n}项", evidence=each) for n, each in enumerate(told)]
    (landing / "annual_2023.xlsx").write_bytes(xlsx_bytes("annual", evidence))
    callers = [row("calls", call_id=f"C{n}", caller=each) for n, each in enumerate(SECRETS)]
    write(landing, "calls_20230105.csv", [*callers, row("calls", call_id="CN", caller=NAME)])
    bad = [
        row("calls", call_id=f"B{n}", outcome=each, offered_at=each, rating=each)
        for n, each in enumerate([*SECRETS, NAME])
    ]
    good = [row("calls", call_id=f"G{n}") for n in range(400)]
    torn = f'{NAME},{MOBILE}\n"{ID_18}\n{ID_15},\0,{NAME}\n'
    (landing / "calls_20230105_b.csv").write_text(csv_text("calls", [*good, *bad]) + torn)
    for number, text in enumerate([MOBILE, full_width(ID_X), f"联系{ID_15}"]):
        header = f"{header_line('calls')},{text}"
        (landing / f"calls_2023010{number + 7}.csv").write_text(f"{header}\n{header}\n")
    (landing / f"calls_20230111_{ID_18}.xls").write_bytes(b"")
    (landing / f"{ID_18} {MOBILE}.docx").write_bytes(MOBILE.encode())
    (landing / MOBILE).mkdir()
    write(landing / MOBILE, "callbacks_20230106.csv", [row("callbacks", result=MOBILE)] * 9)
    (landing / MOBILE / f"quality_20230106 {ID_X}.xlsx").write_bytes(f"PK {MOBILE}".encode())
    units = [
        row(
            "tickets",
            ticket_id=f"U{n}",
            unit=f"市水务局{each}",
            category=f"供水{each}",
            region=each,
        )
        for n, each in enumerate([MOBILE, full_width(MOBILE), "139-1234-5678", ID_18, ID_X])
    ]
    many = [row("tickets", ticket_id=f"V{n}") for n in range(200)]
    write(landing, "tickets_20230105_b.csv", [*many, *units])
    write(landing, "calls_20230105_c.csv", [row("calls", call_id="L", line=MOBILE, caller="12345")])


@dataclass(frozen=True)
class Done:
    """What a run and every other command have left and said."""

    machine: Machine
    said: str


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Done:
    machine = Machine(tmp_path_factory.mktemp("everywhere"))
    planted(machine.landing)
    ran: list[subprocess.CompletedProcess[str]] = [machine.hotline("run")]
    ran.append(machine.hotline("verify"))
    ran.append(machine.hotline("status"))
    ran.append(machine.hotline("run"))
    (machine.landing / f"calls_20230114_{MOBILE}.csv").write_text(f"{MOBILE}\n")
    ran.append(machine.hotline("run"))
    assert ran[0].returncode in (0, 1), ran[0].stderr
    return Done(machine, "".join(each.stdout + each.stderr for each in ran))


def texts_below(folder: Path, without: set[str]) -> Iterator[tuple[str, str]]:
    """Path, name and content of every file; Parquet and SQLite also value by value."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if inner.parts[0] in without:
            continue
        yield str(inner), path.name
        if not path.is_file():
            continue
        content = path.read_bytes()
        for encoding in ("utf-8", "utf-16-le"):
            yield str(inner), content.decode(encoding, "replace")
        if path.suffix == ".parquet":
            for column in pl.read_parquet(io.BytesIO(content)).select(pl.selectors.string()):
                yield f"{inner} {column.name}", "\n".join(column.drop_nulls().unique())
        if content.startswith(b"SQLite format 3"):
            with sqlite3.connect(path) as base:
                yield str(inner), "\n".join(base.iterdump())


def test_something_was_accepted_refused_and_quarantined(done):
    account = pl.read_parquet(done.machine.warehouse / "current" / "files.parquet")
    assert {"taken", "refused"} <= set(account["state"])
    assert account["accepted"].sum() > 500
    assert account["quarantined"].sum() > 8


def test_no_number_is_outside_the_private_folders(done):
    examined = 0
    for where, text in texts_below(done.machine.warehouse, PRIVATE):
        examined += 1
        assert leaks(text) == [], where
    assert examined > 100
    names = {path.name for path in done.machine.warehouse.iterdir()}
    assert PRIVATE | {"details", "staged", "releases"} <= names


def test_no_name_is_outside_the_owners_own_folders(done):
    for where, text in texts_below(done.machine.warehouse, OWNERS_OWN):
        assert NAME not in text, where


def test_nothing_personal_is_said(done):
    assert len(done.said) > 200
    assert leaks(done.said) == []
    assert NAME not in done.said
    assert "Traceback" not in done.said


def test_the_grep_would_find_what_is_there(done):
    private = dict(texts_below(done.machine.warehouse, {"releases"}))
    assert any(MOBILE in text for text in private.values())
    storage = [
        path for path, _ in texts_below(done.machine.warehouse, PRIVATE) if "dagster" in path
    ]
    assert storage
