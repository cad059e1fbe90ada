"""A caller or a ticket is erased: from every file, for good, and nothing else changes."""

import gzip
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.core.errors import DamagedRecord, HotlineError
from assets.erasure import Erased, erase, find_subjects, finish_erasure
from assets.exports.archive import archive_faults
from assets.exports.deliveries import catalogue
from assets.exports.erasure_record import is_erasure_pending
from assets.installation.installation import Installation
from assets.releases.checks import verify
from assets.scrub import scrub
from tests.driver import NIGHT, bring_up_to_date, change, deliver, ledger, make_installation
from tests.driver import details as details_of
from tests.samples import csv_line, csv_text, header_line, row, xlsx_bytes

GONE, STAYS = "13911112222", "13933334444"
Rows = list[dict[str, Any]]


def calls(*rows: tuple[str, str]) -> Rows:
    return [row("calls", call_id=call, caller=caller) for call, caller in rows]


def tickets(*rows: tuple[str, str]) -> Rows:
    return [row("tickets", ticket_id=ticket, call_id=call) for ticket, call in rows]


CALLS = calls(("call-A", GONE), ("call-B", STAYS), ("call-C", "+86 139-1111-2222"))
TICKETS = tickets(("tick-A", "call-A"), ("tick-B", "call-B"), ("tick-C", "call-C"), ("tick-D", ""))
CALLBACKS = [
    row("callbacks", callback_id=each, ticket_id=ticket)
    for each, ticket in (("back-A", "tick-A"), ("back-B", "tick-B"))
]
AWAY = [b"13911112222", b"139-1111-2222", b"tick-A", b"tick-C", b"call-A", b"call-C", b"back-A"]
LEFT = [b"13933334444", b"tick-B", b"tick-D", b"call-B", b"back-B"]

FORMS: dict[str, Callable[[str, Rows], bytes]] = {
    "plain.csv": lambda name, rows: csv_text(name, rows).encode(),
    "windows.csv": lambda name, rows: csv_text(name, rows).replace("\n", "\r\n").encode("gb18030"),
    "packed.csv.gz": lambda name, rows: gzip.compress(csv_text(name, rows).encode("utf-8-sig")),
    "book.xlsx": xlsx_bytes,
}


def deliver_all(city: Installation, form: str = "plain.csv") -> None:
    for name, rows, day in (
        ("calls", CALLS, "20230105"),
        ("tickets", TICKETS, "20230105"),
        ("callbacks", CALLBACKS, "20230106"),
    ):
        deliver(city, f"{name}_{day}_{form}", FORMS[form](name, rows))


def erased(city: Installation, *callers: str, tickets: Sequence[str] = ()) -> Erased:
    found = find_subjects(city, callers, tickets)
    return erase(city, found, by="李主任", why="本人申请")


def everything(root: Path) -> bytes:
    """All bytes of a warehouse, packed ones unpacked and tables as text, apart from releases."""
    found = []
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        if path.relative_to(root).parts[0] in ("releases", "built"):
            continue
        found.append(raw)
        if raw.startswith(b"\x1f\x8b"):
            found.append(gzip.decompress(raw))
        elif raw.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(raw)) as book:
                found += [book.read(name) for name in book.namelist()]
        elif raw.startswith(b"PAR1"):
            found.append(str(pl.read_parquet(path).rows()).encode())
    return b"\n".join(found)


@pytest.fixture
def city(tmp_path: Path) -> Installation:
    made = make_installation(tmp_path / "city")
    deliver_all(made)
    bring_up_to_date(made)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_what_is_erased_is_nowhere_and_the_rest_is_as_it_was(form: str, tmp_path: Path) -> None:
    city = make_installation(tmp_path / "city")
    deliver_all(city, form)
    bring_up_to_date(city)
    done = erased(city, "139 1111 2222")
    assert (done.files, done.dropped, done.unread) == (3, 0, [])
    assert [each for each in AWAY if each in everything(city.root)] == []
    assert archive_faults(city.warehouse) == []
    bring_up_to_date(city)
    assert [each for each in AWAY if each in everything(city.root)] == []
    assert [each for each in LEFT if each not in everything(city.root)] == []
    assert all(each.passed for each in verify(city.warehouse))
    assert scrub(city, print)[1] == []
    read = [ledger(city, name)["read"].to_list() for name in ("calls", "tickets", "callbacks")]
    assert read == [[1], [2], [1]]


def test_rows_that_come_again_stay_away(city: Installation) -> None:
    erased(city, GONE)
    bring_up_to_date(city)
    before = {name: ledger(city, name) for name in ("calls", "tickets")}
    deliver_all(city)  # The same bytes, written again.
    bring_up_to_date(city)
    for name, known in before.items():
        assert ledger(city, name).equals(known), name
    # Under another name, and the ticket as it stands later.
    deliver(city, "calls_20230105_again.csv", CALLS + calls(("call-E", STAYS)))
    deliver(city, "tickets_20230107.csv", tickets(("tick-A", "call-A"), ("tick-E", "")))
    bring_up_to_date(city)
    assert [each for each in AWAY if each in everything(city.root)] == []
    assert set(details_of(city, "calls", "2023-01")["call_id"]) == {"call-B", "call-E"}
    assert set(details_of(city, "tickets", "2023-01")["ticket_id"]) == {
        "tick-B",
        "tick-D",
        "tick-E",
    }


def test_who_calls_again_later_is_counted_again(city: Installation) -> None:
    change(city, now=lambda: NIGHT - timedelta(days=300))
    erased(city, GONE)
    change(city, now=lambda: NIGHT)
    new = [row("calls", call_id=f"call-{day}", caller=GONE) for day in ("old", "new")]
    for each, day in zip(new, ("2023-05-06", "2023-05-07"), strict=True):
        for name in ("offered_at", "answered_at", "ended_at"):
            each[name] = each[name].replace("2023-01-05", day)
    assert (NIGHT - timedelta(days=300)).date().isoformat() == "2023-05-06"
    deliver(city, "calls_20230506.csv", new[:1])
    deliver(city, "calls_20230507.csv", new[1:])
    bring_up_to_date(city)
    assert details_of(city, "calls", "2023-05")["call_id"].to_list() == ["call-new"]


def test_a_second_erasure_and_a_ticket_alone(city: Installation) -> None:
    erased(city, GONE)
    bring_up_to_date(city)
    assert erased(city, tickets=["tick-B"]).files == 2
    assert not erased(city, tickets=["tick-B"]).is_new
    bring_up_to_date(city)
    held = everything(city.root)
    assert b"tick-B" not in held and b"back-B" not in held
    assert b"call-B" in held and b"tick-D" in held
    archived = [
        each.sha256 for name in ("calls", "tickets") for each in catalogue(city.warehouse, name)
    ]
    assert sorted(path.name for path in city.warehouse.archive.glob("??/*"))[: len(archived)]
    assert set(archived) <= {path.name for path in city.warehouse.archive.glob("??/*")}


def test_lines_that_are_no_rows_and_texts_of_others(tmp_path: Path) -> None:
    city = make_installation(tmp_path / "city")
    broken = csv_line("calls", CALLS[0]) + ",too,many"
    quarantined = csv_line("calls", row("calls", call_id="call-Q", caller=GONE, outcome="没有的"))
    kept = csv_line("calls", row("calls", call_id="call-K", caller=STAYS, outcome="没有的"))
    lines = [header_line("calls"), broken, quarantined, kept]
    lines += [csv_line("calls", each) for each in calls(*((f"call-{n}", STAYS) for n in range(60)))]
    deliver(city, "calls_20230105.csv", "\n".join(lines) + "\n")
    said = row("tickets", ticket_id="tick-Z", call_id="", content=f"邻居\n电话{GONE}，请联系")
    deliver(city, "tickets_20230105.csv", [said])
    bring_up_to_date(city)
    before = details_of(city, "calls", "2023-01")
    erased(city, GONE)
    bring_up_to_date(city)
    held = everything(city.root)
    assert [each for each in (*AWAY, b"call-Q") if each in held] == []
    assert b"tick-Z" in held and "电话***********，请联系".encode() in held
    assert details_of(city, "calls", "2023-01").equals(before)
    (bad,) = city.warehouse.quarantine("calls").glob("*.parquet")
    assert pl.read_parquet(bad).select("line", "key").rows() == [(4, "call-K")]


def test_a_refused_file_goes_as_a_whole_and_one_that_cannot_be_searched_is_named(
    city: Installation,
) -> None:
    deliver(city, "calls_20230107.csv", f"没有,表头\n1,{GONE}\n")
    deliver(city, "calls_20230108.csv", f"没有,表头\n1,{STAYS}\n")
    deliver(city, "calls_20230109.csv.gz", b"no gzip at all")
    bring_up_to_date(city)
    done = erased(city, GONE)
    assert done.dropped == 1
    assert [each.split()[:2] for each in done.unread] == [["calls", "2023-01-09"]]
    assert GONE.encode() not in everything(city.root)
    bring_up_to_date(city)
    rules = dict(ledger(city, "calls").select(pl.col("export_date").dt.day(), "rule").rows())
    assert rules[7] == "erased" and rules[8] == "header_unknown"
    assert archive_faults(city.warehouse) == []


def test_the_record_names_nobody_and_its_key_is_not_replaced(city: Installation) -> None:
    with pytest.raises(HotlineError, match="--why"):
        erase(city, find_subjects(city, [GONE], []), by="李主任", why=" ")
    erase(city, find_subjects(city, [GONE], []), by="李主任", why=f"来电{GONE}申请")
    record = (city.root / "ledger" / "erasures.jsonl").read_bytes()
    assert GONE.encode() not in record and b"call-A" not in record
    assert "李主任".encode() in record
    city.warehouse.erasure_key.unlink()
    deliver(city, "calls_20230110.csv", CALLS)
    with pytest.raises(DamagedRecord, match=r"erasure\.key"):
        bring_up_to_date(city)


def test_a_night_ends_what_a_crash_interrupted(
    city: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise OSError("power")

    monkeypatch.setattr("assets.erasure.removal.write_catalogue", dies)
    with pytest.raises(OSError, match="power"):
        erased(city, GONE)
    monkeypatch.undo()
    assert is_erasure_pending(city.warehouse)
    finish_erasure(city)
    assert not is_erasure_pending(city.warehouse)
    assert [each for each in AWAY if each in everything(city.root)] == []
