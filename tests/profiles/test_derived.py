"""Columns that a profile makes of other cells: what comes out, and what cannot be said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.core.errors import HotlineError
from assets.exports.cast import cast
from assets.exports.derive import derive
from assets.profiles.profile import Profile, load_profile
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, change, deliver, details, facts, ledger, take_all

HEAD = 'name = "m"\ntimestamp_formats = ["%Y-%m-%d %H:%M:%S"]\n[datasets.calls]\n'
SWITCH = """files = "cdr_{YYYYMMDD}*"
[datasets.calls.headers]
"uniqueid" = "call_id"
"calldate" = "offered_at"
"src" = "caller"
"dst" = "line"
"disposition" = "outcome"
[datasets.calls.derive]
ended_at = { from = "calldate", plus = "duration" }
answered_at = { from = "ended_at", minus = "billsec", where = { disposition = ["ANSWERED"] } }
[datasets.calls.codes.outcome]
"ANSWERED" = "接通"
"NO ANSWER" = "振铃超时"
"""
SWITCH_HEADER = "calldate;uniqueid;src;dst;duration;billsec;disposition\n"


def use(installation, tmp_path, text, head=HEAD):
    path = tmp_path / "city.toml"
    path.write_text(head + text, encoding="utf-8")
    change(installation, profile_name=str(path))


def made(column, ways, cells, *, formats=("%Y-%m-%d %H:%M:%S",), zone=TIME_ZONE, **more):
    """The value of a column in one row, cast as ingestion casts it, and whether it was readable."""
    profile = Profile.model_validate(
        {
            "name": "m",
            "timestamp_formats": formats,
            "time_zone": zone,
            "datasets": {
                "calls": {"files": "c_{YYYYMMDD}", "derive": {column: ways}},
            },
            **more,
        }
    )
    table = EXPORTS["calls"]
    columns = {str(at): [text] for at, text in enumerate(cells.values())}
    rows = pl.DataFrame(
        {"__line": [2], **columns}, schema_overrides=dict.fromkeys(columns, pl.String)
    )
    positions = {header: at for at, header in enumerate(cells)}
    rows, found = derive(rows, positions, table, profile, day=date(2023, 8, 31), sha256="0" * 64)
    texts = {name: pl.lit(None, pl.String) for name in table.by_name}
    texts[column] = pl.col(str(found[column]))
    typed, reasons = cast(rows.select("__line", **texts), table, profile)
    return typed[column].item(), reasons.height


def at(*parts):
    return datetime(*parts, tzinfo=ZoneInfo(TIME_ZONE))


START = "2023-05-01 08:00:00"


@pytest.mark.parametrize(
    ("length", "unit", "expected"),
    [
        ("331", "seconds", timedelta(seconds=331)),
        ("0", "seconds", timedelta()),
        ("1.5", "seconds", timedelta(seconds=1.5)),
        ("0:05:31", "seconds", timedelta(seconds=331)),
        ("26:00:00", "minutes", timedelta(hours=26)),
        ("5:31", "mm:ss", timedelta(seconds=331)),
        ("75:31", "mm:ss", timedelta(minutes=75, seconds=31)),
        ("1:15", "hh:mm", timedelta(minutes=75)),
        ("1500", "milliseconds", timedelta(seconds=1.5)),
        ("2", "hours", timedelta(hours=2)),
        ("0.5", "minutes", timedelta(seconds=30)),
        # None of these says a length beyond doubt.
        *((text, "seconds", None) for text in ("-5", "5:31", "1:75:00", "5s", "1e3", "5,5")),
        ("5:75", "mm:ss", None),
    ],
)
def test_a_length_of_time_is_what_its_text_says_or_unreadable(length, unit, expected):
    way = {"from": "s", "plus": "d", "unit": unit}
    value, unreadable = made("ended_at", way, {"s": START, "d": length})
    assert value == (at(2023, 5, 1, 8) + expected if expected is not None else None)
    assert unreadable == (expected is None)


@pytest.mark.parametrize(
    ("cells", "expected", "unreadable"),
    [
        ({"s": START, "d": "60", "b": "20"}, at(2023, 5, 1, 8, 0, 40), 0),
        ({"s": START, "d": "", "b": "20"}, None, 0),
        ({"s": None, "d": "60", "b": "20"}, None, 0),
        ({"s": "soon", "d": "60", "b": "20"}, None, 1),
        ({"s": START, "d": "60", "b": "?"}, None, 1),
    ],
)
def test_lengths_are_added_and_taken_away(cells, expected, unreadable):
    way = {"from": "s", "plus": ["d"], "minus": ["b"]}
    assert made("answered_at", way, cells) == (expected, unreadable)


def test_a_length_is_time_that_passes_whatever_the_clocks_do():
    # The clocks of New York went from 02:00 to 03:00.
    way = {"from": "s", "plus": "d"}
    cells = {"s": "2023-03-12 01:59:50", "d": "20"}
    value, _ = made("ended_at", way, cells, zone="America/New_York")
    assert value == datetime(2023, 3, 12, 3, 0, 10, tzinfo=ZoneInfo("America/New_York"))


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(
        lambda t: t.replace(microsecond=0)
    ),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
)
def test_start_and_lengths_give_back_the_times_they_were_made_of(start, total, talk):
    cells = {"s": f"{start:%Y-%m-%d %H:%M:%S}", "d": str(total), "b": str(talk)}
    end, _ = made("ended_at", {"from": "s", "plus": "d"}, cells)
    answer, _ = made("answered_at", {"from": "s", "plus": "d", "minus": "b"}, cells)
    local = start.replace(tzinfo=ZoneInfo(TIME_ZONE))
    assert end == local + timedelta(seconds=total)
    assert end - answer == timedelta(seconds=talk)


ENDS = [{"from": ["day", "ser"]}, {"from": ["day", "q"]}, {"from": ["day", "vru"]}]


@pytest.mark.parametrize(
    ("ser", "q", "vru", "expected"),
    [
        ("8:02:20", "8:01:00", "8:00:10", at(2023, 8, 31, 8, 2, 20)),
        ("0:00:00", "8:01:00", "8:00:10", at(2023, 8, 31, 8, 1)),
        ("0:00:00", "", "8:00:10", at(2023, 8, 31, 8, 0, 10)),
        # The last way is all there is: midnight stays midnight in a column that must be filled.
        ("", "0:00:00", "0:00:00", at(2023, 8, 31)),
    ],
)
def test_the_first_that_is_not_empty_counts(ser, q, vru, expected):
    cells = {"day": "2023-08-31", "ser": ser, "q": q, "vru": vru}
    value, _ = made("ended_at", ENDS, cells, timestamp_nulls=["0:00:00"])
    assert value == expected


def test_the_date_may_come_from_the_name_of_the_file():
    way = {"from": ["{date}", "time"]}
    assert made("offered_at", way, {"time": "8:05:00"}) == (at(2023, 8, 31, 8, 5), 0)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("<(.+)>", '"Test User" <105>', "105"),
        ("<(.+)>", "105", None),
        ("[0-9]+", "SIP/1001-00af", "1001"),
        ("(.*)@", "@host", None),
        ("^(?:SIP|PJSIP)/([^-]+)", "PJSIP/8001-0000012", "8001"),
    ],
)
def test_a_piece_of_a_text_is_taken_by_a_pattern(pattern, text, expected):
    assert made("agent_id", {"from": "a", "pattern": pattern}, {"a": text})[0] == expected


@pytest.mark.parametrize(
    ("texts", "cell", "expected"),
    [
        (["ANSWERED"], "ANSWERED", "7"),
        (["ANSWERED"], "BUSY", None),
        (["*"], "x", "7"),
        (["*"], "", None),
        (["*"], None, None),
        ([""], None, "7"),
        (["AN*", "B"], "B", "7"),
    ],
)
def test_a_value_only_where_another_column_has_a_value(texts, cell, expected):
    way = {"from": "agent", "where": {"how": texts}}
    assert made("agent_id", way, {"agent": "7", "how": cell})[0] == expected


def test_a_code_may_follow_from_whether_another_cell_is_filled():
    ways = [{"value": "接通", "where": {"answer": ["*"]}}, {"value": "用户挂断"}]
    assert made("outcome", ways, {"answer": START})[0] == "接通"
    assert made("outcome", ways, {"answer": ""})[0] == "用户挂断"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("derive = { nothing = { from = 'a' } }", "derive：数据集里没有 nothing"),
        ("derive = { line = {} }", "from"),
        ("derive = { line = [] }", "至少要写一种取法"),
        ("derive = { line = { from = 'a', value = 'b' } }", "只写一项"),
        ("derive = { line = { from = 'a', plus = 'b' } }", "只有时间可以加减"),
        ("derive = { ended_at = { from = 'a', plus = 'b', unit = 'days' } }", "'hours'"),
        ("row_key = 'often'", "true 或 false"),
        ("ignore = 'a'", "列表"),
        ("quarantine_share = 2", "不能大于 1"),
        ("files = 7", "文字"),
        ("derive = { ended_at = { value = 'b' } }", "编号和时间"),
        ("derive = { call_id = { value = 'b' } }", "编号和时间"),
        ("derive = { line = { from = 'a', pattern = '(' } }", "pattern"),
        ("derive = { line = { from = 'a', pattern = '(?=x)' } }", "pattern"),
        ("derive = { line = { from = 'a', where = { b = [] } } }", "where"),
        ("derive = { line = { from = '{day}' } }", "{date}、{month}、{year}"),
        ("derive = { outcome = { value = '忙' } }", "“忙”不在代码表中"),
        ("derive = { line = { form = 'a' } }", "没有这一项"),
        ("derive = { line = { from = 'a' } }\nheaders = { b = 'line' }", "已有列名对应"),
        ("derive = { line = { from = 'a' } }\njoin = { line = ['b', 'c'] }", "join"),
        ("derive = { line = { from = 'a' } }\nconstants = { line = 'c' }", "constants.line"),
        ("derive = { call_id = { from = 'a' } }\nrow_key = true", "row_key"),
        ("files = 'c_{YYYYMM}'\nderive = { offered_at = { from = ['{date}', 'a'] } }", "{month}"),
    ],
)
def test_what_cannot_be_derived_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "bad.toml"
    files = "" if text.startswith("files") else "files = 'c_{YYYYMMDD}'\n"
    path.write_text(HEAD + files + text + "\n", encoding="utf-8")
    with pytest.raises(HotlineError) as error:
        load_profile(str(path))
    sentence = str(error.value)
    assert words in sentence and sentence.endswith("。") and "\n" not in sentence


def test_a_switch_that_gives_lengths_gives_waits_and_talk(installation, tmp_path):
    use(installation, tmp_path, SWITCH)
    lines = [
        "2023-05-01 08:00:00;1682899200.1;109;112;331;328;ANSWERED\n",
        "2023-05-01 08:10:00;1682899800.2;110;112;20;0;NO ANSWER\n",
    ]
    deliver(installation, "cdr_20230501.csv", SWITCH_HEADER + "".join(lines))
    bring_up_to_date(installation)
    rows = details(installation, "calls", "2023-05").sort("call_id")
    assert rows["ended_at"].to_list() == [at(2023, 5, 1, 8, 5, 31), at(2023, 5, 1, 8, 10, 20)]
    assert rows["answered_at"].to_list() == [at(2023, 5, 1, 8, 0, 3), None]
    names = ("offered", "answered", "answered_wait_seconds", "talk_seconds", "lost_wait_seconds")
    assert facts(installation, "calls", "2023-05").select(names).sum().row(0) == (2, 1, 3, 328, 20)


def test_a_derived_column_that_names_a_later_one_is_a_missing_header(installation, tmp_path):
    later = SWITCH.replace('from = "calldate"', 'from = "answered_at"')
    use(installation, tmp_path, later)
    line = "2023-05-01 08:00:00;1;109;112;331;328;ANSWERED\n"
    deliver(installation, "cdr_20230501.csv", SWITCH_HEADER + line)
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["header_missing"]


def test_an_empty_file_is_a_day_of_zero(installation, tmp_path):
    use(installation, tmp_path, SWITCH)
    deliver(installation, "cdr_20230501.csv", SWITCH_HEADER)
    bring_up_to_date(installation)
    assert ledger(installation, "calls").select("rule", "read").rows() == [("", 0)]


def test_a_file_without_a_header_is_read_by_the_names_of_its_columns(installation, tmp_path):
    names = SWITCH_HEADER.strip().split(";")
    text = SWITCH.replace("[datasets", f"column_names = {names}\n[datasets", 1)
    use(installation, tmp_path, text)
    lines = [
        "2023-05-01 08:00:00;1.1;109;112;331;328;ANSWERED\n",
        "2023-05-01 08:10:00;1.2;110;112;20;0;NO ANSWER\n",
    ]
    deliver(installation, "cdr_20230501.csv", "".join(lines))
    deliver(installation, "cdr_20230502.csv", "2023-05-02 08:00:00;1.3;109\n")
    bring_up_to_date(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["", "header_unknown"]
    assert facts(installation, "calls", "2023-05")["offered"].sum() == 2
