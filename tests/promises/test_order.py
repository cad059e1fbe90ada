"""Any order, any delay, split, repeated, in another encoding: the same facts, byte for byte."""

import gzip
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core.errors import HotlineError
from assets.installation.installation import Installation
from assets.releases.package import current_release
from assets.releases.publish import ChecksFailed
from schemas import EXPORTS
from tests.driver import (
    account,
    bring_up_to_date,
    deliver,
    details,
    digests,
    facts,
    make_installation,
)
from tests.samples import csv_text, row, xlsx_bytes

Rows = list[dict[str, Any]]


def call(call_id: str, day: str, time: str, **changes: str) -> dict[str, Any]:
    times = {
        "offered_at": f"{day} {time}:00",
        "answered_at": f"{day} {time}:07",
        "ended_at": f"{day} {time}:59",
    }
    return row("calls", call_id=call_id, **(times | changes))


def ticket(ticket_id: str, accepted: str, updated: str, **changes: str) -> dict[str, Any]:
    times = {"accepted_at": accepted, "dispatched_at": accepted, "updated_at": updated}
    return row("tickets", ticket_id=ticket_id, **(times | changes))


def closed(at: str, **changes: str) -> dict[str, str]:
    return {"status": "已办结", "closed_at": at, **changes}


def callback(callback_id: str, ticket_id: str, at: str, **changes: str) -> dict[str, Any]:
    return row("callbacks", callback_id=callback_id, ticket_id=ticket_id, called_at=at, **changes)


JAN, FEB = "2023-01-31", "2023-02-01"
DIRECT = {"handling": "直接答复", "dispatched_at": "", "unit": ""}
T1 = ticket("T1", f"{JAN} 09:00:00", f"{JAN} 09:00:00")
T2 = ticket("T2", f"{JAN} 10:00:00", f"{JAN} 10:00:00", ticket_type="咨询", unit="市公安局")
T3 = ticket("T3", f"{JAN} 11:00:00", f"{JAN} 11:00:00", **DIRECT, **closed(f"{JAN} 11:00:00"))
T4 = ticket("T4", f"{FEB} 08:00:00", f"{FEB} 08:00:00", urgency="突发")
C1, C2 = call("C1", JAN, "08:00"), call("C2", JAN, "23:59")
STAFF = [row("staff", agent_id=f"00{number}") for number in range(4)]

# Corrections, versions over weeks, callbacks before their tickets, rows that move to the next
# month, duplicates, rows that break rules, an acceptance that changes. The letter after the date
# leaves room between names: -a1, -a2 and -aa come after -a and before -m.
FILES: dict[str, Rows] = {
    "calls_20230131-a": [
        C1,
        C2,
        call("C3", JAN, "08:30", outcome="测试"),
        call("C4", JAN, "08:31", outcome="占线"),
        call("C6", JAN, "09:00", outcome="用户挂断", answered_at=""),
    ],
    "calls_20230131-m": [C1 | {"line": "corrected"}, C2 | {"agent_id": "0042"}],
    "calls_20230201-a": [call("C2", FEB, "00:01"), C1, call("C5", FEB, "08:00")],
    "tickets_20230131-a": [T1, T2, T3],
    "tickets_20230201-a": [
        T2 | closed(f"{FEB} 12:00:00", updated_at=f"{FEB} 12:00:00"),
        T4,
        ticket("T5", f"{FEB} 09:00:00", f"{FEB} 09:00:00"),
    ],
    "tickets_20230215-a": [
        T1 | closed("2023-02-15 10:00:00", updated_at="2023-02-15 10:00:00", returns="1"),
        T2,
        T3 | {"accepted_at": f"{FEB} 11:00:00", "closed_at": f"{FEB} 11:00:00"},
    ],
    "tickets_20230215-m": [
        T4 | {"region": "南郑区"},
        ticket("T5", f"{FEB} 09:00:00", "2023-02-15 09:00:00", status="已作废"),
    ],
    "callbacks_20230201-a": [
        callback("H1", "T1", f"{FEB} 15:00:00", result="未接通", satisfaction=""),
        callback("H2", "T9", f"{FEB} 15:10:00"),
        callback("H3", "T2", f"{JAN} 23:50:00", satisfaction="基本满意"),
    ],
    "callbacks_20230216-a": [
        callback("H4", "T1", "2023-02-16 09:00:00", satisfaction="不满意"),
        callback("H1", "T1", f"{FEB} 15:00:00", result="未接通", satisfaction=""),
        callback("H5", "T2", "2023-02-16 09:05:00"),
    ],
    "quality_20230201-a": [
        row("quality", inspection_id=f"Q{number}", call_id=call_id, inspected_at=f"{FEB} 16:00:00")
        for number, call_id in enumerate(("C1", "C5", "C9"))
    ],
    "knowledge_20230201-a": [
        row("knowledge", updated_at=f"{FEB} 09:00:00"),
        row("knowledge", updated_at=f"{FEB} 10:00:00", action="修改"),
    ],
    "staff_202301-a": STAFF,
    "staff_202301-m": [STAFF[0] | {"assessment": "优秀"}, STAFF[1] | {"assessment": "不合格"}],
}


@dataclass(frozen=True)
class Outcome:
    """What a sequence of deliveries came to."""

    release: str
    digests: dict[str, str]
    facts: dict[str, str]


def run(installation: Installation) -> None:
    """One night; before the first daily export there is nothing to publish yet."""
    try:
        bring_up_to_date(installation)
    except ChecksFailed:
        raise
    except HotlineError:
        assert current_release(installation.warehouse) is None
        assert not [
            path
            for path in installation.landing.rglob("*")
            if path.is_file() and path.name[:5] != "staff"
        ]


def outcome_of(nights: Iterable[Iterable[tuple[str, bytes]]]) -> Outcome:
    """Deliver files night by night to a fresh installation."""
    with tempfile.TemporaryDirectory() as folder:
        installation = make_installation(Path(folder))
        for files in nights:
            for name, content in files:
                deliver(installation, name, content)
            run(installation)
        release = current_release(installation.warehouse)
        assert release is not None
        return Outcome(
            release, digests(installation), digests(installation, without=["data_quality"])
        )


def content(name: str) -> bytes:
    return csv_text(name.partition("_")[0], FILES[name]).encode()


@pytest.fixture(scope="module")
def once() -> Outcome:
    """Everything in one night."""
    return outcome_of([[(f"{name}.csv", content(name)) for name in FILES]])


def cut(files: list[Any], cuts: set[int]) -> list[list[Any]]:
    """Files in nights: a night ends before each of these positions."""
    bounds = [0, *sorted(cuts), len(files)]
    return [files[start:end] for start, end in pairwise(bounds)]


nights = st.sets(st.integers(1, len(FILES) - 1), max_size=2)


@settings(max_examples=3)
@given(order=st.permutations(list(FILES)), cuts=nights)
def test_order_and_delay_change_nothing_at_all(once, order, cuts):
    files = [(f"{name}.csv", content(name)) for name in order]
    found = outcome_of(cut(files, cuts))
    assert found.digests == once.digests
    assert found.release == once.release


def as_is(name: str) -> list[tuple[str, bytes]]:
    return [(f"{name}.csv", content(name))]


def split(name: str) -> list[tuple[str, bytes]]:
    dataset, rows = name.partition("_")[0], FILES[name]
    half = len(rows) // 2
    return [
        (f"{name}1.csv", csv_text(dataset, rows[:half]).encode()),
        (f"part/{name}2.csv", csv_text(dataset, rows[half:]).encode()),
    ]


def repeated(name: str) -> list[tuple[str, bytes]]:
    return [*as_is(name), (f"again/{name}.csv", content(name)), (f"{name}a.csv", content(name))]


def in_another_form(name: str) -> list[tuple[str, bytes]]:
    text = content(name)
    return [
        (f"{name}.csv.gz", gzip.compress(b"\xef\xbb\xbf" + text, mtime=0)),
        (f"{name}a.csv", text.decode().replace("\n", "\r\n").encode("gb18030")),
        (f"{name}b.xlsx", xlsx_bytes(name.partition("_")[0], FILES[name])),
    ]


@settings(max_examples=3)
@given(
    data=st.data(),
    ways=st.lists(
        st.sampled_from([as_is, split, repeated, in_another_form]),
        min_size=len(FILES),
        max_size=len(FILES),
    ),
)
def test_splitting_and_repeating_change_no_fact(once, data, ways):
    files = [file for name, way in zip(FILES, ways, strict=True) for file in way(name)]
    order = data.draw(st.permutations(files))
    found = outcome_of(cut(order, data.draw(nights)))
    assert found.facts == once.facts


def corrected(name: str) -> list[tuple[str, bytes]]:
    """A file whose first version was wrong, in this order; its copies come any time."""
    dataset, rows = name.partition("_")[0], FILES[name]
    wrong = [rows[0] | {EXPORTS[dataset].key[-1]: "wrong"}, *rows[1:]]
    if dataset == "knowledge":
        wrong = [rows[0] | {"article_id": "wrong"}, *rows[1:]]
    return [
        (f"{name}.csv", csv_text(dataset, wrong).encode()),
        (f"late/{name}.csv", content(name)),
    ]


@settings(max_examples=3)
@given(data=st.data(), again=st.lists(st.sampled_from(list(FILES)), max_size=4, unique=True))
def test_corrections_their_copies_and_held_files_change_no_fact(once, data, again):
    histories = [corrected(name) for name in FILES]
    for name in again:
        wrong, right = corrected(name)
        histories += [[(f"{name}-wrong.csv", wrong[1])], [(f"again/{name}.csv", right[1])]]
    # Yesterday's bytes under today's name are held.
    histories.append([("calls_20230214-x.csv", content("calls_20230201-a"))])
    # Any order of all, in which the versions of one name keep theirs.
    turns = data.draw(st.permutations([n for n, each in enumerate(histories) for _ in each]))
    waiting = [list(each) for each in histories]
    files = [waiting[n].pop(0) for n in turns]
    found = outcome_of(cut(files, data.draw(nights)))
    assert found.facts == once.facts


def test_what_the_files_come_to(installation):
    """The figures themselves, so that the properties above are not about nothing."""
    for name in FILES:
        deliver(installation, f"{name}.csv", content(name))
    bring_up_to_date(installation)
    january, february = (
        facts(installation, "tickets", "2023-01"),
        facts(installation, "tickets", "2023-02"),
    )
    shown = ["accepted", "closed_on_time", "closed_late", "open_overdue", "excluded_void"]
    assert january.select(shown).sum().row(0) == (3, 2, 1, 0, 0)
    assert february.select(shown).sum().row(0) == (1, 0, 0, 1, 1)
    assert february.filter(accepted=1)["region"].to_list() == ["南郑区"]
    calls = [
        facts(installation, "calls", month).select("offered", "excluded_test").sum().row(0)
        for month in ("2023-01", "2023-02")
    ]
    assert calls == [(2, 1), (2, 0)]
    assert details(installation, "calls", "2023-01")["line"].to_list() == ["12345"] * 3
    called = [
        facts(installation, "callbacks", month).select("attempts", "tickets_called").sum().row(0)
        for month in ("2023-01", "2023-02")
    ]
    assert called == [(1, 1), (4, 2)]
    assert facts(installation, "staff", "2023-01").select("assessed", "passed").row(0) == (4, 3)
    rows = (
        account(installation)
        .select("read", "accepted", "quarantined", "duplicate", "superseded")
        .sum()
    )
    assert rows.row(0) == (38, 24, 2, 3, 9)
