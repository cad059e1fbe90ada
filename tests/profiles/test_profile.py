"""What a profile can say of a platform, statement by statement: its effect, and its limits."""

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import xlsxwriter

from assets.core.errors import HotlineError
from assets.exports.states import REFUSED, TAKEN
from assets.profiles.profile import load_profile
from assets.profiles.timestamps import parse_timestamps
from pipelines.cli.show import show_full
from pipelines.cli.state import state
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE
from tests.driver import (
    account,
    bring_up_to_date,
    change,
    deliver,
    facts,
    ledger,
    sentences,
    take_all,
)
from tests.samples import row

HERE = ZoneInfo(TIME_ZONE)
HEAD = """
name = "city"
timestamp_formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %p%I:%M:%S"]
nulls = ["-"]
"""


def use(installation, tmp_path, text, head=HEAD):
    """Give the installation a profile."""
    path = tmp_path / "city.toml"
    path.write_text(head + text, encoding="utf-8")
    change(installation, profile_name=str(path))
    return load_profile(str(path))


def staged(installation, dataset):
    """Rows that were accepted."""
    paths = sorted(installation.warehouse.staged(dataset, "").glob("*/*.parquet"))
    return pl.read_parquet(paths) if paths else pl.DataFrame()


# --- moments ------------------------------------------------------------------------------------


def at(*parts):
    return datetime(*parts, tzinfo=HERE)


@pytest.mark.parametrize(
    ("text", "formats", "zone", "expected"),
    [
        ("1672876800", ["epoch_s"], TIME_ZONE, at(2023, 1, 5, 8)),
        ("1672876800.0", ["epoch_s"], "America/New_York", at(2023, 1, 5, 8)),
        ("1672876800123", ["epoch_ms"], TIME_ZONE, at(2023, 1, 5, 8, 0, 0, 123_000)),
        ("1672876800", ["epoch_ms"], TIME_ZONE, None),
        ("1672876800123", ["epoch_s"], TIME_ZONE, None),
        ("2023-01-05 下午03:04:05", ["%Y-%m-%d %p%I:%M:%S"], TIME_ZONE, at(2023, 1, 5, 15, 4, 5)),
        ("2023-01-05 上午12:30:00", ["%Y-%m-%d %p%I:%M:%S"], TIME_ZONE, at(2023, 1, 5, 0, 30)),
        ("2023-01-05 下午12:30:00", ["%Y-%m-%d %p%I:%M:%S"], TIME_ZONE, at(2023, 1, 5, 12, 30)),
        ("2023-01-05 下午15:04:05", ["%Y-%m-%d %p%I:%M:%S"], TIME_ZONE, None),
        ("01/05/2023 03:04:05 PM", ["%m/%d/%Y %I:%M:%S %p"], TIME_ZONE, at(2023, 1, 5, 15, 4, 5)),
        ("1/5/2023 3:04:05 pm", ["%m/%d/%Y %I:%M:%S %p"], TIME_ZONE, at(2023, 1, 5, 15, 4, 5)),
        ("44931.5", ["excel"], TIME_ZONE, at(2023, 1, 5, 12)),
        ("2023-01-04 19:00", ["%Y-%m-%d %H:%M"], "America/New_York", at(2023, 1, 5, 8)),
        ("2023-07-04 20:00", ["%Y-%m-%d %H:%M"], "America/New_York", at(2023, 7, 5, 8)),
        # The clocks went from 02:00 to 03:00: there was no such hour.
        ("2023-03-12 02:30", ["%Y-%m-%d %H:%M"], "America/New_York", None),
        ("2023-01-05", ["epoch_s", "%Y-%m-%d %H:%M"], TIME_ZONE, None),
    ],
)
def test_a_moment_is_read_in_its_format_and_zone(text, formats, zone, expected):
    found = parse_timestamps(pl.Series("t", [text, None]), tuple(formats), zone)
    assert found.to_list() == [expected, None]
    assert found.dtype == pl.Datetime("us", zone)


def test_several_formats_in_one_column():
    texts = pl.Series("t", ["1672876800", None, "2023-01-05 08:00", "44931.5", "nonsense"])
    found = parse_timestamps(texts, ("epoch_s", "%Y-%m-%d %H:%M", "excel"), TIME_ZONE)
    assert found.to_list() == [at(2023, 1, 5, 8), None, at(2023, 1, 5, 8), at(2023, 1, 5, 12), None]


# --- statements that are impossible -------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "text", "where"),
    [
        ('timestamp_formats = ["soon"]', "", "soon"),
        ('timestamp_formats = ["%Y-%m-%d %I:%M"]', "", "%I"),
        ('timestamp_formats = ["%Y-%m-%d %p %H:%M"]', "", "%p"),
        ('time_zone = "Asia/Nowhere"', "", "time_zone"),
        ('time_zone = "../etc"', "", "time_zone"),
        ("", "[datasets.mail]\nfiles = 'm_{YYYY}'", "datasets.mail"),
        ("", "[datasets.calls]\nfiles = 'calls'", "files"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nheaders = {a = 'b'}", "headers"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\njoin = {b = ['a', 'c']}", "join"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\njoin = {call_id = []}", "join.call_id"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nconstants = {b = 'a'}", "constants"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nconstants = {call_id = 'a'}", "编号"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nconstants = {ended_at = '1'}", "ended_at"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nconstants = {outcome = '忙'}", "忙"),
        (
            "",
            "[datasets.calls]\nfiles = 'c_{YYYY}'\n"
            "constants = {line = 'a'}\nheaders = {b = 'line'}",
            "constants.line",
        ),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\ncodes = {line = {a = 'b'}}", "codes.line"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\ncodes = {outcome = {a = 'b'}}", "“b”"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nfallback = {line = 'a'}", "fallback.line"),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nfallback = {outcome = 'a'}", "“a”"),
        (
            "",
            "[datasets.calls]\nfiles = 'c_{YYYY}'\nrow_key = true\njoin = {call_id = ['a', 'b']}",
            "row_key",
        ),
        ("", "[datasets.calls]\nfiles = 'c_{YYYY}'\nextra_columns = 'drop'", "extra_columns"),
        (
            "",
            "[datasets.calls]\nfiles = 'c_{YYYY}'\nexclude = [{name = '内线', where = {a = []}}]",
            "内线",
        ),
        (
            "",
            "[datasets.calls]\nfiles = 'c_{YYYY}'\n"
            "exclude = [{name = '甲', where = {a = ['b']}}, {name = '甲', where = {c = ['d']}}]",
            "甲",
        ),
        (
            "",
            "[datasets.calls]\nfiles = 'c_{YYYY}'\nexclude = [{name = '甲', where = {}}]",
            "where",
        ),
    ],
)
def test_an_impossible_statement_is_one_sentence_that_says_where(tmp_path, head, text, where):
    path = tmp_path / "bad.toml"
    formats = "" if "timestamp_formats" in head else 'timestamp_formats = ["%Y-%m-%d"]\n'
    text = text or "[datasets.calls]\nfiles = 'c_{YYYY}'"
    path.write_text(f'name = "bad"\n{formats}{head}\n{text}', encoding="utf-8")
    with pytest.raises(HotlineError) as error:
        load_profile(str(path))
    sentence = str(error.value)
    assert where in sentence
    assert sentence.startswith("来源配置") and sentence.endswith("。") and "\n" not in sentence


# --- rows, columns, codes -----------------------------------------------------------------------

CALLS = """
[datasets.calls]
files = "calls_{YYYYMMDD}*"
ignore = ["类型"]
[datasets.calls.join]
call_id = ["站点", "流水"]
offered_at = ["日期", "时间"]
[datasets.calls.constants]
line = "12345"
[datasets.calls.codes.outcome]
"已接" = "接通"
"应答" = "接通"
[datasets.calls.fallback]
outcome = "用户挂断"
[[datasets.calls.exclude]]
name = "测试呼叫"
where = { "类型" = ["测试", "演练*"] }
[[datasets.calls.exclude]]
name = "内部线路"
where = { caller = ["8001", "8002"], "类型" = [""] }
"""
HEADER = "站点,流水,主叫号码,日期,时间,接通时间,挂断时间,呼叫结果,类型\n"


def call(number="1", caller="13800138000", day="2023-01-05", time="08:00:00", kind="", code="已接"):
    answered = "2023-01-05 08:00:10" if code in ("已接", "应答") else "-"
    return f"A,{number},{caller},{day},{time},{answered},2023-01-05 08:01:00,{code},{kind}\n"


def test_rows_are_composed_as_the_profile_says(installation, tmp_path):
    use(installation, tmp_path, CALLS)
    lines = [call("1"), call("2", time="上午07:59:30", code="应答"), call("3", code="占线")]
    deliver(installation, "calls_20230105.csv", HEADER + "".join(lines))
    take_all(installation)
    found = staged(installation, "calls").sort("call_id")
    assert found["call_id"].to_list() == ["A-1", "A-2", "A-3"]
    assert found["offered_at"].to_list()[:2] == [at(2023, 1, 5, 8), at(2023, 1, 5, 7, 59, 30)]
    assert found["outcome"].to_list() == ["接通", "接通", "用户挂断"]
    assert set(found["line"]) == {"12345"}


@pytest.mark.parametrize("part", [{"day": "-"}, {"time": ""}, {"number": "-"}])
def test_a_joined_value_lacks_where_a_part_of_it_lacks(installation, tmp_path, part):
    use(installation, tmp_path, CALLS)
    deliver(
        installation, "calls_20230105.csv", HEADER + call("1") + call(**({"number": "2"} | part))
    )
    take_all(installation)
    (reasons,) = pl.read_parquet(installation.warehouse.quarantine("calls") / "*.parquet")["rules"]
    assert reasons.to_list() == ["required"]
    assert staged(installation, "calls")["call_id"].to_list() == ["A-1"]


def test_excluded_rows_are_counted_by_rule_and_no_line_is_lost(installation, tmp_path):
    use(installation, tmp_path, CALLS)
    lines = [
        *(call("1"), call("2", kind="测试"), call("3", kind="演练三月")),
        *(call("4", caller="8001"), call("5", caller="8001", kind="正常"), call("5", kind="演")),
    ]
    deliver(installation, "calls_20230105.csv", HEADER + "".join(lines))
    bring_up_to_date(installation)
    (taken,) = ledger(installation, "calls").iter_rows(named=True)
    assert json.loads(taken["detail"]) == {"excluded": {"测试呼叫": 2, "内部线路": 1}}
    assert (taken["ignored"], taken["read"]) == (4, 3)
    assert taken["ignored"] + taken["read"] == len([HEADER, *lines])
    (own,) = account(installation).iter_rows(named=True)
    fates = ("accepted", "quarantined", "duplicate", "superseded")
    assert own["read"] == sum(own[fate] for fate in fates) == 3
    assert facts(installation, "calls", "2023-01")["offered"].sum() == own["accepted"]


def test_a_header_that_a_statement_needs_must_be_there(installation, tmp_path):
    use(installation, tmp_path, CALLS)
    deliver(installation, "calls_20230105.csv", HEADER.replace("类型", "坐席工号") + call())
    deliver(installation, "calls_20230106.csv", HEADER.replace("日期", "坐席工号") + call())
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["header_missing"] * 2
    assert ["类型" in sentences(installation)[0], "日期" in sentences(installation)[1]] == [
        True,
        True,
    ]


def test_a_constant_yields_to_a_column_that_the_file_has(installation, tmp_path):
    use(installation, tmp_path, CALLS)
    header = HEADER.replace("类型", "类型,接入热线")
    deliver(installation, "calls_20230105.csv", header + call().replace("\n", ",12333\n"))
    take_all(installation)
    assert staged(installation, "calls")["line"].to_list() == ["12333"]


def test_rows_without_a_usable_key_are_counted_by_row(installation, tmp_path):
    use(installation, tmp_path, '[datasets.calls]\nfiles = "calls_{YYYYMMDD}*"\nrow_key = true\n')
    rows = [row("calls", call_id="2.02504E+12", line=str(n % 2)) for n in range(6)]
    path = deliver(installation, "calls_20230105.csv", rows)
    deliver(installation, "calls_20230105_again.csv", path.read_bytes())
    bring_up_to_date(installation)
    assert facts(installation, "calls", "2023-01")["offered"].sum() == 6
    assert account(installation)["accepted"].sum() == 6
    assert staged(installation, "calls")["call_id"].n_unique() == 6


def test_a_file_may_lack_the_key_column_where_rows_are_the_key(installation, tmp_path):
    use(installation, tmp_path, '[datasets.calls]\nfiles = "calls_{YYYYMMDD}*"\nrow_key = true\n')
    header, values = renamed("calls")
    without = [each.partition(",")[2] for each in (header, values, values)]
    deliver(installation, "calls_20230105.csv", "\n".join(without) + "\n")
    take_all(installation)
    assert staged(installation, "calls").height == 2


def test_one_file_may_hold_several_months(installation, tmp_path):
    use(installation, tmp_path, '[datasets.calls]\nfiles = "calls_{YYYY}*"\n')
    rows = []
    for month in ("01", "02", "11"):
        at = {n: f"2023-{month}-05 08:00:0{s}" for s, n in enumerate(EXPORTS["calls"].order)}
        rows.append(row("calls", call_id=month, **at))
    deliver(installation, "calls_2023.csv", rows)
    bring_up_to_date(installation)
    found = [
        facts(installation, "calls", f"2023-{month}")["offered"].sum()
        for month in ("01", "02", "11")
    ]
    assert found == [1, 1, 1]


@pytest.mark.parametrize(
    ("sheet", "lines", "rule"),
    [("", ["旧", "新"], ""), ("本期", ["新"], ""), ("下期", [], "empty_file")],
)
def test_a_worksheet_is_chosen_by_name_or_by_its_header(installation, tmp_path, sheet, lines, rule):
    use(
        installation,
        tmp_path,
        f'[datasets.calls]\nfiles = "calls_{{YYYYMMDD}}*"\nsheet = "{sheet}"\n',
    )
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, value in (("封面", None), ("上期", "旧"), ("本期", "新")):
            written = book.add_worksheet(name)
            if value is None:
                written.write_row(0, 0, ["热线话务报表"])
                continue
            columns = EXPORTS["calls"].columns
            written.write_row(0, 0, [column.title for column in columns])
            values = row("calls", line=value)
            written.write_row(1, 0, [values[column.name] for column in columns])
    deliver(installation, "calls_20230105.xlsx", out.getvalue())
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == [rule]
    found = staged(installation, "calls")
    assert (found["line"].to_list() if found.height else []) == lines


def test_answered_calls_and_lost_calls_may_come_in_two_files(installation, tmp_path):
    text = '[datasets.calls]\nfiles = "*话单_{YYYYMMDD}*"\n[datasets.calls.constants]\n'
    use(installation, tmp_path, text + 'outcome = "用户挂断"\n')
    header, values = renamed("calls")
    deliver(installation, "接通话单_20230105.csv", f"{header}\n{values}\n")
    lost = "话单编号,主叫号码,接入热线,呼入时间,挂断时间\n"
    lost += "9,13800138000,12345,2023-01-05 09:00:00,2023-01-05 09:00:20\n"
    deliver(installation, "呼损话单_20230105.csv", lost)
    bring_up_to_date(installation)
    found = facts(installation, "calls", "2023-01").select("offered", "answered", "hung_up").sum()
    assert found.rows() == [(2, 1, 1)]


# --- drift --------------------------------------------------------------------------------------


def renamed(dataset, **titles):
    header = ",".join(titles.get(c.name, c.title) for c in EXPORTS[dataset].columns)
    values = ",".join(row(dataset)[c.name] for c in EXPORTS[dataset].columns)
    return header, values


def test_a_new_column_refuses_the_file_unless_the_profile_names_it_only(
    installation, tmp_path, capsys
):
    header, values = renamed("calls")
    deliver(installation, "calls_20230105.csv", f"{header},技能组13800138000\n{values},甲\n")
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["header_extra"]
    use(
        installation,
        tmp_path,
        '[datasets.calls]\nfiles = "calls_{YYYYMMDD}*"\nextra_columns = "name"\n',
    )
    installation.__dict__.pop("profile")
    take_all(installation)
    (taken,) = ledger(installation, "calls").iter_rows(named=True)
    assert taken["state"] == TAKEN
    show_full(state(installation))
    shown = capsys.readouterr().out
    assert "calls 话务：未登记的列：技能组" in shown
    assert "13800138000" not in shown + taken["detail"]


def test_a_renamed_required_column_refuses_the_file_and_is_named(installation, tmp_path):
    use(
        installation,
        tmp_path,
        '[datasets.calls]\nfiles = "calls_{YYYYMMDD}*"\nextra_columns = "name"\n',
    )
    header, values = renamed("calls", outcome="结果")
    deliver(installation, "calls_20230105.csv", f"{header}\n{values}\n")
    take_all(installation)
    (refused,) = ledger(installation, "calls").iter_rows(named=True)
    assert (refused["state"], refused["rule"]) == (REFUSED, "header_missing")
    assert "呼叫结果" in sentences(installation)[0]


def test_a_new_code_is_named_with_its_rows_until_it_is_mapped(installation, tmp_path, capsys):
    rows = [row("calls", call_id=str(n)) for n in range(100)]
    rows += [row("calls", call_id=f"n{n}", outcome="占线", answered_at="") for n in range(3)]
    rows += [row("calls", call_id="p", outcome="张某某", answered_at="")]
    deliver(installation, "calls_20230105.csv", rows)
    take_all(installation)
    show_full(state(installation))
    shown = capsys.readouterr().out
    assert "calls 话务：呼叫结果有未登记的代码：其他 1 行、占线 3 行（已隔离" in shown
    assert "张某某" not in shown
    text = '[datasets.calls]\nfiles = "calls_{YYYYMMDD}*"\nfallback = {outcome = "用户挂断"}\n'
    use(installation, tmp_path, text)
    installation.__dict__.pop("profile")
    take_all(installation)
    (taken,) = ledger(installation, "calls").iter_rows(named=True)
    assert (taken["quarantined"], taken["detail"]) == (0, "{}")
