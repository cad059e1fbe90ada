"""calls and seats from a few literal rows, every measure literal."""

from datetime import date, timedelta

import polars as pl

from assets.facts.calls import calls_facts, seats_facts
from assets.facts.invariants import broken
from schemas import FACTS
from tests.facts.rows import by, call, detail, only
from tests.samples import row


def test_calls():
    found = by(
        calls_facts(
            detail(
                "calls",
                [
                    call("接通", "08:00:00", "08:00:15", "08:03:15"),
                    call("接通", "08:59:59", "09:00:15", "09:00:16"),
                    call("用户挂断", "08:10:00", "", "08:10:07"),
                    call("振铃超时", "08:20:00", "", "08:20:30"),
                    call("坐席拒接", "08:30:00", "", "08:30:03"),
                    call("测试", "08:40:00", "08:40:05", "08:41:05"),
                    call("测试", "08:41:00", "", "08:41:09"),
                    call("接通", "08:00:00", "08:00:00", "08:00:00", line="0916-12345"),
                    call("测试", "23:59:59", "", "23:59:59"),
                ],
            )
        ),
        "date",
        "hour",
        "line",
    )
    day = date(2023, 1, 5)
    assert found == {
        (day, 8, "12345"): {
            "offered": 5,
            "answered": 2,
            "hung_up": 1,
            "ring_timeout": 1,
            "agent_rejected": 1,
            "excluded_test": 2,
            "legs": 5,
            "answered_within_15s": 1,
            "answered_wait_seconds": 31,
            "lost_wait_seconds": 40,
            "talk_seconds": 181,
        },
        (day, 8, "0916-12345"): {
            "offered": 1,
            "answered": 1,
            "hung_up": 0,
            "ring_timeout": 0,
            "agent_rejected": 0,
            "excluded_test": 0,
            "legs": 1,
            "answered_within_15s": 1,
            "answered_wait_seconds": 0,
            "lost_wait_seconds": 0,
            "talk_seconds": 0,
        },
        (day, 23, "12345"): dict.fromkeys(FACTS["calls"].measures, 0) | {"excluded_test": 1},
    }


def test_times_of_a_day_are_local():
    late = row(
        "calls",
        offered_at="2023-01-05 23:59:59",
        answered_at="2023-01-06 00:00:01",
        ended_at="2023-01-06 00:00:02",
    )
    found = only(calls_facts(detail("calls", [late])))
    assert (found["date"], found["hour"]) == (date(2023, 1, 5), 23)
    assert timedelta(seconds=found["answered_wait_seconds"]) == timedelta(seconds=2)


def test_seats():
    rows = [
        call("接通", "08:00:00", "08:00:15", "08:03:15"),
        call("接通", "08:59:59", "09:00:15", "09:00:16"),
        call("接通", "08:10:00", "08:10:05", "08:10:16", agent_id="0008"),
        call("接通", "08:20:00", "08:20:05", "08:20:16", agent_id=""),
        call("坐席拒接", "08:30:00", "", "08:30:03", agent_id="0009"),
        call("测试", "08:40:00", "08:40:05", "08:41:05", agent_id="0010"),
        call("接通", "09:10:00", "09:10:05", "09:10:16", agent_id=""),
        call("接通", "23:59:59", "23:59:59", "23:59:59"),
    ]
    found = seats_facts(detail("calls", rows))
    day = date(2023, 1, 5)
    assert by(found, "date", "hour") == {(day, 8): {"agents": 2}, (day, 23): {"agents": 1}}
    # A call of several legs has all agents who answered it.
    legs = detail("calls", rows[:1]).with_columns(
        legs=3, agents=pl.lit(["0007", "0008", "0009"], pl.List(pl.String))
    )
    assert only(seats_facts(legs))["agents"] == 3
    assert broken("seats", found.collect()) == []
    assert broken("seats", found.collect().with_columns(agents=0)) == ["someone_answered"]
