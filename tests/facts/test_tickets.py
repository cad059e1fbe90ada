"""tickets, workload, focus_tickets and callbacks from a few literal rows."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.deadlines.due import DEADLINE
from assets.facts.invariants import broken
from assets.facts.tickets import callbacks_facts, focus_tickets_facts, tickets_facts, workload_facts
from schemas import FACTS
from schemas.wall_clock import TIME_ZONE
from tests.facts.rows import DIRECT, Rows, at, by, closed, detail, moment, only, with_deadlines
from tests.samples import VALID


def tickets(rows: Rows, cutoff: str = "2023-02-01 00:00:00") -> pl.LazyFrame:
    """Facts of tickets whose deadline is given with them."""
    frame = detail("tickets", [{k: v for k, v in each.items() if k != DEADLINE} for each in rows])
    deadlines = [moment(each.get(DEADLINE, "2023-01-12 23:59:59")) for each in rows]
    due = pl.Series(DEADLINE, deadlines, dtype=pl.Datetime("us", TIME_ZONE))
    until = moment(cutoff)
    assert until is not None
    return tickets_facts(frame.with_columns(due), cutoff=until)


def test_tickets():
    found = by(
        tickets(
            [
                closed("2023-01-12 23:59:59"),
                closed("2023-01-13 00:00:00", returns="2", extended_to="2023-01-06 00:00:00"),
                {"returns": "1"},
                {DEADLINE: "2023-02-01 00:00:00"},
                {
                    "status": "退回",
                    DEADLINE: "2023-02-02 23:59:59",
                    "extended_to": "2023-02-02 23:59:59",
                },
                closed("2023-01-05 09:05:00", status="已并单", merged_into="HZ1"),
                {"status": "已作废", "returns": "3", "extended_to": "2023-02-02 23:59:59"},
                DIRECT | closed("2023-01-05 08:05:30"),
                DIRECT | {"status": "受理"},
                DIRECT | {"status": "已作废"},
            ]
        ),
        "handling",
    )
    grain = {name: VALID["tickets"][name] or None for name in FACTS["tickets"].grain[2:-1]}
    assert found == {
        "转办": grain
        | {
            "date": date(2023, 1, 5),
            "accepted": 6,
            "direct_answered": 0,
            "dispatched": 6,
            "closed": 3,
            "closed_on_time": 2,
            "closed_late": 1,
            "open_in_time": 2,
            "open_overdue": 1,
            "merged": 1,
            "returned_tickets": 2,
            "returns": 3,
            "extended": 2,
            "close_seconds": 662_099 + 662_100 + 3_600,
            "excluded_void": 1,
        },
        "直接答复": grain
        | {
            "unit": None,
            "date": date(2023, 1, 5),
            "accepted": 2,
            "direct_answered": 2,
            "dispatched": 0,
            "closed": 1,
            "closed_on_time": 1,
            "closed_late": 0,
            "open_in_time": 1,
            "open_overdue": 0,
            "merged": 0,
            "returned_tickets": 0,
            "returns": 0,
            "extended": 0,
            "close_seconds": 30,
            "excluded_void": 1,
        },
    }


def test_an_open_ticket_is_overdue_only_after_the_last_second_of_its_deadline():
    for cutoff, overdue in {"2023-01-12 23:59:59": 0, "2023-01-13 00:00:00": 1}.items():
        found = only(tickets([{}], cutoff))
        assert (found["open_overdue"], found["open_in_time"]) == (overdue, 1 - overdue)


UNIT = "市水务局"


AS_OF = "2023-02-01 00:00:00"


def workload(*rows: dict[str, Any], as_of: str = AS_OF) -> dict[str, dict[str, int]]:
    """What happened, by day; zeros left out."""
    found = workload_facts(with_deadlines(list(rows)), as_of=at(as_of))
    return {
        str(day): {name: count for name, count in each.items() if count and name != "unit"}
        for day, each in by(found, "date").items()
    }


OPENED = {"2023-01-05": {"opened": 1}}


@pytest.mark.parametrize(
    ("ticket", "events"),
    {
        "closed before it became due soon": (
            closed("2023-01-11 23:59:59"),
            {"2023-01-11": {"closed": 1}},
        ),
        "closed a second after it became due soon": (
            closed("2023-01-12 00:00:00"),
            {
                "2023-01-11": {"turned_due_soon": 1},
                "2023-01-12": {"closed": 1, "due_soon_ended": 1},
            },
        ),
        "closed exactly at the deadline": (
            closed("2023-01-12 23:59:59"),
            {
                "2023-01-11": {"turned_due_soon": 1},
                "2023-01-12": {"closed": 1, "due_soon_ended": 1},
            },
        ),
        "closed a second after the deadline": (
            closed("2023-01-13 00:00:00"),
            {
                "2023-01-11": {"turned_due_soon": 1},
                "2023-01-12": {"turned_overdue": 1, "due_soon_ended": 1},
                "2023-01-13": {"closed": 1, "overdue_closed": 1},
            },
        ),
        "merged": (
            closed("2023-01-06 09:00:00", status="已并单", merged_into="HZ1"),
            {"2023-01-06": {"closed": 1}},
        ),
        "extended: as if it had had its last deadline from the start": (
            {"extended_to": "2023-01-20 23:59:59", DEADLINE: "2023-01-20 23:59:59"}
            | closed("2023-01-15 09:00:00"),
            {"2023-01-15": {"closed": 1}},
        ),
        "open and overdue at the cutoff": (
            {},
            {
                "2023-01-11": {"turned_due_soon": 1},
                "2023-01-12": {"turned_overdue": 1, "due_soon_ended": 1},
            },
        ),
        "open, due in more than a day": ({DEADLINE: "2023-02-02 00:00:00"}, {}),
        "open, due in less than a day": (
            {DEADLINE: "2023-02-01 23:59:59"},
            {"2023-01-31": {"turned_due_soon": 1}},
        ),
        "open, due at this second": (
            {DEADLINE: AS_OF},
            {"2023-01-31": {"turned_due_soon": 1}},
        ),
        "without a deadline, open": ({DEADLINE: ""}, {}),
        "without a deadline, closed": (
            {DEADLINE: ""} | closed("2023-01-06 09:00:00"),
            {"2023-01-06": {"closed": 1}},
        ),
        "known to be closed after the cutoff": (
            {DEADLINE: "2023-02-01 08:00:00"} | closed("2023-02-01 09:00:00"),
            {
                "2023-01-31": {"turned_due_soon": 1},
                "2023-02-01": {
                    "closed": 1,
                    "turned_overdue": 1,
                    "overdue_closed": 1,
                    "due_soon_ended": 1,
                },
            },
        ),
    }.values(),
)
def test_workload_of_one_ticket(ticket, events):
    assert workload(ticket) == OPENED | events


def test_a_ticket_due_within_a_day_is_due_soon_from_the_start():
    urgent = {"urgency": "突发", DEADLINE: "2023-01-05 10:05:00"}
    assert workload(urgent | closed("2023-01-05 10:05:00")) == {
        "2023-01-05": {"opened": 1, "turned_due_soon": 1, "closed": 1, "due_soon_ended": 1}
    }
    assert workload(urgent, as_of="2023-01-05 10:05:00") == {
        "2023-01-05": {"opened": 1, "turned_due_soon": 1}
    }
    # Closed in the second in which it was accepted: it was open at no moment.
    assert workload(urgent | closed("2023-01-05 08:05:00")) == {
        "2023-01-05": {"opened": 1, "closed": 1}
    }


def test_voided_and_directly_answered_tickets_are_no_workload():
    assert workload({"status": "已作废"}, DIRECT | closed("2023-01-05 08:06:00"), {}) == {
        "2023-01-05": {"opened": 1},
        "2023-01-11": {"turned_due_soon": 1},
        "2023-01-12": {"turned_overdue": 1, "due_soon_ended": 1},
    }


def test_workload_is_counted_for_each_unit():
    found = by(
        workload_facts(
            with_deadlines([{}, {}, {"unit": "市公安局"}]), as_of=at("2023-01-06 00:00:00")
        ),
        "date",
        "unit",
    )
    day = date(2023, 1, 5)
    zero = dict.fromkeys(FACTS["workload"].measures, 0)
    assert found == {
        (day, UNIT): zero | {"opened": 2},
        (day, "市公安局"): zero | {"opened": 1},
    }


HOURS = st.integers(0, 24 * 12)


LIVES = st.lists(
    st.tuples(HOURS, HOURS, st.none() | HOURS, st.sampled_from([0, 1])), min_size=1, max_size=6
)


@given(LIVES, st.integers(0, 24))
def test_states_at_every_midnight_are_those_that_the_clock_tells(lives, days):
    """Each state told from scratch at each midnight up to the cutoff, and sums as of `tickets`."""
    start, hour, second = at("2023-01-01 00:00:00"), timedelta(hours=1), timedelta(seconds=1)
    as_of = start + timedelta(days=days)

    def text(moment_: datetime) -> str:
        return moment_.strftime("%Y-%m-%d %H:%M:%S")

    rows, told = [], []
    for accepted, allowed, taken, off in lives:
        begins = start + accepted * hour
        due = begins + allowed * hour - off * second * (allowed > 0)
        ends = begins + taken * hour if taken is not None else None
        if begins >= as_of or (ends and ends >= as_of):
            continue  # Not yet exported.
        rows.append(
            {"accepted_at": text(begins), "dispatched_at": "", DEADLINE: text(due)}
            | (closed(text(ends)) if ends else {})
        )
        told.append((begins, due, ends))
    if not rows:
        return
    events = workload_facts(with_deadlines(rows), as_of=as_of).collect()
    for number in range(days + 1):
        midnight = start + timedelta(days=number)
        still = [
            due
            for begins, due, ends in told
            if begins < midnight and not (ends and ends < midnight)
        ]
        sums = events.filter(pl.col("date") < midnight.date()).sum()
        assert sums["opened"].item() - sums["closed"].item() == len(still)
        assert sums["turned_overdue"].item() - sums["overdue_closed"].item() == sum(
            due < midnight for due in still
        )
        assert sums["turned_due_soon"].item() - sums["due_soon_ended"].item() == sum(
            due >= midnight > due - timedelta(hours=24) for due in still
        )
    assert broken("workload", events, with_deadlines(rows)) == []
    cohort = tickets_facts(with_deadlines(rows), cutoff=as_of).collect().sum()
    totals = events.sum()
    assert totals["opened"].item() == cohort["dispatched"].item()
    assert totals["closed"].item() == cohort["closed"].item()
    assert totals["overdue_closed"].item() == cohort["closed_late"].item()
    assert (
        totals["turned_overdue"].item()
        == cohort["closed_late"].item() + cohort["open_overdue"].item()
    )


def test_workload_that_contradicts_itself_is_noticed():
    details = with_deadlines([{}, closed("2023-01-13 00:00:00")])
    good = workload_facts(details, as_of=at(AS_OF)).collect()
    assert broken("workload", good, details) == []
    first, last = pl.col("date") == date(2023, 1, 5), pl.col("date") == date(2023, 1, 13)
    late, soon = pl.col("date") == date(2023, 1, 12), pl.col("date") == date(2023, 1, 11)
    for where, measure, change, names in (
        (first, "opened", -1, {"opened_is_dispatched", "overdue_and_due_soon_are_open"}),
        (first, "opened", 1, {"opened_is_dispatched"}),
        (last, "closed", -1, {"closed_is_closed"}),
        (last, "overdue_closed", 2, {"overdue_is_never_negative"}),
        (late, "due_soon_ended", 1, {"due_soon_is_never_negative"}),
        (soon, "turned_due_soon", 1, {"overdue_and_due_soon_are_open"}),
    ):
        wrong = good.with_columns(
            pl.when(where).then(pl.col(measure) + change).otherwise(measure).alias(measure)
        )
        assert set(broken("workload", wrong, details)) == names, (measure, change)


def test_focus_tickets():
    details = with_deadlines(
        [
            {"ticket_id": "A", "sector": "欠薪"},
            {"ticket_id": "B", "sector": "安全生产", "dispatched_at": "", DEADLINE: ""}
            | closed("2023-01-06 09:00:00"),
            {"ticket_id": "C", "sector": "欠薪", "status": "已作废"},
            {"ticket_id": "D", "sector": "欠薪"} | DIRECT | closed("2023-01-05 08:06:00"),
            {"ticket_id": "E"},
        ]
    )
    rows = focus_tickets_facts(details)
    shared = {
        "date": date(2023, 1, 5),
        "category": "城乡建设-供水",
        "region": "汉台区",
        "unit": UNIT,
        "urgency": "一般",
        "accepted_at": at("2023-01-05 08:05:00"),
    }
    assert by(rows, "ticket_id") == {
        "A": shared
        | {
            "sector": "欠薪",
            "dispatched_at": at("2023-01-05 08:10:00"),
            "deadline": at("2023-01-12 23:59:59"),
            "closed_at": None,
            "status": "办理中",
        },
        "B": shared
        | {
            "sector": "安全生产",
            "dispatched_at": None,
            "deadline": None,
            "closed_at": at("2023-01-06 09:00:00"),
            "status": "已办结",
        },
    }
    assert broken("focus_tickets", rows.collect(), details) == []
    assert broken("focus_tickets", rows.collect()[:1], details) == ["every_ticket_is_listed"]


def test_callbacks():
    rows = [
        {
            "callback_id": "1",
            "ticket_id": "T1",
            "called_at": "2023-01-06 09:00:00",
            "satisfaction": "满意",
        },
        {
            "callback_id": "2",
            "ticket_id": "T1",
            "called_at": "2023-01-06 08:59:59",
            "result": "未接通",
            "satisfaction": "",
        },
        {"callback_id": "3", "ticket_id": "T2", "satisfaction": "基本满意"},
        {"callback_id": "4", "ticket_id": "T2", "satisfaction": "不满意"},
        {"callback_id": "5", "ticket_id": "T3", "satisfaction": "未评价"},
        {"callback_id": "6", "ticket_id": "T3", "satisfaction": ""},
        {"callback_id": "7", "ticket_id": "T3", "result": "拒访", "satisfaction": ""},
        {"callback_id": "8", "ticket_id": "unknown", "satisfaction": "满意"},
        {"callback_id": "9", "ticket_id": "called before", "called_at": "2023-01-07 00:00:00"},
    ]
    known = pl.LazyFrame(
        [
            ("T1", "市水务局", "求助"),
            ("T2", "市水务局", "求助"),
            ("T3", None, "咨询"),
            ("called before", "市水务局", "求助"),
        ],
        schema=["ticket_id", "unit", "ticket_type"],
        orient="row",
    )
    before = pl.LazyFrame({"ticket_id": ["called before"]})
    found = by(
        callbacks_facts(detail("callbacks", rows), tickets=known, called_before=before),
        "date",
        "unit",
        "ticket_type",
    )
    zero = dict.fromkeys(FACTS["callbacks"].measures, 0)
    assert found == {
        (date(2023, 1, 6), "市水务局", "求助"): zero
        | {
            "attempts": 4,
            "reached": 3,
            "satisfied": 1,
            "basically_satisfied": 1,
            "dissatisfied": 1,
            "tickets_called": 2,
        },
        (date(2023, 1, 6), None, "咨询"): zero
        | {"attempts": 3, "reached": 2, "refused": 1, "unrated": 2, "tickets_called": 1},
        (date(2023, 1, 6), None, None): zero
        | {"attempts": 1, "reached": 1, "satisfied": 1, "tickets_called": 1},
        (date(2023, 1, 7), "市水务局", "求助"): zero
        | {"attempts": 1, "reached": 1, "satisfied": 1},
    }


def test_the_first_attempt_of_a_ticket_is_one_even_at_the_same_second():
    rows = [{"callback_id": each, "ticket_id": "T1"} for each in ("b", "a", "c")]
    known = pl.LazyFrame(
        schema={"ticket_id": pl.String, "unit": pl.String, "ticket_type": pl.String}
    )
    before = pl.LazyFrame(schema={"ticket_id": pl.String})
    found = callbacks_facts(detail("callbacks", rows), tickets=known, called_before=before)
    assert only(found)["tickets_called"] == 1
