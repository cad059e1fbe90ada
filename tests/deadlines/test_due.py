"""When tickets are due, over the holidays of 2023, and what the working-day calendar says."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.deadlines.calendar import BUILT_IN, load_calendar
from assets.deadlines.due import DEADLINE, load_deadlines, with_deadline
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, change, deliver, facts
from tests.samples import row

BUILT_IN_DEADLINES = load_deadlines(load_calendar())
MOMENT = pl.Datetime("us", TIME_ZONE)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TIME_ZONE)) if text else None


def due(
    accepted: str,
    *,
    ticket_type: str = "求助",
    urgency: str = "一般",
    handling: str = "转办",
    extended: str | None = None,
    deadlines=BUILT_IN_DEADLINES,
) -> str | None:
    """Deadline of one ticket."""
    ticket = pl.DataFrame(
        {
            "ticket_type": [ticket_type],
            "urgency": [urgency],
            "handling": [handling],
            "accepted_at": pl.Series([moment(accepted)], dtype=MOMENT),
            "extended_to": pl.Series([moment(extended)], dtype=MOMENT),
        }
    )
    found = with_deadline(ticket, deadlines)[0][DEADLINE].item()
    return found.strftime("%Y-%m-%d %H:%M:%S") if found else None


# Spring Festival 2023: 21 to 27 January off, Saturday 28 and Sunday 29 worked.
# National Day 2023: 29 September to 6 October off, Saturday 7 and Sunday 8 October worked.
WORKING_DAYS = [
    ("Friday before the festival", "2023-01-20 10:00:00", "2023-01-30", "2023-02-01"),
    ("last second before the festival", "2023-01-20 23:59:59", "2023-01-30", "2023-02-01"),
    ("New Year's Eve, off", "2023-01-21 00:00:00", "2023-01-30", "2023-02-01"),
    ("in the festival, a Monday off", "2023-01-23 12:00:00", "2023-01-30", "2023-02-01"),
    ("last day off", "2023-01-27 18:00:00", "2023-01-30", "2023-02-01"),
    ("make-up Saturday", "2023-01-28 09:00:00", "2023-01-31", "2023-02-02"),
    ("make-up Sunday", "2023-01-29 09:00:00", "2023-02-01", "2023-02-03"),
    ("Monday after", "2023-01-30 09:00:00", "2023-02-02", "2023-02-06"),
    ("Thursday before National Day", "2023-09-28 16:40:00", "2023-10-09", "2023-10-11"),
    ("Mid-Autumn Friday, off", "2023-09-29 16:40:00", "2023-10-09", "2023-10-11"),
    ("Sunday in the holidays", "2023-10-01 08:00:00", "2023-10-09", "2023-10-11"),
    ("last day of the holidays", "2023-10-06 23:59:59", "2023-10-09", "2023-10-11"),
    ("make-up Saturday of October", "2023-10-07 08:00:00", "2023-10-10", "2023-10-12"),
    ("make-up Sunday of October", "2023-10-08 08:00:00", "2023-10-11", "2023-10-13"),
    ("an ordinary Saturday, not worked", "2023-02-11 08:00:00", "2023-02-15", "2023-02-17"),
    ("an ordinary Sunday, not worked", "2023-02-12 08:00:00", "2023-02-15", "2023-02-17"),
    ("an ordinary Wednesday", "2023-02-15 08:00:00", "2023-02-20", "2023-02-22"),
    ("over the end of the year", "2023-12-29 08:00:00", "2024-01-04", "2024-01-08"),
]


@pytest.mark.parametrize(
    ("accepted", "third", "fifth"),
    [each[1:] for each in WORKING_DAYS],
    ids=[each[0] for each in WORKING_DAYS],
)
def test_working_days_after_the_day_of_acceptance(accepted, third, fifth):
    assert due(accepted, ticket_type="咨询") == f"{third} 23:59:59"
    for other in ("求助", "投诉", "举报", "建议", "表扬", "其他"):
        assert due(accepted, ticket_type=other) == f"{fifth} 23:59:59"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("2023-02-15 08:00:01", "2023-02-15 10:00:01"),
        ("2023-01-20 23:30:15", "2023-01-21 01:30:15"),
        ("2023-01-23 03:00:00", "2023-01-23 05:00:00"),
        ("2023-12-31 23:00:00", "2024-01-01 01:00:00"),
    ],
)
def test_an_emergency_has_two_hours_to_the_second_on_any_day(accepted, expected):
    assert due(accepted, urgency="突发") == expected
    assert due(accepted, urgency="突发", ticket_type="咨询") == expected
    assert due(accepted, urgency="紧急") != expected


def test_what_is_answered_on_the_spot_has_no_deadline():
    for urgency in ("一般", "紧急", "突发"):
        assert due("2023-02-15 08:00:00", handling="直接答复", urgency=urgency) is None
    extended = "2023-03-01 00:00:00"
    assert due("2023-02-15 08:00:00", handling="直接答复", extended=extended) is None


@pytest.mark.parametrize(
    ("extended", "expected"),
    [
        ("2023-03-01 12:00:00", "2023-03-01 12:00:00"),
        ("2023-02-23 00:00:00", "2023-02-23 00:00:00"),
        ("2023-02-22 23:59:59", "2023-02-22 23:59:59"),
        ("2023-02-20 12:00:00", "2023-02-22 23:59:59"),
        (None, "2023-02-22 23:59:59"),
    ],
)
def test_an_extension_counts_only_where_it_is_later(extended, expected):
    assert due("2023-02-15 08:00:00", extended=extended) == expected


def test_an_extension_lengthens_the_two_hours_too():
    accepted, extended = "2023-02-15 08:00:00", "2023-02-15 12:00:00"
    assert due(accepted, urgency="突发", extended=extended) == extended


def test_no_tickets_have_no_deadlines():
    nothing = pl.DataFrame(
        schema={
            "ticket_type": pl.String,
            "urgency": pl.String,
            "handling": pl.String,
            "accepted_at": MOMENT,
            "extended_to": MOMENT,
        }
    )
    assert with_deadline(nothing, BUILT_IN_DEADLINES)[0].height == 0


# --- the calendar -----------------------------------------------------------------------------


def test_the_built_in_calendar_is_the_state_councils():
    calendar = load_calendar()
    known = [day for day in chinese_calendar.holidays if day.year >= calendar.first.year]
    assert calendar.last.year == max(day.year for day in known)
    day = calendar.first
    while day <= calendar.last:
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_built_in_calendar_holds_exceptions_only_each_once():
    with BUILT_IN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = [date.fromisoformat(each["date"]) for each in rows]
    assert days == sorted(set(days))
    for day, each in zip(days, rows, strict=True):
        assert each["day"] == ("休" if day.weekday() < 5 else "班")
        assert each["festival"]


def last_working_days(count: int) -> list[date]:
    calendar = load_calendar()
    days = [calendar.last - timedelta(days=back) for back in range(40)]
    return [day for day in days if calendar.is_working_day(day)][:count]


def years_unknown(*accepted: str, deadlines=BUILT_IN_DEADLINES) -> list[int]:
    """Years that the calendar lacks for tickets, whose deadlines are then not known."""
    tickets = pl.DataFrame(
        {
            "ticket_type": "求助",
            "urgency": "一般",
            "handling": "转办",
            "accepted_at": pl.Series([moment(each) for each in accepted], dtype=MOMENT),
            "extended_to": pl.Series([None] * len(accepted), dtype=MOMENT),
        }
    )
    rows, years = with_deadline(tickets, deadlines)
    assert bool(years) == (rows[DEADLINE].null_count() > 0)
    return years


def test_a_deadline_past_the_end_of_the_calendar_is_not_known_and_the_year_is_named():
    next_year = load_calendar().last.year + 1
    sixth, fifth = last_working_days(6)[5], last_working_days(6)[4]
    assert due(f"{sixth} 10:00:00") == f"{last_working_days(1)[0]} 23:59:59"
    assert years_unknown(f"{sixth} 10:00:00") == []
    assert due(f"{fifth} 10:00:00") is None
    assert due(f"{fifth} 10:00:00", extended=f"{next_year}-03-04 10:00:00") is None
    assert years_unknown(f"{sixth} 10:00:00", f"{fifth} 10:00:00") == [next_year]
    assert due(f"{fifth} 10:00:00", ticket_type="咨询") is not None


@pytest.mark.parametrize("years", [1, 2])
def test_a_ticket_accepted_past_the_end_of_the_calendar_names_its_year(years):
    year = load_calendar().last.year + years
    assert years_unknown(f"{year}-03-04 10:00:00") == [year]


def test_two_hours_and_answers_on_the_spot_need_no_calendar():
    late = f"{load_calendar().last.year + 1}-03-04"
    assert due(f"{late} 10:00:00", urgency="突发") == f"{late} 12:00:00"
    assert due(f"{late} 10:00:00", handling="直接答复") is None


def test_a_ticket_from_before_the_calendar_names_its_year():
    first = load_calendar().first
    assert years_unknown(f"{first} 00:00:00") == []
    for before in (timedelta(days=1), timedelta(days=2)):
        assert years_unknown(f"{first - before} 23:59:59") == [first.year - 1]


def next_year(folder: Path, lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "calendar.csv"
    path.write_text(f"date,day,festival\n{lines}", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_operators_calendar_adds_a_year(tmp_path, encoding):
    year = load_calendar().last.year + 1
    lines = f"{year}-01-01,休,元旦\n{year}-01-04,休,元旦\n{year}-01-09,班,元旦\n"
    calendar = load_calendar(next_year(tmp_path, lines, encoding))
    assert calendar.last == date(year, 12, 31)
    assert not calendar.is_working_day(date(year, 1, 4))
    assert calendar.is_working_day(date(year, 1, 9))
    assert calendar.version != load_calendar().version
    accepted = f"{last_working_days(1)[0]} 10:00:00"
    assert due(accepted, deadlines=load_deadlines(calendar)).startswith(f"{year}-01-")


def test_the_operators_calendar_may_move_a_day_that_is_built_in(tmp_path):
    extra = next_year(tmp_path, "2023-10-08,休,国庆节\n")
    assert due("2023-09-28 16:40:00", deadlines=load_deadlines(load_calendar(extra))) == (
        "2023-10-12 23:59:59"
    )


@pytest.mark.parametrize(
    "line", ["2027-13-01,休,元旦", "2027-01-01,假,元旦", "2027-01-01", "2027/01/01,休,元旦", ",,"]
)
def test_a_bad_line_of_the_operators_calendar_is_named(tmp_path, line):
    path = next_year(tmp_path, f"2027-01-01,休,元旦\n{line}\n2027-01-03,休,元旦\n")
    with pytest.raises(HotlineError) as raised:
        load_calendar(path)
    assert "第3行" in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_calendar_that_cannot_be_read_is_named(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(HotlineError, match=str(path)):
            load_calendar(path)
    path = tmp_path / "gbk.csv"
    path.write_bytes("date,day,festival\n2027-01-01,休,元旦\n".encode("gb18030"))
    with pytest.raises(HotlineError, match=str(path)):
        load_calendar(path)


def test_a_year_that_is_left_out_is_not_guessed(tmp_path):
    unknown = load_calendar().last.year + 1
    extra = next_year(tmp_path, f"{unknown + 1}-01-03,休,元旦\n")
    deadlines = load_deadlines(load_calendar(extra))
    assert years_unknown(f"{unknown}-03-04 10:00:00", deadlines=deadlines) == [unknown]


# --- the rules --------------------------------------------------------------------------------


def rules(folder: Path, text: str) -> Path:
    path = folder / "deadlines.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_operators_rules_replace_the_built_in_ones(tmp_path):
    path = rules(
        tmp_path,
        '[[rule]]\nwhen = { channel = "市长信箱" }\nworking_days = 2\n[[rule]]\nworking_days = 1\n',
    )
    deadlines = load_deadlines(load_calendar(), path)
    assert deadlines.version != BUILT_IN_DEADLINES.version
    ticket = pl.DataFrame(
        {
            "channel": ["电话", "市长信箱"],
            "accepted_at": pl.Series([moment("2023-02-15 08:00:00")] * 2, dtype=MOMENT),
            "extended_to": pl.Series([None, None], dtype=MOMENT),
        }
    )
    found = with_deadline(ticket, deadlines)[0][DEADLINE].dt.strftime("%Y-%m-%d").to_list()
    assert found == ["2023-02-16", "2023-02-17"]


@pytest.mark.parametrize(
    "text",
    [
        "no toml",
        "",
        '[[rule]]\nwhen = { urgency = "特急" }\nhours = 1\n',
        '[[rule]]\nwhen = { colour = "红" }\nhours = 1\n',
        '[[rule]]\nhours = "two"\n',
        "[[rule]]\nminutes = 30\n",
        pytest.param(
            "rule = 5\n",
        ),
    ],
)
def test_a_wrong_rule_is_an_error_that_names_the_file(tmp_path, text):
    path = rules(tmp_path, text)
    with pytest.raises(HotlineError, match=str(path)):
        load_deadlines(load_calendar(), path)


def test_rules_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(HotlineError, match=r"none\.toml"):
        load_deadlines(load_calendar(), tmp_path / "none.toml")


def test_other_rules_make_the_tickets_stale_and_change_what_is_late(installation, tmp_path):
    closed = row(
        "tickets",
        status="已办结",
        closed_at="2023-01-09 10:00:00",
        updated_at="2023-01-09 10:00:00",
    )
    deliver(installation, "tickets_20230109.csv", [closed])
    bring_up_to_date(installation)
    assert facts(installation, "tickets", "2023-01")["closed_on_time"].sum() == 1
    change(installation, deadlines_path=rules(tmp_path, "[[rule]]\nworking_days = 1\n"))
    del installation.__dict__["deadlines"]
    bring_up_to_date(installation)
    assert facts(installation, "tickets", "2023-01")["closed_late"].sum() == 1
