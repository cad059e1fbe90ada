"""What new details make stale, and as of when a month is stated."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assets.facts.plan import FactsPlan
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, build_details, change, deliver, facts, take_all
from tests.facts.rows import closed
from tests.samples import row


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
    plan = FactsPlan(installation)
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


def test_no_month_is_stated_as_of_a_moment_to_come(installation):
    change(installation, now=lambda: datetime(2024, 3, 15, 2, tzinfo=ZoneInfo(TIME_ZONE)))
    deliver(installation, "staff_202403.csv", [row("staff", month="2024-03")])
    deliver(installation, "calls_20240314.csv", [])
    bring_up_to_date(installation)
    assert facts(installation, "kpi_monthly", "2024-03")["cutoff"].max() <= installation.now()
