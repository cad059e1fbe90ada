"""Which of several rows with one key stands: literal cases, and what holds for any set of rows."""

from dataclasses import dataclass, fields

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.details.resolve import (
    ACCEPTED,
    DUPLICATE,
    FATE,
    LINE,
    QUARANTINED,
    RANK,
    SUPERSEDED,
    resolve,
)
from schemas import EXPORTS
from schemas.table import ExportTable
from tests.driver import account, bring_up_to_date, deliver, details, facts
from tests.samples import row

CALLS, TICKETS = EXPORTS["calls"], EXPORTS["tickets"]


@dataclass(frozen=True)
class Row:
    """What decides the fate of a row.

    Attributes:
        file: precedence of its file; larger wins.
        line: its line.
        key: its key.
        content: any other column.
        version: value of the version column, for tickets.
        fixed: value of the column that must not change, for tickets.
    """

    file: int
    line: int = 2
    key: str = "K"
    content: str = ""
    version: int = 0
    fixed: int = 0


def frame(rows: list[Row], table: ExportTable) -> pl.DataFrame:
    """Rows as staged: columns that do not matter are empty."""
    special = {table.key[0]: "key", table.version: "version", table.fixed: "fixed"}
    plain = {name: pl.lit(None, pl.String).alias(name) for name in table.stored_columns}
    content = next(
        name for name in table.stored_columns if name not in special and name not in table.key
    )
    found = pl.DataFrame(
        [[getattr(each, field.name) for field in fields(Row)] for each in rows],
        schema={field.name: pl.String if field.type is str else pl.Int64 for field in fields(Row)},
        orient="row",
    )
    return found.select(
        pl.col("file").alias(RANK),
        pl.col("line").alias(LINE),
        *(pl.col(source).alias(name) for name, source in special.items() if name),
        pl.col("content").alias(content),
        *(value for name, value in plain.items() if name not in {*special, content}),
    )


def fates(rows: list[Row], table: ExportTable) -> dict[tuple[int, int], str]:
    """(file, line) -> fate."""
    found = resolve(frame(rows, table), table).select(RANK, LINE, FATE).rows()
    assert len(found) == len(rows)
    return {(rank, line): fate for rank, line, fate in found}


A, B = "a", "b"
CASES = {
    "alone": (CALLS, [Row(1)], [ACCEPTED]),
    "the same content in a later file": (CALLS, [Row(1), Row(2)], [DUPLICATE, ACCEPTED]),
    "the same content three times": (
        CALLS,
        [Row(1), Row(2), Row(3)],
        [DUPLICATE, DUPLICATE, ACCEPTED],
    ),
    "the same content in one file": (
        CALLS,
        [Row(1, line=2), Row(1, line=7)],
        [DUPLICATE, ACCEPTED],
    ),
    "a correction in a later file": (
        CALLS,
        [Row(1, content=A), Row(2, content=B)],
        [SUPERSEDED, ACCEPTED],
    ),
    "a correction further down": (
        CALLS,
        [Row(1, 2, content=A), Row(1, 3, content=B)],
        [SUPERSEDED, ACCEPTED],
    ),
    "a correction that is corrected back": (
        CALLS,
        [Row(1, content=A), Row(2, content=B), Row(3, content=A)],
        [DUPLICATE, SUPERSEDED, ACCEPTED],
    ),
    "a superseded row twice": (
        CALLS,
        [Row(1, content=A), Row(2, content=A), Row(3, content=B)],
        [DUPLICATE, SUPERSEDED, ACCEPTED],
    ),
    "two keys do not meet": (CALLS, [Row(1, key="K"), Row(2, key="L")], [ACCEPTED, ACCEPTED]),
    "a newer version of a ticket": (
        TICKETS,
        [Row(1, version=10), Row(2, version=20)],
        [SUPERSEDED, ACCEPTED],
    ),
    "an older version that is exported later": (
        TICKETS,
        [Row(1, version=20), Row(2, version=10)],
        [ACCEPTED, SUPERSEDED],
    ),
    "the same version with other content": (
        TICKETS,
        [Row(1, version=10, content=A), Row(2, version=10, content=B)],
        [SUPERSEDED, ACCEPTED],
    ),
    "the same version with other content in one file": (
        TICKETS,
        [Row(1, 2, version=10, content=A), Row(1, 3, version=10, content=B)],
        [SUPERSEDED, ACCEPTED],
    ),
    "the same version again": (
        TICKETS,
        [Row(1, version=10), Row(2, version=10)],
        [DUPLICATE, ACCEPTED],
    ),
    "an old version again after a newer one": (
        TICKETS,
        [Row(1, version=10), Row(2, version=20), Row(3, version=10)],
        [DUPLICATE, ACCEPTED, SUPERSEDED],
    ),
    "the acceptance changed": (
        TICKETS,
        [Row(1, version=10, fixed=1), Row(2, version=20, fixed=2)],
        [ACCEPTED, QUARANTINED],
    ),
    "the earliest file decides on the acceptance, whatever its version": (
        TICKETS,
        [Row(1, version=20, fixed=1), Row(2, version=10, fixed=2), Row(3, version=30, fixed=1)],
        [SUPERSEDED, QUARANTINED, ACCEPTED],
    ),
    "two acceptances in one file": (
        TICKETS,
        [Row(1, 2, version=10, fixed=1), Row(1, 3, version=20, fixed=2)],
        [ACCEPTED, QUARANTINED],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_fates(name):
    table, rows, expected = CASES[name]
    assert fates(rows, table) == {
        (each.file, each.line): fate for each, fate in zip(rows, expected, strict=True)
    }


def test_no_rows():
    for table in (CALLS, TICKETS):
        assert resolve(frame([], table), table).columns[-1] == FATE


def test_a_key_of_two_columns():
    staff = EXPORTS["staff"]
    rows = frame([Row(1), Row(2)], staff).with_columns(pl.Series("agent_id", ["1", "2"]))
    assert resolve(rows, staff)[FATE].to_list() == [ACCEPTED, ACCEPTED]


small = st.integers(1, 3)
any_rows = st.lists(
    st.builds(
        Row,
        file=st.integers(1, 5),
        line=st.integers(2, 6),
        key=st.sampled_from(["K", "L"]),
        content=st.sampled_from([A, B]),
        version=small,
        fixed=st.sampled_from([1, 1, 1, 2]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda each: (each.file, each.line),
)


@settings(max_examples=60)
@given(rows=any_rows, table=st.sampled_from([CALLS, TICKETS]), data=st.data())
def test_the_order_of_rows_changes_no_fate(rows, table, data):
    assert fates(data.draw(st.permutations(rows)), table) == fates(rows, table)


@settings(max_examples=60)
@given(rows=any_rows, table=st.sampled_from([CALLS, TICKETS]))
def test_one_row_of_each_key_stands_and_it_is_the_newest_valid_one(rows, table):
    found = fates(rows, table)
    for key in {each.key for each in rows}:
        own = sorted((each for each in rows if each.key == key), key=lambda r: (r.file, r.line))
        valid = own
        if table.fixed:
            valid = [each for each in own if each.fixed == own[0].fixed]
            order = sorted(valid, key=lambda r: (r.version, r.file, r.line))
        else:
            order = valid
        for each in own:
            if each not in valid:
                expected = QUARANTINED
            elif each == order[-1]:
                expected = ACCEPTED
            elif any(same(each, later, table) for later in order[order.index(each) + 1 :]):
                expected = DUPLICATE
            else:
                expected = SUPERSEDED
            assert found[each.file, each.line] == expected


def same(one: Row, other: Row, table: ExportTable) -> bool:
    """Whether two rows are equal in every column of the table."""
    if not table.version:
        return one.content == other.content
    return (one.content, one.version, one.fixed) == (other.content, other.version, other.fixed)


def call(call_id: str, day: str, time: str) -> dict[str, str]:
    return row(
        "calls",
        call_id=call_id,
        offered_at=f"{day} {time}:00",
        answered_at=f"{day} {time}:05",
        ended_at=f"{day} {time}:50",
    )


def test_a_call_that_a_correction_moves_to_the_next_month_counts_once_there(installation):
    deliver(
        installation,
        "calls_20230131.csv",
        [call("moves", "2023-01-31", "23:58"), call("stays", "2023-01-31", "23:59")],
    )
    bring_up_to_date(installation)
    assert details(installation, "calls", "2023-01")["call_id"].to_list() == ["moves", "stays"]
    deliver(installation, "calls_20230131_fix.csv", [call("moves", "2023-02-01", "00:01")])
    bring_up_to_date(installation)

    assert details(installation, "calls", "2023-01")["call_id"].to_list() == ["stays"]
    assert details(installation, "calls", "2023-02")["call_id"].to_list() == ["moves"]
    assert facts(installation, "calls", "2023-01")["offered"].sum() == 1
    assert facts(installation, "calls", "2023-02")["offered"].sum() == 1
    found = account(installation).select(
        "read", "accepted", "quarantined", "duplicate", "superseded"
    )
    assert sorted(found.rows()) == [(1, 1, 0, 0, 0), (2, 1, 0, 0, 1)]


def test_a_call_that_is_moved_back_empties_the_month_again(installation):
    deliver(installation, "calls_20230131.csv", [call("moves", "2023-01-31", "23:58")])
    deliver(installation, "calls_20230131_a.csv", [call("moves", "2023-02-01", "00:01")])
    bring_up_to_date(installation)
    # The same bytes as at first would repeat the first file and change nothing.
    back = [call("moves", "2023-01-31", "23:58")] * 2
    deliver(installation, "calls_20230131_b.csv", back)
    bring_up_to_date(installation)
    assert details(installation, "calls", "2023-01").height == 1
    assert details(installation, "calls", "2023-02").height == 0
    assert facts(installation, "calls", "2023-02")["offered"].sum() == 0
    found = account(installation).select("accepted", "duplicate", "superseded")
    assert sorted(found.rows()) == [(0, 0, 1), (0, 1, 0), (1, 1, 0)]


def test_a_ticket_whose_acceptance_moves_to_another_month_is_quarantined_there(installation):
    first = row("tickets", accepted_at="2023-01-05 08:05:00")
    moved = row(
        "tickets",
        accepted_at="2023-02-01 08:05:00",
        dispatched_at="2023-02-01 08:10:00",
        updated_at="2023-02-01 08:10:00",
    )
    deliver(installation, "tickets_20230105.csv", [first])
    deliver(installation, "tickets_20230201.csv", [moved])
    bring_up_to_date(installation)
    assert details(installation, "tickets", "2023-01").height == 1
    assert details(installation, "tickets", "2023-02").height == 0
    assert account(installation).select("accepted", "quarantined").rows() == [(1, 0), (0, 1)]
