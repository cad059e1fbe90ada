"""Days, hours and months are those of the profile's zone, from the file to the facts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core import HotlineError
from assets.deadlines.due import DEADLINE
from assets.graph import Partitions
from assets.profiles import load_profile
from pipelines.config import load_cities
from schemas.wall_clock import TIME_ZONE, moment_at, wall_clock
from tests.driver import account, bring_up_to_date, change, deliver, details, facts, set_profile
from tests.samples import row

ZONES = ("Asia/Urumqi", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", TIME_ZONE)


def call(call_id: str, offered: str, ended: str, answered: str = "") -> dict[str, str]:
    outcome = "接通" if answered else "用户挂断"
    return row(
        "calls",
        call_id=call_id,
        offered_at=offered,
        answered_at=answered,
        ended_at=ended,
        outcome=outcome,
    )


@pytest.mark.parametrize("zone", ZONES)
def test_a_call_belongs_to_the_day_hour_and_month_that_its_clock_shows(installation, zone):
    set_profile(installation, time_zone=zone)
    rows = [
        call("first", "2023-01-01 00:00:00", "2023-01-01 00:00:30"),
        call("last", "2023-01-31 23:59:59", "2023-02-01 00:00:09", "2023-02-01 00:00:00"),
    ]
    deliver(installation, "calls_20230131.csv", rows)
    bring_up_to_date(installation)
    found = facts(installation, "calls", "2023-01")
    assert found.select("date", "hour", "offered", "answered_wait_seconds").rows() == [
        (date(2023, 1, 1), 0, 1, 0),
        (date(2023, 1, 31), 23, 1, 1),
    ]
    offered = details(installation, "calls", "2023-01").filter(call_id="first")["offered_at"].item()
    assert offered == datetime(2023, 1, 1, tzinfo=ZoneInfo(zone))
    kpis = facts(installation, "kpi_monthly", "2023-01")
    assert kpis["cutoff"].unique().to_list() == [datetime(2023, 2, 1, tzinfo=ZoneInfo(zone))]


@pytest.mark.parametrize("zone", ZONES)
def test_an_extension_and_a_deadline_end_with_the_day_of_the_zone(installation, zone):
    set_profile(installation, time_zone=zone)
    usual = row("tickets", ticket_id="usual", accepted_at="2023-01-05 23:30:00")
    tickets = [
        usual | {"dispatched_at": "2023-01-05 23:40:00", "updated_at": "2023-01-05 23:45:00"},
        usual
        | {
            "ticket_id": "extended",
            "dispatched_at": "2023-01-05 23:40:00",
            "updated_at": "2023-01-05 23:45:00",
            "extended_to": "2023-02-15",
        },
    ]
    deliver(installation, "tickets_20230105.csv", tickets)
    bring_up_to_date(installation)
    due = details(installation, "tickets", "2023-01").sort("ticket_id")[DEADLINE]
    shown = [each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in due]
    assert shown[0] == datetime(2023, 2, 15, 23, 59, 59)
    assert (shown[1].hour, shown[1].minute, shown[1].second) == (23, 59, 59)
    # Five working days after the fifth, a Thursday, wherever the clock hangs.
    assert shown[1].date() == date(2023, 1, 12)
    assert facts(installation, "tickets", "2023-01")["date"].unique().to_list() == [
        date(2023, 1, 5)
    ]


def test_hours_that_come_twice_or_never(installation):
    set_profile(installation, time_zone="America/New_York")
    autumn = [
        # In order only if the second 01:50 is meant of the first two times.
        call("twice", "2023-11-05 01:50:00", "2023-11-05 02:05:00", "2023-11-05 01:50:10"),
        call("over", "2023-11-05 01:59:50", "2023-11-05 01:00:20", "2023-11-05 01:00:05"),
        call("after", "2023-11-05 03:00:00", "2023-11-05 03:00:20"),
    ]
    spring = [
        call("never", "2023-03-12 02:30:00", "2023-03-12 03:10:00"),
        call("before", "2023-03-12 01:59:50", "2023-03-12 03:00:20", "2023-03-12 03:00:05"),
        *(call(f"C{n}", "2023-03-12 09:00:00", "2023-03-12 09:01:00") for n in range(3)),
    ]
    deliver(installation, "calls_20231105.csv", autumn)
    deliver(installation, "calls_20230312.csv", spring)
    bring_up_to_date(installation)
    november = facts(installation, "calls", "2023-11")
    assert november.select("hour", "offered").rows() == [(1, 2), (3, 1)]
    assert november["talk_seconds"].sum() == 890 + 15
    assert november["answered_wait_seconds"].sum() == 10 + 15
    march = facts(installation, "calls", "2023-03")
    assert march.filter(hour=1).select("offered", "answered_wait_seconds").rows() == [(1, 15)]
    assert account(installation)["quarantined"].to_list() == [1, 0]


def test_today_and_partitions_are_those_of_the_zone(installation):
    change(installation, now=lambda: datetime(2024, 3, 1, 2, tzinfo=UTC))
    assert installation.today == date(2024, 3, 1)
    set_profile(installation, time_zone="America/New_York")
    assert installation.today == date(2024, 2, 29)
    assert installation.local_now().hour == 21
    zones = Partitions.of_installation(installation)
    assert {each.timezone for each in (zones.daily, zones.monthly, zones.yearly)} == {
        "America/New_York"
    }


def test_cities_of_two_zones_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_CONFIG", str(tmp_path / "hotline.toml"))
    (tmp_path / "hotline.toml").write_text(
        '[cities.a]\nlanding = "a"\n[cities.b]\nlanding = "b"\nprofile = "nyc311"\n',
        encoding="utf-8",
    )
    with pytest.raises(HotlineError, match=r"America/New_York、Asia/Shanghai.*只能有一个时区"):
        load_cities()


@pytest.mark.parametrize(
    ("year", "fates"), [(2015, (1, 1)), (2009, (2, 0)), (2010, (2, 0)), (2011, (1, 1))]
)
def test_the_earliest_year_is_a_setting(installation, year, fates):
    set_profile(installation, earliest_year=year)
    rows = [
        call("old", "2010-01-01 00:00:00", "2010-01-01 00:00:30"),
        call("new", "2023-01-05 08:00:00", "2023-01-05 08:00:30"),
    ]
    deliver(installation, "calls_20230105.csv", rows)
    bring_up_to_date(installation)
    assert account(installation).select("accepted", "quarantined").row(0) == fates


def test_an_earliest_year_that_facts_cannot_name_is_refused(tmp_path):
    path = tmp_path / "p.toml"
    path.write_text('name = "p"\nearliest_year = 1999\ntimestamp_formats = ["excel"]\n[datasets]\n')
    with pytest.raises(HotlineError, match=r"earliest_year.*不能小于 2000"):
        load_profile(str(path))


@settings(max_examples=100)
@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2040, 1, 1)), min_size=1, max_size=5),
)
def test_the_wall_clock_is_that_of_zoneinfo(zone, moments):
    known = [each.replace(microsecond=0, tzinfo=UTC) for each in moments]
    column = pl.Series(known, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    expected = [each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in known]
    assert wall_clock(column).to_list() == expected
    frame = column.to_frame("at")
    assert frame.select(wall_clock(pl.col("at")))["at"].to_list() == expected
    back = moment_at(pl.Series(expected, dtype=pl.Datetime("us")), zone)
    late = moment_at(pl.Series(expected, dtype=pl.Datetime("us")), zone, repeated="latest")
    for moment, early, later in zip(known, back, late, strict=True):
        assert moment in (early, later)
        assert later - early < timedelta(hours=2)
