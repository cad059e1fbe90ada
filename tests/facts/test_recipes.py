"""The fact tables that reports need: what happened on which day, single tickets, callers, seats."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.deadlines.due import DEADLINE
from assets.facts.build import FactsPlan
from assets.facts.focus_tickets import focus_tickets_facts
from assets.facts.invariants import broken
from assets.facts.repeats import repeats_facts
from assets.facts.seats import seats_facts
from assets.facts.tickets import tickets_facts
from assets.facts.workload import workload_facts
from schemas import FACTS
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, build_details, deliver, facts, take_all
from tests.facts.test_build import DIRECT, Rows, by, call, closed, detail, moment
from tests.samples import row

UNIT = "市水务局"
AS_OF = "2023-02-01 00:00:00"


def with_deadlines(rows: Rows) -> pl.LazyFrame:
    """Tickets whose deadline is given with them; by default the end of 12 January."""
    frame = detail("tickets", [{k: v for k, v in each.items() if k != DEADLINE} for each in rows])
    due = [moment(each.get(DEADLINE, "2023-01-12 23:59:59")) for each in rows]
    return frame.with_columns(pl.Series(DEADLINE, due, dtype=pl.Datetime("us", TIME_ZONE)))


def at(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


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


# --- focus_tickets ------------------------------------------------------------------------------


def test_focus_tickets():
    details = with_deadlines(
        [
            {"ticket_id": "A", "sector": "欠薪", "title": "长" * 61},
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
            "title": "长" * 60,
            "dispatched_at": at("2023-01-05 08:10:00"),
            "deadline": at("2023-01-12 23:59:59"),
            "closed_at": None,
            "status": "办理中",
        },
        "B": shared
        | {
            "sector": "安全生产",
            "title": "反映停水",
            "dispatched_at": None,
            "deadline": None,
            "closed_at": at("2023-01-06 09:00:00"),
            "status": "已办结",
        },
    }
    assert broken("focus_tickets", rows.collect(), details) == []
    assert broken("focus_tickets", rows.collect()[:1], details) == ["every_ticket_is_listed"]


# --- repeats ------------------------------------------------------------------------------------


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


def deliver_requests(installation, *days: str) -> None:
    """A call and a ticket of one caller on each day; the call comes just before midnight."""
    for day in days:
        eve = date.fromisoformat(day) - timedelta(days=1)
        times = {f"{each}_at": f"{eve} 23:59:58" for each in ("offered", "answered", "ended")}
        deliver(installation, f"calls_{eve:%Y%m%d}.csv", [row("calls", call_id=day, **times)])
        clock = dict.fromkeys(("accepted_at", "dispatched_at", "updated_at"), f"{day} 00:00:09")
        ticket = row("tickets", ticket_id=day, call_id=day, **clock)
        deliver(installation, f"tickets_{day.replace('-', '')}.csv", [ticket])


def test_repeats_look_back_over_months(installation):
    # 1 March repeats 30 January; the call of 1 April was made in March.
    deliver_requests(installation, "2023-01-30", "2023-03-01", "2023-04-01", "2023-05-01")
    bring_up_to_date(installation)
    found = {
        month: facts(installation, "repeats", month)
        .select("first_ticket_id", "days_since_first")
        .rows()
        for month in ("2023-01", "2023-03", "2023-04", "2023-05")
    }
    assert found == {
        "2023-01": [],
        "2023-03": [("2023-01-30", 30)],
        "2023-04": [],
        "2023-05": [("2023-04-01", 30)],
    }


def stale(installation) -> set[tuple[str, str]]:
    """What new details make stale, of the tables that are made of them."""
    take_all(installation)
    build_details(installation)
    plan = FactsPlan(installation.warehouse)
    tables = ("callbacks", "workload", "focus_tickets", "repeats", "seats")
    return {(table, month) for table in tables for month in plan.stale(table)}


def test_only_what_depends_on_a_change_is_rebuilt(installation):
    deliver_requests(installation, "2023-01-30", "2023-02-20", "2023-05-01")
    deliver(
        installation, "callbacks_20230503.csv", [row("callbacks", called_at="2023-05-03 09:00:00")]
    )
    bring_up_to_date(installation)
    assert stale(installation) == set()
    own = {(table, "2023-01") for table in ("workload", "focus_tickets", "repeats")}
    january = dict.fromkeys(("accepted_at", "dispatched_at"), "2023-01-30 00:00:09")
    same = row("tickets", ticket_id="2023-01-30", call_id="2023-01-30", **january)

    # Closed: no other month looks that up.
    done = closed("2023-01-31 09:00:00", updated_at="2023-01-31 09:00:00")
    deliver(installation, "tickets_20230131.csv", [same | done])
    assert stale(installation) == own
    bring_up_to_date(installation)

    # Another unit: callbacks look it up, repeats do not.
    done |= {"unit": "市公安局"}
    deliver(
        installation,
        "tickets_20230201.csv",
        [same | done | {"updated_at": "2023-02-01 09:00:00"}],
    )
    assert stale(installation) == own | {("callbacks", "2023-05")}
    bring_up_to_date(installation)
    assert facts(installation, "repeats", "2023-02")["first_ticket_id"].to_list() == ["2023-01-30"]

    # Another category: the later request repeats nothing any more.
    changed = {"category": "教育-入学招生", "updated_at": "2023-02-02 09:00:00"}
    deliver(installation, "tickets_20230202.csv", [same | done | changed])
    assert stale(installation) == own | {("repeats", "2023-02")}
    bring_up_to_date(installation)
    assert facts(installation, "repeats", "2023-02").height == 0

    # Another caller: seats are made of the same calls, and callbacks look nothing up there.
    times = {f"{each}_at": "2023-01-29 23:59:58" for each in ("offered", "answered", "ended")}
    other = row("calls", call_id="2023-01-30", caller="13900139000", **times)
    deliver(installation, "calls_20230129_更正.csv", [other])
    months = {("repeats", "2023-01"), ("repeats", "2023-02")}
    assert stale(installation) == {("seats", "2023-01"), *months}


def test_workload_of_a_month_is_restated_until_its_last_ticket_is_overdue(installation):
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    bring_up_to_date(installation)

    def overdue() -> int:
        return int(facts(installation, "workload", "2023-01")["turned_overdue"].sum())

    assert overdue() == 0
    for day, found, again in (("20230111", 0, True), ("20230112", 1, True), ("20230113", 1, False)):
        deliver(installation, f"calls_{day}.csv", [])
        assert (("workload", "2023-01") in stale(installation)) == again
        bring_up_to_date(installation)
        assert overdue() == found


# --- seats --------------------------------------------------------------------------------------


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
    assert broken("seats", found.collect()) == []
    assert broken("seats", found.collect().with_columns(agents=0)) == ["someone_answered"]
