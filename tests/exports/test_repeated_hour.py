"""An hour that a change of clocks repeats: the other times say which it was, or it is counted."""

import pytest

from pipelines.cli.state import state
from tests.driver import bring_up_to_date, deliver, facts, set_profile
from tests.samples import row

NIGHT = "2023-11-05"


@pytest.mark.parametrize(
    ("offered", "answered", "ended", "talk", "is_open"),
    [
        ("01:50:00", "01:50:10", "02:05:00", 890, True),
        ("00:50:00", "00:50:10", "01:05:00", 890, True),
        ("01:50:00", "01:50:10", "01:05:00", 890, False),
        ("01:10:00", "01:10:10", "01:20:00", 590, True),
        ("00:10:00", "00:10:10", "00:20:00", 590, False),
    ],
)
def test_the_shortest_reading_in_order_is_taken_and_others_are_counted(
    installation, offered, answered, ended, talk, is_open
):
    set_profile(installation, time_zone="America/New_York")
    times = {"offered_at": offered, "answered_at": answered, "ended_at": ended}
    cells = {name: f"{NIGHT} {time}" for name, time in times.items()}
    deliver(installation, "calls_20231106.csv", [row("calls", **cells)])
    bring_up_to_date(installation)
    found = facts(installation, "calls", "2023-11")
    assert (found["offered"].sum(), found["talk_seconds"].sum()) == (1, talk)
    told = [sentence for each in state(installation).datasets.values() for sentence in each.noticed]
    assert any("两种读法" in sentence for sentence in told) == is_open
