"""What arrived, and rows whose ticket or call is unknown."""

from datetime import date
from typing import Any

import polars as pl

from assets.facts.data_quality import data_quality_facts, periods_expected
from tests.driver import account, bring_up_to_date, deliver, facts, set_profile
from tests.facts.rows import by
from tests.samples import row


def test_data_quality():
    def file(dataset: str, day: date, state: str, *counts: int) -> dict[str, Any]:
        names = (
            "read",
            "accepted",
            "quarantined",
            "duplicate",
            "superseded",
            "joined",
            "held",
            "clipped",
        )
        own = {"dataset": dataset, "export_date": day, "state": state}
        return own | dict(zip(names, counts, strict=True))

    files = pl.DataFrame(
        [
            file("calls", date(2023, 2, 1), "taken", 12, 7, 1, 1, 1, 2, 0, 2),
            file("calls", date(2023, 2, 1), "taken", 5, 5, 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 2, 28), "taken", 0, 0, 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 2, 27), "held", 6, 0, 0, 0, 0, 0, 6, 0),
            file("calls", date(2023, 2, 3), "refused", 0, 0, 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 3, 1), "taken", 9, 9, 0, 0, 0, 0, 0, 0),
            file("callbacks", date(2023, 2, 1), "taken", 4, 4, 0, 0, 0, 0, 0, 0),
            file("staff", date(2023, 2, 28), "taken", 3, 3, 0, 0, 0, 0, 0, 0),
        ]
    )
    february = files.filter(pl.col("export_date").dt.month() == 2)
    noted = {"callbacks": {"unmatched": 3}, "tickets": {"reopened": 2}}
    found = by(data_quality_facts(february, "2023-02", noted).lazy(), "dataset")
    assert found.pop("tickets")["reopened"] == 2
    for own in found.values():
        of_tickets = ("merged_unknown", "merged_circular", "reopened", "changed_after_closing")
        assert [own.pop(name) for name in of_tickets] == [0, 0, 0, 0]
    assert found == {
        "calls": {
            "periods_expected": 28,
            "periods_present": 2,
            "files": 3,
            "files_refused": 1,
            "files_held": 1,
            "read": 23,
            "accepted": 12,
            "quarantined": 1,
            "duplicate": 1,
            "superseded": 1,
            "joined": 2,
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
            "joined": 0,
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
            "joined": 0,
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


def ticket(number: int, **changes: str) -> dict[str, Any]:
    return row("tickets", ticket_id=f"T{number}", call_id="", **changes)


def merged(number: int, into: int) -> dict[str, Any]:
    done = {"status": "已并单", "closed_at": "2023-01-05 09:00:00"}
    return ticket(number, merged_into=f"T{into}", **done)


def test_tickets_merged_in_circles_or_into_unknown_ones_are_counted(installation):
    in_february = {"accepted_at": "2023-02-01 08:00:00", "dispatched_at": "2023-02-01 08:00:00"}
    # 1 into 2 into 3, which stands; 4 and 5 in a circle, 6 into it; 7 and 8 into none that came.
    rows = [merged(1, 2), merged(2, 3), ticket(3), merged(4, 5), merged(5, 4), merged(6, 5)]
    deliver(installation, "tickets_20230105.csv", [*rows, merged(7, 99), merged(8, 10)])
    bring_up_to_date(installation)
    counted = ["merged_unknown", "merged_circular"]
    found = facts(installation, "data_quality", "2023-01").filter(dataset="tickets")
    assert found.select(counted).row(0) == (2, 3)
    # The ticket that 8 was merged into comes in the month after.
    later = ticket(10, updated_at="2023-02-01 09:00:00", **in_february)
    deliver(installation, "tickets_20230201.csv", [later])
    bring_up_to_date(installation)
    found = facts(installation, "data_quality", "2023-01").filter(dataset="tickets")
    assert found.select(counted).row(0) == (1, 3)


def test_tickets_that_change_after_they_were_closed_are_counted_once(installation):
    closed = {"status": "已办结", "closed_at": "2023-01-05 12:00:00"}
    days = {
        # Reopened; changed and still closed; only sent again; closed in the end; given up.
        "05": [
            ticket(1, **closed),
            ticket(2, **closed),
            ticket(3, **closed),
            ticket(4),
            ticket(5, **closed),
        ],
        "06": [
            ticket(1),
            ticket(2, **closed, region="南郑区"),
            ticket(3, **closed),
            ticket(4, **closed),
            ticket(5, status="已作废"),
        ],
        "07": [ticket(1, returns="1"), ticket(2, **closed, region="城固县")],
    }
    for day, rows in days.items():
        changed = [each | {"updated_at": f"2023-01-{day} 20:00:00"} for each in rows]
        deliver(installation, f"tickets_202301{day}.csv", changed)
    bring_up_to_date(installation)
    found = facts(installation, "data_quality", "2023-01").filter(dataset="tickets")
    assert found.select("reopened", "changed_after_closing").row(0) == (1, 1)


def test_a_profile_may_say_that_closed_at_counts_only_when_closed(installation):
    foreseen = ticket(1, closed_at="2023-01-05 18:00:00")
    rows = [foreseen, ticket(2, status="已办结", closed_at="2023-01-05 12:00:00")]
    deliver(installation, "tickets_20230105.csv", rows)
    bring_up_to_date(installation)
    assert account(installation)["quarantined"].to_list() == [1]
    tickets = installation.profile.datasets["tickets"]
    said = tickets.model_copy(update={"closed_at_when_closed": True})
    set_profile(installation, datasets={**installation.profile.datasets, "tickets": said})
    bring_up_to_date(installation)
    assert account(installation).select("quarantined", "accepted").row(0) == (0, 2)
    shown = facts(installation, "tickets", "2023-01").select("closed", "open_in_time").sum().row(0)
    assert shown == (1, 1)
