"""What arrived, and rows whose ticket or call is unknown."""

from datetime import date
from typing import Any

import polars as pl

from assets.facts.data_quality import data_quality_facts, periods_expected
from tests.driver import account, bring_up_to_date, deliver, facts
from tests.facts.rows import by
from tests.samples import row


def test_data_quality():
    def file(dataset: str, day: date, state: str, *counts: int) -> dict[str, Any]:
        names = ("read", "accepted", "quarantined", "duplicate", "superseded", "held", "clipped")
        own = {"dataset": dataset, "export_date": day, "state": state}
        return own | dict(zip(names, counts, strict=True))

    files = pl.DataFrame(
        [
            file("calls", date(2023, 2, 1), "taken", 10, 7, 1, 1, 1, 0, 2),
            file("calls", date(2023, 2, 1), "taken", 5, 5, 0, 0, 0, 0, 0),
            file("calls", date(2023, 2, 28), "taken", 0, 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 2, 27), "held", 6, 0, 0, 0, 0, 6, 0),
            file("calls", date(2023, 2, 3), "refused", 0, 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 3, 1), "taken", 9, 9, 0, 0, 0, 0, 0),
            file("callbacks", date(2023, 2, 1), "taken", 4, 4, 0, 0, 0, 0, 0),
            file("staff", date(2023, 2, 28), "taken", 3, 3, 0, 0, 0, 0, 0),
        ]
    )
    february = files.filter(pl.col("export_date").dt.month() == 2)
    found = by(data_quality_facts(february, "2023-02", {"callbacks": 3}).lazy(), "dataset")
    assert found == {
        "calls": {
            "periods_expected": 28,
            "periods_present": 2,
            "files": 3,
            "files_refused": 1,
            "files_held": 1,
            "read": 21,
            "accepted": 12,
            "quarantined": 1,
            "duplicate": 1,
            "superseded": 1,
            "held": 6,
            "clipped": 2,
            "unmatched": 0,
        },
        "callbacks": {
            "periods_expected": 28,
            "periods_present": 1,
            "files": 1,
            "files_refused": 0,
            "files_held": 0,
            "read": 4,
            "accepted": 4,
            "quarantined": 0,
            "duplicate": 0,
            "superseded": 0,
            "held": 0,
            "clipped": 0,
            "unmatched": 3,
        },
        "staff": {
            "periods_expected": 1,
            "periods_present": 1,
            "files": 1,
            "files_refused": 0,
            "files_held": 0,
            "read": 3,
            "accepted": 3,
            "quarantined": 0,
            "duplicate": 0,
            "superseded": 0,
            "held": 0,
            "clipped": 0,
            "unmatched": 0,
        },
    }
    assert [periods_expected("calls", each) for each in ("2023-01", "2024-02", "2023-04")] == [
        31,
        29,
        30,
    ]


def test_callbacks_are_matched_with_tickets_that_arrive_later(installation):
    deliver(installation, "callbacks_20230106.csv", [row("callbacks")])
    bring_up_to_date(installation)
    assert facts(installation, "callbacks", "2023-01")["unit"].to_list() == [None]
    assert facts(installation, "data_quality", "2023-01")["unmatched"].to_list() == [1]
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    bring_up_to_date(installation)
    assert facts(installation, "callbacks", "2023-01")["unit"].to_list() == ["市水务局"]
    assert facts(installation, "data_quality", "2023-01")["unmatched"].to_list() == [0, 0]
    assert account(installation)["accepted"].to_list() == [1, 1]


def test_every_unmatched_callback_is_counted_in_some_month(installation):
    late = row("callbacks", called_at="2023-01-31 23:50:00")
    deliver(installation, "callbacks_20230201.csv", [late])
    bring_up_to_date(installation)
    folder = installation.warehouse.current / "facts" / "data_quality"
    found = pl.concat([pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    assert found["unmatched"].sum() == 1
