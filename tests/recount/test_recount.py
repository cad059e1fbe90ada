"""The recount's own arithmetic, against figures worked out by hand.

The calendar is that of National Day 2023: Friday 29 September to Friday 6 October off, Saturday 7
and Sunday 8 October worked.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.recount import DATASETS, recount
from tests.samples import row, write

CALENDAR = "date,day,festival\n" + "".join(
    f"2023-{day},{what},国庆节\n"
    for what, days in {
        "休": ("09-29", "10-02", "10-03", "10-04", "10-05", "10-06"),
        "班": ("10-07", "10-08"),
    }.items()
    for day in days
)
CUTOFF = datetime(2023, 10, 12)
THURSDAY = "2023-09-28 16:40:00"
Rows = list[dict[str, Any]]


class Recounted:
    """Facts of a few exports, as dicts."""

    def __init__(self, folder: Path, files: dict[str, Rows], cutoff: datetime = CUTOFF) -> None:
        landing = folder / "landing"
        for dataset in DATASETS:
            write(landing, f"{dataset}_20230101.csv", [])
        for name, rows in files.items():
            write(landing, f"{name}.csv", rows)
        calendar = folder / "calendar.csv"
        calendar.write_text(CALENDAR, encoding="utf-8")
        self._database = recount(landing, cutoff=cutoff, working_days=calendar)

    def rows(self, table: str) -> Rows:
        found = self._database.execute(f"SELECT * FROM {table} ORDER BY ALL")
        names = [each[0] for each in found.description or ()]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def only(self, table: str) -> dict[str, Any]:
        (single,) = self.rows(table)
        return single


def ticket(**changes: Any) -> dict[str, Any]:
    closed = {"status": "已办结"} if changes.get("closed_at") else {}
    return row("tickets", **({"accepted_at": THURSDAY} | closed | changes))


def measures(found: dict[str, Any]) -> dict[str, Any]:
    """What is not zero, without the grain."""
    return {name: value for name, value in found.items() if isinstance(value, int) and value}


@pytest.mark.parametrize(
    ("kind", "last_second", "first_late"),
    [
        ("求助", "2023-10-11 23:59:59", "2023-10-12 00:00:00"),
        ("咨询", "2023-10-09 23:59:59", "2023-10-10 00:00:00"),
    ],
)
def test_working_days_skip_the_holiday_and_count_the_worked_weekend(
    tmp_path: Path, kind: str, last_second: str, first_late: str
) -> None:
    found = Recounted(
        tmp_path,
        {
            "tickets_20231012": [
                ticket(ticket_id="A", ticket_type=kind, closed_at=last_second),
                ticket(ticket_id="B", ticket_type=kind, closed_at=first_late),
            ]
        },
    ).only("tickets")
    assert (found["month"], found["date"]) == ("2023-09", date(2023, 9, 28))
    assert (found["closed_on_time"], found["closed_late"]) == (1, 1)


def test_a_ticket_accepted_in_the_holiday_counts_from_the_worked_saturday(tmp_path: Path) -> None:
    accepted = {"accepted_at": "2023-10-01 09:00:00", "ticket_type": "咨询"}
    found = Recounted(
        tmp_path,
        {
            "tickets_20231012": [
                ticket(ticket_id="A", closed_at="2023-10-09 23:59:59", **accepted),
                ticket(ticket_id="B", closed_at="2023-10-10 00:00:00", **accepted),
            ]
        },
    ).only("tickets")
    assert (found["closed_on_time"], found["closed_late"]) == (1, 1)


def test_an_emergency_has_two_hours_to_the_second(tmp_path: Path) -> None:
    found = Recounted(
        tmp_path,
        {
            "tickets_20230928": [
                ticket(ticket_id="A", urgency="突发", closed_at="2023-09-28 18:40:00"),
                ticket(ticket_id="B", urgency="突发", closed_at="2023-09-28 18:40:01"),
            ]
        },
    ).only("tickets")
    assert (found["closed_on_time"], found["closed_late"]) == (1, 1)
    assert found["close_seconds"] == 7200 + 7201


def test_an_extension_counts_only_where_it_is_later(tmp_path: Path) -> None:
    later = {"extended_to": "2023-10-20 12:00:00"}
    found = Recounted(
        tmp_path,
        {
            "tickets_20231021": [
                ticket(ticket_id="A", closed_at="2023-10-20 12:00:00", **later),
                ticket(ticket_id="B", closed_at="2023-10-20 12:00:01", **later),
                ticket(
                    ticket_id="C",
                    closed_at="2023-10-11 20:00:00",
                    extended_to="2023-10-08 12:00:00",
                ),
            ]
        },
    ).only("tickets")
    assert (found["closed_on_time"], found["closed_late"], found["extended"]) == (2, 1, 3)


@pytest.mark.parametrize(
    ("cutoff", "open_in_time", "open_overdue"),
    [
        (datetime(2023, 10, 11, 23, 59, 59), 2, 0),
        (datetime(2023, 10, 12), 1, 1),
        (datetime(2023, 10, 11, 16, tzinfo=UTC), 1, 1),
    ],
)
def test_open_tickets_are_judged_at_the_cutoff(
    tmp_path: Path, cutoff: datetime, open_in_time: int, open_overdue: int
) -> None:
    direct = ticket(ticket_id="B", handling="直接答复", status="受理", dispatched_at="", unit="-")
    files = {"tickets_20230928": [ticket(ticket_id="A"), direct]}
    found = Recounted(tmp_path, files, cutoff).rows("tickets")
    assert {(each["handling"], each["unit"]) for each in found} == {
        ("转办", "市水务局"),
        ("直接答复", None),
    }
    assert sum(each["open_in_time"] for each in found) == open_in_time
    assert sum(each["open_overdue"] for each in found) == open_overdue


def test_merged_is_accepted_and_closed_and_voided_is_neither(tmp_path: Path) -> None:
    closed = {"closed_at": "2023-09-28 16:41:00"}
    merged = ticket(ticket_id="A", status="已并单", merged_into="C", returns="2", **closed)
    voided = ticket(ticket_id="B", status="已作废", returns="1", extended_to="2023-10-20 12:00:00")
    found = Recounted(tmp_path, {"tickets_20230928": [merged, voided]}).only("tickets")
    assert measures(found) == {
        "accepted": 1,
        "dispatched": 1,
        "closed": 1,
        "closed_on_time": 1,
        "merged": 1,
        "returned_tickets": 1,
        "returns": 2,
        "close_seconds": 60,
        "excluded_void": 1,
    }


def test_the_latest_version_stands_then_the_later_file(tmp_path: Path) -> None:
    version = {"ticket_id": "A", "updated_at": "2023-10-09 10:00:00"}
    files = {
        "tickets_20231011": [ticket(category="第三", **version)],
        "tickets_20231010": [ticket(category="第二", **version)],
        "tickets_20231012": [
            ticket(ticket_id="A", category="第一", updated_at="2023-10-08 10:00:00")
        ],
    }
    assert Recounted(tmp_path, files).only("tickets")["category"] == "第三"


def test_callbacks_take_unit_and_type_from_tickets_accepted_by_then(tmp_path: Path) -> None:
    def attempt(number: int, about: str, at: str, **changes: Any) -> dict[str, Any]:
        return row("callbacks", callback_id=f"HF{number}", ticket_id=about, called_at=at, **changes)

    missed = {"result": "未接通", "satisfaction": ""}
    files = {
        "tickets_20231001": [
            ticket(ticket_id="A", unit="市水务局"),
            ticket(ticket_id="B", unit="市城管局", accepted_at="2023-10-01 09:00:00"),
        ],
        "callbacks_20230930": [
            attempt(2, "A", "2023-09-30 09:00:00", **missed),
            attempt(1, "A", "2023-09-30 09:00:00", result="拒访", satisfaction="-"),
            attempt(3, "B", "2023-09-30 09:00:00", satisfaction=""),
        ],
        "callbacks_20231002": [
            attempt(4, "A", "2023-10-02 09:00:00", satisfaction="基本满意"),
            attempt(5, "C", "2023-10-02 09:00:00", satisfaction="未评价"),
        ],
    }
    found = {
        (each["month"], each["unit"], each["ticket_type"]): measures(each)
        for each in Recounted(tmp_path, files).rows("callbacks")
    }
    assert found == {
        ("2023-09", "市水务局", "求助"): {"attempts": 2, "refused": 1, "tickets_called": 1},
        ("2023-09", None, None): {"attempts": 1, "reached": 1, "unrated": 1, "tickets_called": 1},
        ("2023-10", "市水务局", "求助"): {"attempts": 1, "reached": 1, "basically_satisfied": 1},
        ("2023-10", None, None): {"attempts": 1, "reached": 1, "unrated": 1, "tickets_called": 1},
    }


def test_calls_split_by_outcome_and_test_calls_stand_apart(tmp_path: Path) -> None:
    def call(outcome: str, answered: str, ended: str) -> dict[str, Any]:
        times = {"offered_at": "2023-01-31 23:59:50", "ended_at": f"2023-02-01 {ended}"}
        return row("calls", outcome=outcome, answered_at=answered, **times)

    found = Recounted(
        tmp_path,
        {
            "calls_20230131": [
                call("接通", "2023-02-01 00:00:05", "00:01:05"),
                call("接通", "2023-02-01 00:00:06", "00:01:06"),
                call("用户挂断", "", "00:00:10"),
                call("振铃超时", "-", "00:00:20"),
                call("坐席拒接", "", "00:00:00"),
                call("测试", "2023-02-01 00:00:00", "00:09:00"),
            ]
        },
    ).only("calls")
    assert (found["month"], found["date"]) == ("2023-01", date(2023, 1, 31))
    assert measures(found) == {
        "hour": 23,
        "offered": 5,
        "legs": 5,
        "answered": 2,
        "hung_up": 1,
        "ring_timeout": 1,
        "agent_rejected": 1,
        "excluded_test": 1,
        "answered_within_15s": 1,
        "answered_wait_seconds": 15 + 16,
        "lost_wait_seconds": 20 + 30 + 10,
        "talk_seconds": 60 + 60,
    }


def test_quality_knowledge_and_staff_are_counted(tmp_path: Path) -> None:
    found = Recounted(
        tmp_path,
        {
            "quality_20230106": [
                row("quality", score="0.1"),
                row("quality", score="0.2"),
                row("quality", score="60", passed="否"),
            ],
            "knowledge_20230105": [
                row("knowledge"),
                row("knowledge", action="修改"),
                row("knowledge", action="作废"),
            ],
            "staff_202301": [
                row("staff", assessment="优秀"),
                row("staff", assessment="不合格"),
                row("staff", on_duty="否", assessment="未考评"),
            ],
        },
    )
    assert found.only("quality") == {
        "month": "2023-01",
        "date": date(2023, 1, 6),
        "mode": "事后",
        "monitored": 3,
        "passed": 2,
        "score_sum": 60.3,
    }
    assert measures(found.only("knowledge")) == {"added": 1, "revised": 1, "retired": 1}
    assert found.only("staff") == {
        "month": "2023-01",
        "position": "话务员",
        "on_duty": 2,
        "assessed": 2,
        "passed": 1,
    }


def test_text_over_several_lines_and_empty_days_are_read(tmp_path: Path) -> None:
    text = '第一行\n第二行，"引号", 逗号\r\n第三行'
    files = {"tickets_20230928": [ticket(content=text), ticket(ticket_id="B", sector="-")]}
    found = Recounted(tmp_path, files)
    assert found.only("tickets")["accepted"] == 2
    others = [table for table in DATASETS if table != "tickets"]
    assert [found.rows(table) for table in others] == [[]] * 5


def test_what_happens_to_dispatched_tickets_is_dated(tmp_path: Path) -> None:
    # Accepted on Thursday 28 September, due at the end of Wednesday 11 October.
    files = {
        "tickets_20231012": [
            ticket(ticket_id="A"),
            ticket(ticket_id="B", closed_at="2023-10-10 23:59:59"),
            ticket(ticket_id="C", closed_at="2023-10-11 23:59:59"),
            ticket(ticket_id="D", closed_at="2023-10-12 00:00:00"),
            ticket(ticket_id="E", status="已作废"),
            ticket(ticket_id="F", handling="直接答复", dispatched_at="", unit=""),
        ]
    }
    found = {
        (each["month"], each["date"].isoformat()): measures(each)
        for each in Recounted(tmp_path, files, datetime(2023, 10, 12)).rows("workload")
    }
    assert found == {
        ("2023-09", "2023-09-28"): {"opened": 4},
        ("2023-09", "2023-10-10"): {"closed": 1, "turned_due_soon": 3},
        ("2023-09", "2023-10-11"): {"closed": 1, "turned_overdue": 2, "due_soon_ended": 3},
        ("2023-09", "2023-10-12"): {"closed": 1, "overdue_closed": 1},
    }


def test_followed_tickets_are_listed(tmp_path: Path) -> None:
    files = {
        "tickets_20231012": [
            ticket(ticket_id="A", sector="欠薪", title="长" * 61),
            ticket(ticket_id="B", sector="欠薪", status="已作废"),
            ticket(ticket_id="C"),
            ticket(ticket_id="D", sector="欠薪", handling="直接答复", dispatched_at="", unit=""),
        ]
    }
    found = Recounted(tmp_path, files).only("focus_tickets")
    assert found["ticket_id"] == "A"
    assert found["deadline"] == datetime.fromisoformat("2023-10-11T23:59:59+08:00")


def test_a_caller_asks_again(tmp_path: Path) -> None:
    days = {"A": "09-01", "B": "09-30", "C": "10-01", "D": "10-02"}
    files = {
        "calls_20230901": [row("calls", call_id=each, caller="13800138000") for each in days],
        "tickets_20231002": [
            ticket(ticket_id=each, call_id=each, accepted_at=f"2023-{day} 09:00:00")
            for each, day in days.items()
        ],
    }
    found = Recounted(tmp_path, files).rows("repeats")
    assert [
        (each["ticket_id"], each["first_ticket_id"], each["sequence"], each["days_since_first"])
        for each in found
    ] == [("B", "A", 2, 29), ("C", "A", 3, 30), ("D", "B", 3, 2)]


def test_agents_are_counted_once_an_hour(tmp_path: Path) -> None:
    calls = [row("calls", agent_id=each) for each in ("0007", "0007", "0008", "")]
    calls.append(row("calls", agent_id="0009", outcome="坐席拒接", answered_at=""))
    found = Recounted(tmp_path, {"calls_20230105": calls}).only("seats")
    assert measures(found) == {"hour": 8, "agents": 2}
