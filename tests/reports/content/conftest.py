"""A day with rows, and releases that several tests read."""

from datetime import date

import pytest

from assets.reports.content.facts import Facts
from tests.reports.small import Small


@pytest.fixture
def small() -> Small:
    """Two weeks of files, and rows on the day, the day before and the same weekday before."""
    small = Small().taken("2023-05-10", "2023-05-23")
    small.add("calls", "2023-05-23", hour=9, offered=100, answered=90, answered_within_15s=80)
    small.add("calls", "2023-05-23", hour=20, offered=20, answered=15, answered_within_15s=15)
    small.add("calls", "2023-05-22", offered=100, answered=98)
    small.add("calls", "2023-05-16", offered=80, answered=76)
    direct = {"accepted": 6, "direct_answered": 6}
    small.add("tickets", "2023-05-23", **direct)
    small.add(
        "tickets",
        "2023-05-23",
        unit="水务局",
        handling="转办",
        ticket_type="投诉",
        channel="微信",
        region="城固县",
        category="噪声",
        accepted=4,
        dispatched=4,
    )
    small.add("tickets", "2023-05-16", accepted=5, direct_answered=5)
    small.add("workload", "2023-05-10", unit="水务局", opened=9)
    small.add("workload", "2023-05-20", unit="水务局", turned_overdue=3)
    small.add("workload", "2023-05-23", unit="水务局", closed=4, turned_overdue=1, overdue_closed=1)
    small.add("workload", "2023-05-23", unit="人社局", opened=2, turned_due_soon=2)
    return small


# name, handed over, closed late, dissatisfied of 20 reached, sent back
WORK = (
    ("丙局", 40, 0, 0, 0),
    ("乙局", 40, 0, 0, 0),
    ("甲局", 40, 0, 1, 0),
    ("丁局", 40, 4, 0, 0),
    ("戊局", 29, 0, 0, 0),
    ("己局", 30, 0, 0, 3),
    ("城固县人民政府", 50, 0, 0, 1),
    ("滨江新区管理委员会", 50, 0, 0, 2),
)


@pytest.fixture
def worked(tmp_path) -> Facts:
    """Units in May that differ in one thing each."""
    small = Small().taken("2023-04-01", "2023-05-31")
    for name, taken, late, unhappy, back in WORK:
        small.add("tickets", "2023-05-10", unit=name, handling="转办", accepted=taken,
                  dispatched=taken, closed=taken, returned_tickets=back)  # fmt: skip
        small.add("workload", "2023-05-10", unit=name, opened=taken, closed=taken,
                  turned_overdue=late, overdue_closed=late)  # fmt: skip
        small.add("callbacks", "2023-05-20", unit=name, attempts=20, reached=20,
                  satisfied=20 - unhappy, dissatisfied=unhappy, tickets_called=20)  # fmt: skip
    return small.release(tmp_path)


@pytest.fixture
def busy(tmp_path) -> Facts:
    """May 2023 begins on a Monday and has five Mondays, Tuesdays and Wednesdays."""
    small = Small().taken("2023-04-01", "2023-05-31")
    for number in (1, 8, 15, 22, 29):
        small.add("calls", date(2023, 5, number), hour=9, offered=60, answered=54, hung_up=4,
                  ring_timeout=2, answered_wait_seconds=540, lost_wait_seconds=660,
                  talk_seconds=54 * 180)  # fmt: skip
        small.add("seats", date(2023, 5, number), hour=9, agents=3)
    small.add("calls", "2023-05-02", hour=3, offered=2, answered=1, hung_up=1,
              answered_wait_seconds=0, lost_wait_seconds=0, talk_seconds=180)  # fmt: skip
    small.add("seats", "2023-05-02", hour=3, agents=1)
    return small.release(tmp_path)
