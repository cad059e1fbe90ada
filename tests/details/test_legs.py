"""Rows that are legs of one call: literal cases, and what holds however legs lie in files."""

import random
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.details.legs import resolve_legs
from assets.details.resolve import ACCEPTED, DUPLICATE, FATE, JOINED, LINE, QUARANTINED, RANK
from assets.installation.installation import Installation
from assets.quarantine import calls_lacking_legs
from pipelines.cli.state import state
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE
from tests.driver import account, bring_up_to_date, deliver, details, facts, set_profile
from tests.samples import row

CALLS = EXPORTS["calls"]
START = datetime(2023, 1, 5, 8)
MIDNIGHT = "2023-01-31 23:5"
Leg = dict[str, Any]


def leg(call_id: str = "T", **changes: Any) -> Leg:
    """A leg that an agent answered after ten seconds, as the platform exports it."""
    answered = {
        "call_id": call_id,
        "agent_id": "0007",
        "outcome": "接通",
        "offered_at": "2023-01-05 08:00:00",
        "answered_at": "2023-01-05 08:00:10",
        "ended_at": "2023-01-05 08:03:10",
    }
    return row("calls", **(answered | changes))


FIRST = leg()
SECOND = leg(
    offered_at="2023-01-05 08:03:00",
    answered_at="2023-01-05 08:03:30",
    ended_at="2023-01-05 08:09:00",
    agent_id="0008",
    rating="满意",
)
RUNG = leg(answered_at="", ended_at="2023-01-05 08:00:08", outcome="振铃超时", agent_id="0001")
GAVE_UP = leg(answered_at="", ended_at="2023-01-05 08:01:00", outcome="用户挂断", agent_id="")
TESTED = leg(ended_at="2023-01-05 08:02:00", outcome="测试")


def with_legs(installation: Installation, **changes: Any) -> Installation:
    datasets = installation.profile.datasets
    calls = datasets["calls"].model_copy(update={"same_id": "legs", **changes})
    set_profile(installation, datasets=datasets | {"calls": calls})
    return installation


def one_call(installation: Installation, legs: list[Leg]) -> dict[str, Any]:
    deliver(with_legs(installation), "calls_20230105.csv", legs)
    bring_up_to_date(installation)
    (found,) = details(installation, "calls", "2023-01").to_dicts()
    return found


CASES: dict[str, tuple[list[Leg], dict[str, Any]]] = {
    "a transfer": (
        [FIRST, SECOND],
        {"answered": 10, "ended": 540, "agent_id": "0007", "outcome": "接通"},
    ),
    "rung in vain before": (
        [RUNG, FIRST],
        {"answered": 10, "ended": 190, "agent_id": "0007", "outcome": "接通"},
    ),
    "given up in the queue behind an answer": (
        [FIRST, GAVE_UP | {"ended_at": "2023-01-05 08:05:00"}],
        {"answered": 10, "ended": 300, "agent_id": "0007", "outcome": "接通"},
    ),
    "never answered": (
        [GAVE_UP, RUNG],
        {"answered": None, "ended": 60, "agent_id": None, "outcome": "用户挂断"},
    ),
    "rung by two, answered by none": (
        [RUNG, RUNG | {"agent_id": "0002", "ended_at": "2023-01-05 08:00:20"}],
        {"answered": None, "ended": 20, "agent_id": "0001", "outcome": "振铃超时"},
    ),
    "a test with an answer, then lost": (
        [TESTED, GAVE_UP | {"ended_at": "2023-01-05 08:04:00"}],
        {"answered": None, "ended": 240, "agent_id": None, "outcome": "用户挂断"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_legs_are_one_call(installation, name):
    legs, expected = CASES[name]
    found = one_call(installation, legs)
    offered = found["offered_at"]
    assert offered.replace(tzinfo=None) == START
    answered = found["answered_at"]
    assert {
        "answered": answered and (answered - offered).total_seconds(),
        "ended": (found["ended_at"] - offered).total_seconds(),
        "agent_id": found["agent_id"],
        "outcome": found["outcome"],
    } == expected
    assert found["legs"] == len(legs)
    counted = facts(installation, "calls", "2023-01")
    assert counted.select("offered", "legs").rows() == [(1, len(legs))]
    assert account(installation).select("read", "accepted", "joined").rows() == [
        (len(legs), 1, len(legs) - 1)
    ]


def test_a_call_counts_once_with_its_first_wait_and_all_its_agents(installation):
    one_call(installation, [FIRST, SECOND])
    (counted,) = facts(installation, "calls", "2023-01").to_dicts()
    assert counted["answered"] == counted["answered_within_15s"] == 1
    assert (counted["answered_wait_seconds"], counted["talk_seconds"]) == (10, 530)
    assert facts(installation, "seats", "2023-01")["agents"].to_list() == [2]


def test_equal_rows_are_one_leg_and_of_changed_ones_the_later_file_counts(installation):
    found = one_call(installation, [FIRST, FIRST, SECOND])
    assert found["legs"] == 2
    deliver(installation, "calls_20230105_b.csv", [SECOND | {"rating": "不满意"}])
    bring_up_to_date(installation)
    (found,) = details(installation, "calls", "2023-01").to_dicts()
    assert (found["legs"], found["rating"]) == (2, "不满意")
    columns = ("read", "accepted", "duplicate", "superseded", "joined")
    assert account(installation).sort("file").select(columns).rows() == [
        (3, 1, 1, 1, 0),
        (1, 0, 0, 0, 1),
    ]


def test_legs_on_both_sides_of_a_month_are_one_call_of_the_first(installation):
    with_legs(installation)
    before = leg(
        offered_at=f"{MIDNIGHT}5:00", answered_at=f"{MIDNIGHT}5:10", ended_at=f"{MIDNIGHT}9:00"
    )
    after = leg(
        offered_at="2023-02-01 00:00:30",
        answered_at="2023-02-01 00:00:50",
        ended_at="2023-02-01 00:06:00",
        agent_id="0008",
    )
    deliver(installation, "calls_20230201.csv", [after, leg("other") | {
        "offered_at": "2023-02-01 09:00:00",
        "answered_at": "2023-02-01 09:00:10",
        "ended_at": "2023-02-01 09:01:00",
    }])  # fmt: skip
    bring_up_to_date(installation)
    assert facts(installation, "calls", "2023-02")["offered"].sum() == 2
    deliver(installation, "calls_20230131.csv", [before])
    bring_up_to_date(installation)
    (january,) = facts(installation, "calls", "2023-01").to_dicts()
    assert (january["offered"], january["legs"], january["talk_seconds"]) == (1, 2, 650)
    assert facts(installation, "calls", "2023-02").select("offered", "legs").rows() == [(1, 1)]
    assert sorted(account(installation).select("read", "accepted", "joined").rows()) == [
        (1, 1, 0),
        (2, 1, 1),
    ]


def test_an_id_that_is_used_again_is_no_leg(installation):
    next_day = leg(
        offered_at="2023-01-06 08:00:00",
        answered_at="2023-01-06 08:00:10",
        ended_at="2023-01-06 08:01:00",
    )
    found = one_call(installation, [FIRST, next_day])
    assert found["legs"] == 1
    (file,) = account(installation).to_dicts()
    assert (file["read"], file["accepted"], file["quarantined"], file["joined"]) == (2, 1, 1, 0)
    (path,) = installation.warehouse.quarantine("calls").glob("*.parquet")
    assert pl.read_parquet(path)["rules"].to_list() == [["call_too_long"]]


def test_a_quarantined_leg_is_said_of_its_call(installation):
    broken = SECOND | {"offered_at": "2023-01-05 25:00:00"}
    with_legs(installation, quarantine_share=1.0)
    others = [leg(f"C{n}") for n in range(3)]
    deliver(installation, "calls_20230105.csv", [FIRST, broken, *others])
    bring_up_to_date(installation)
    assert calls_lacking_legs(installation.warehouse) == 1
    said = "".join(state(installation).datasets["calls"].noticed)
    assert "1 通电话有分段在隔离中" in said
    # Another leg of the call in a later file is no correction; one that names the row would be.
    deliver(installation, "calls_20230106.csv", [SECOND])
    bring_up_to_date(installation)
    assert calls_lacking_legs(installation.warehouse) == 1
    said = "".join(state(installation).datasets["calls"].noticed)
    assert "1 行是同一通电话的其他分段" in said


def test_without_the_statement_the_latest_row_stands(installation):
    deliver(installation, "calls_20230105.csv", [FIRST, SECOND])
    bring_up_to_date(installation)
    (counted,) = facts(installation, "calls", "2023-01").to_dicts()
    assert (counted["offered"], counted["legs"]) == (1, 1)
    assert account(installation)["superseded"].to_list() == [1]
    assert calls_lacking_legs(installation.warehouse) == 0


def frame(legs: list[tuple[Any, ...]]) -> pl.DataFrame:
    names = ("call_id", "offered_at", "answered_at", "ended_at", "agent_id", "outcome")
    moment = pl.Datetime("us", TIME_ZONE)
    schema = {name: moment if name.endswith("_at") else pl.String for name in names}
    rows = pl.DataFrame(legs, schema | {RANK: pl.Int64, LINE: pl.Int64}, orient="row")
    nothing = (pl.lit(None, pl.String).alias(n) for n in CALLS.stored_columns if n not in names)
    return rows.with_columns(nothing)


@st.composite
def some_legs(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    zone = datetime(2023, 1, 5, 8).astimezone().tzinfo
    found = []
    for line in range(draw(st.integers(1, 12))):
        second = draw(st.integers(0, 40)) * 600
        offered = START.replace(tzinfo=zone) + timedelta(seconds=second)
        wait, talk = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        outcome = draw(st.sampled_from(["接通", "用户挂断", "振铃超时"]))
        answered = offered + timedelta(seconds=wait) if outcome == "接通" else None
        ended = offered + timedelta(seconds=wait + talk)
        key, agent = draw(st.sampled_from("AB")), draw(st.sampled_from([None, "1", "2"]))
        file = draw(st.integers(1, 3))
        found.append((key, offered, answered, ended, agent, outcome, file, line))
    return found


@settings(max_examples=150)
@given(legs=some_legs(), seed=st.integers())
def test_whatever_the_legs_each_has_one_fate_and_each_call_one_row(legs, seed):
    rows = frame(legs)
    found = resolve_legs(rows, CALLS)
    assert sorted(found.select(RANK, LINE).rows()) == sorted(rows.select(RANK, LINE).rows())
    calls = found.filter(pl.col(FATE) == ACCEPTED)
    assert calls["call_id"].sort().to_list() == rows["call_id"].unique().sort().to_list()
    lengths = calls["ended_at"] - calls["offered_at"]
    assert (lengths <= timedelta(hours=6)).all()
    for call in calls.to_dicts():
        own = found.filter(
            pl.col("call_id") == call["call_id"], pl.col(FATE).is_in([ACCEPTED, JOINED])
        )
        assert call["legs"] == own.height
        counted = rows.join(own, on=[RANK, LINE], how="semi")
        assert (
            call["offered_at"]
            == counted["offered_at"].min()
            == min(leg[1] for leg in legs if leg[0] == call["call_id"])
        )
        assert call["ended_at"] == counted["ended_at"].max()
        assert call["answered_at"] == counted["answered_at"].min()
        assert (call["outcome"] == "接通") == counted["outcome"].eq("接通").any()
    again = found.filter(pl.col(FATE) == DUPLICATE)
    content = [*CALLS.stored_columns]
    assert again.join(rows, on=content, how="semi", nulls_equal=True).height == again.height
    assert set(found[FATE]) <= {ACCEPTED, JOINED, DUPLICATE, QUARANTINED, "superseded"}
    shuffled = rows.sample(fraction=1, shuffle=True, seed=random.Random(seed).getrandbits(32))
    place = [RANK, LINE]
    assert resolve_legs(shuffled, CALLS).sort(place).equals(found.sort(place))
