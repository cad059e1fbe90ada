"""A valid file of any dataset and date up to today keeps no release from being published."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.deadlines import load_calendar
from assets.details import details_plans
from assets.facts import MONTHLY, FactsPlan
from assets.graph import Partitions
from assets.health import check_deadlines
from assets.indicators import YEARLY, IndicatorsPlan
from assets.installation.installation import Installation
from assets.notifications.about_results import calendar
from assets.releases import verify
from assets.reports.content.facts import Facts
from assets.reports.content.measures import measure, no_workload
from assets.reports.content.periods import month_span
from schemas import EXPORTS
from schemas.fields import Kind
from tests.driver import (
    account,
    bring_up_to_date,
    change,
    deliver,
    facts,
    make_installation,
)
from tests.samples import row

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2023, 2, 10)
FORMS = {"daily": "%Y%m%d", "monthly": "%Y%m", "yearly": "%Y"}
# Columns of a dataset that say when a row happened, all moved together.
TIMES = {
    name: [each.name for each in table.columns if each.kind is Kind.TIMESTAMP]
    for name, table in EXPORTS.items()
}


def a_file(
    dataset: str, day: date, late: timedelta, number: int
) -> tuple[str, list[dict[str, str]]]:
    """A file of a dataset for a date, its one row at most a day later than the date."""
    values = row(dataset)
    moment = datetime.combine(day, datetime.min.time()) + late
    for name in TIMES[dataset]:
        if values[name]:
            values[name] = str(moment)
    ids = [name for name in EXPORTS[dataset].key if name.endswith("_id") and name != "agent_id"]
    values |= {name: f"K{number}" for name in ids}
    values |= {"month": f"{day:%Y-%m}"} if dataset == "staff" else {}
    values |= {"year": f"{day:%Y}"} if dataset == "annual" else {}
    values |= {"period": f"{day:%Y}-12"} if dataset == "declared" else {}
    return f"{dataset}_{day.strftime(FORMS[EXPORTS[dataset].cadence])}_{number}.csv", [values]


def not_buildable(installation: Installation) -> list[str]:
    """What the gate asks for and no partition of today stands for."""
    partitions = Partitions.of_installation(installation)
    facts = FactsPlan(installation)
    years = IndicatorsPlan(installation.warehouse, facts)
    wanted = [
        *(
            ("details", period)
            for plan in details_plans(installation).values()
            for period in plan.periods
        ),
        *((table, month) for table in MONTHLY for month in facts.months(table)),
        *((table, year) for table in YEARLY for year in years.months(table)),
    ]
    with dg.partition_loading_context(installation.now()):
        keys = {*partitions.monthly.get_partition_keys(), *partitions.yearly.get_partition_keys()}
    return [f"{table} {period}" for table, period in wanted if period not in keys]


@settings(max_examples=6)
@given(
    arrivals=st.lists(
        st.tuples(
            st.sampled_from(list(EXPORTS)),
            st.dates(date(2022, 12, 28), TODAY - timedelta(1)),
            st.timedeltas(timedelta(0), timedelta(hours=47, minutes=59)),
        ),
        min_size=1,
        max_size=6,
    ),
    cut=st.integers(0, 6),
)
def test_any_valid_file_in_any_order_is_followed_by_a_release(arrivals, cut):
    with tempfile.TemporaryDirectory() as folder:
        now = datetime.combine(TODAY, datetime.min.time(), ZONE)
        installation = make_installation(Path(folder), now=now, start=date(2022, 1, 1))
        deliver(
            installation,
            "calls_20230209.csv",
            [
                row(
                    "calls",
                    call_id="first",
                    **{name: "2023-02-09 08:00:00" for name in TIMES["calls"]},
                )
            ],
        )
        files = [a_file(*each, number) for number, each in enumerate(arrivals)]
        for night in (files[:cut], files[cut:]):
            for name, rows in night:
                deliver(installation, name, rows)
            bring_up_to_date(installation)
        assert not_buildable(installation) == []
        assert account(installation).height == len(arrivals) + 1


def test_a_yearly_file_of_the_running_year_belongs_to_the_month_in_which_it_arrived(installation):
    change(installation, now=lambda: datetime(2023, 2, 10, 2, tzinfo=ZONE))
    deliver(installation, "calls_20230105.csv", [row("calls")])
    first = bring_up_to_date(installation)
    deliver(installation, "declared_2023.csv", [row("declared")])
    assert bring_up_to_date(installation).id != first.id
    assert not_buildable(installation) == []
    months = FactsPlan(installation).months("data_quality")
    assert months == ["2023-01", "2023-02"]
    # Once its year is over it stays where it is accounted for.
    change(installation, now=lambda: datetime(2024, 3, 1, 2, tzinfo=ZONE))
    bring_up_to_date(installation)
    assert FactsPlan(installation).months("data_quality") == months


def test_a_ticket_due_in_a_year_without_calendar_takes_its_figures_away_and_not_the_release(
    installation,
):
    last = load_calendar().last
    now = datetime.combine(last, datetime.min.time(), ZONE) + timedelta(days=20)
    change(installation, now=lambda: now, start=last.replace(month=11, day=1))
    night = f"{last} 10:00:00"
    known = f"{last.replace(month=11, day=2)} 10:00:00"
    for name, at in (("known", known), ("unknown", night)):
        times = {each: at for each in ("accepted_at", "dispatched_at", "updated_at")}
        rows = [row("tickets", ticket_id=name, **times, closed_at="", extended_to="")]
        deliver(installation, f"tickets_{at[:10].replace('-', '')}.csv", rows)
    bring_up_to_date(installation)
    november, december = f"{last.year}-11", f"{last.year}-12"
    late = ["closed_on_time", "closed_late", "open_in_time", "open_overdue"]
    for month, null in ((november, 0), (december, 1)):
        found = facts(installation, "tickets", month)
        assert found["accepted"].to_list() == [1]
        assert [found[each].null_count() for each in late] == [null] * 4
        assert facts(installation, "workload", month)["opened"].sum() == 1
    assert all(each.passed for each in verify(installation.warehouse))
    (told,) = calendar(installation)
    assert told.subject == f"{last.year + 1}年"
    check = check_deadlines(installation)
    assert not check.passed
    assert december in check.sentence
    release = Facts(installation.warehouse.current.resolve())
    for month, words in ((november, ""), (december, "工作日历没有")):
        span = month_span(month)
        assert no_workload(release, span).startswith(words)
        assert bool(no_workload(release, span)) == bool(words)
        assert measure("on_time_rate").figure(release, span).reason.startswith(words)
    # The calendar comes, and with it the figures.
    path = installation.root.parent / "calendar.csv"
    path.write_text(f"date,day,festival\n{last.year + 1}-01-01,休,元旦\n", encoding="utf-8")
    change(installation, calendar_path=path)
    del installation.__dict__["deadlines"]
    bring_up_to_date(installation)
    assert facts(installation, "tickets", december)["open_in_time"].to_list() == [1]
    assert check_deadlines(installation).passed
