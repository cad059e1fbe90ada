"""repeats: requests within thirty days, and no caller shown."""

from datetime import date
from typing import Any

import polars as pl

from assets.facts.invariants import broken
from assets.facts.repeats import repeats_facts
from tests.facts.rows import Rows, by, detail

UNIT = "市水务局"


def repeats(
    calls: dict[str, str], rows: Rows, month: str = "2023-02"
) -> dict[str, tuple[Any, ...]]:
    """Repeats: ticket -> first ticket, sequence, days since; `calls` says who made which call."""
    callers = {"call_id": list(calls), "caller_key": list(calls.values())}
    found = repeats_facts(detail("tickets", rows), calls=pl.LazyFrame(callers), month=month)
    assert broken("repeats", found.collect()) == []
    return {
        key: (each["first_ticket_id"], each["sequence"], each["days_since_first"])
        for key, each in by(found, "ticket_id").items()
    }


def asked(name: str, day: str, **more: str) -> dict[str, str]:
    """A ticket from the call of the same name."""
    clock = {"accepted_at": f"2023-{day}", "dispatched_at": ""}
    return {"ticket_id": name, "call_id": name, **clock, **more}


def test_repeats_within_thirty_days():
    rows = [
        asked("A", "01-03 23:59:59"),
        asked("B", "02-02 00:00:00"),
        asked("C", "02-02 23:59:59"),
        asked("D", "02-03 00:00:00"),
        asked("E", "02-03 00:00:00"),
    ]
    found = repeats(dict.fromkeys("ABCDE", "one"), rows)
    # On 3 February the first one is 31 days ago, and counts no more.
    assert found == {"B": ("A", 2, 30), "C": ("A", 3, 30), "D": ("B", 3, 1), "E": ("B", 4, 1)}
    assert repeats(dict.fromkeys("ABCDE", "one"), rows[::-1]) == found


def test_another_caller_or_subject_or_channel_or_a_voided_ticket_is_no_repeat():
    rows = [
        asked("A", "02-01 09:00:00"),
        asked("B", "02-02 09:00:00"),
        asked("C", "02-02 09:00:00", category="教育-入学招生"),
        asked("D", "02-02 09:00:00", status="已作废"),
        asked("E", "02-02 09:00:00", call_id="", channel="微信"),
        asked("F", "02-02 09:00:00"),
        asked("G", "02-03 09:00:00"),
    ]
    calls = dict.fromkeys("ACDG", "one") | {"B": "another"}
    assert repeats(calls, rows) == {"G": ("A", 2, 2)}


def test_repeats_do_not_depend_on_which_rows_are_left_out_early(monkeypatch):
    rows = [
        asked("A", "02-01 09:00:00"),
        asked("B", "02-02 09:00:00"),
        asked("C", "02-02 10:00:00"),
    ]
    calls = {"A": "one", "B": "another", "C": "one"}
    found = repeats(calls, rows)
    assert found == {"C": ("A", 2, 1)}
    # Every caller and category has the same number: all rows are looked at.
    monkeypatch.setattr(pl.Expr, "hash", lambda value: value.is_null().cast(pl.UInt64))
    assert repeats(calls, rows) == found


def test_repeats_show_the_later_ticket_and_no_caller():
    rows = [
        asked("A", "02-01 09:00:00", region="勉县"),
        asked("B", "02-04 09:00:00", region="洋县") | {"handling": "直接答复", "unit": ""},
    ]
    callers = pl.LazyFrame({"call_id": ["A", "B"], "caller_key": ["one", "one"]})
    found = repeats_facts(detail("tickets", rows), calls=callers, month="2023-02").collect()
    assert found.to_dicts() == [
        {
            "ticket_id": "B",
            "date": date(2023, 2, 4),
            "first_ticket_id": "A",
            "category": "城乡建设-供水",
            "region": "洋县",
            "unit": None,
            "first_date": date(2023, 2, 1),
            "sequence": 2,
            "days_since_first": 3,
        }
    ]
    for change in ({"sequence": 1}, {"days_since_first": 2}):
        assert (
            len(broken("repeats", found.with_columns(**{k: pl.lit(v) for k, v in change.items()})))
            == 1
        )
