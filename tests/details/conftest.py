"""A warehouse in which rows of every fate are staged."""

from datetime import date, timedelta

import pytest

from tests.driver import deliver, take_all
from tests.samples import row


@pytest.fixture
def filled(installation):
    """Two months with versions, repetitions, a moved call, a changed acceptance, callbacks."""
    before: list[dict[str, str]] = []
    for number in range(1, 41):
        day = date(2023, 1, 11) + timedelta(days=number)
        calls, tickets = [], []
        for n in range(3):
            moment = f"{day} 0{n + 7}:05"
            calls.append(
                row(
                    "calls",
                    call_id=f"c{number * 7 % 41:02d}{n}",
                    caller=f"1380013{number % 5}{n:03d}",
                    offered_at=f"{moment}:00",
                    answered_at=f"{moment}:05",
                    ended_at=f"{moment}:50",
                )
            )
            tickets.append(
                row(
                    "tickets",
                    ticket_id=f"t{number * 7 % 41:02d}{n}",
                    call_id=f"c{number * 7 % 41:02d}{n}",
                    accepted_at=f"{moment}:00",
                    dispatched_at=f"{moment}:10",
                    updated_at=f"{moment}:10",
                )
            )
        if before:  # Each day brings one ticket of the day before again, and changes another.
            tickets += [before[0], before[1] | {"status": "退回", "updated_at": f"{day} 23:00:00"}]
        before = tickets[:3]
        deliver(installation, f"calls_{day:%Y%m%d}.csv", calls)
        deliver(installation, f"tickets_{day:%Y%m%d}.csv", tickets)
        deliver(
            installation,
            f"callbacks_{day:%Y%m%d}.csv",
            [
                row(
                    "callbacks",
                    callback_id=f"b{number}",
                    ticket_id=tickets[0]["ticket_id"],
                    called_at=f"{day} 15:00:00",
                )
            ],
        )
    moved = {"offered_at": "2023-02-03 07:00:00", "answered_at": "2023-02-03 07:00:04"}
    deliver(
        installation,
        "calls_20230301.csv",
        [row("calls", call_id="c070", ended_at="2023-02-03 07:01:00", **moved)],
    )
    deliver(
        installation,
        "tickets_20230301.csv",
        [
            row(
                "tickets",
                ticket_id="t070",
                accepted_at="2023-02-03 07:00:00",
                dispatched_at="2023-02-03 07:10:00",
                updated_at="2023-02-03 07:10:00",
            )
        ],
    )
    take_all(installation)
    return installation
