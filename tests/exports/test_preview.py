"""`hotline profile check` and `new`, and the worked example of docs/profiles.md."""

import re
import tempfile
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.exports.preview import probe_file
from assets.profiles.profile import load_profile
from pipelines.cli.profile import app
from tests.driver import bring_up_to_date, change, deliver, details, facts, ledger, take_all
from tests.samples import csv_text, row

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "profile_311.toml"
HEADER = (
    "Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,Status,"
    "Borough,Open Data Channel Type,Resolution Action Updated Date,Latitude"
)


def request(key, status="Open", channel="PHONE", closed="", borough="BRONX"):
    return (
        f"{key},01/15/2023 11:30:00 PM,{closed},HPD,Housing,HEAT/HOT WATER,ENTIRE BUILDING,"
        f"{status},{borough},{channel},01/16/2023 12:05:00 AM,40.8"
    )


ROWS = [
    request("56001", "Closed", closed="01/16/2023 12:05:00 AM"),
    request("56002", "In Progress", "ONLINE"),
    request("56003", "Assigned", "OTHER"),
    request("56004", channel="INTERNAL"),
]


def example(*lines):
    return "\n".join([HEADER, *lines]) + "\n"


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_the_worked_example_becomes_facts(installation):
    change(installation, profile_name=str(EXAMPLE))
    deliver(installation, "311_Service_Requests_20230116.csv", example(*ROWS))
    bring_up_to_date(installation)
    (taken,) = ledger(installation, "tickets").iter_rows(named=True)
    assert (taken["read"], taken["quarantined"], taken["ignored"]) == (3, 0, 2)
    rows = details(installation, "tickets", "2023-01").sort("ticket_id")
    assert rows["accepted_at"].dt.strftime("%Y-%m-%d %H:%M").unique().to_list() == [
        "2023-01-16 12:30"
    ]
    assert rows["status"].to_list() == ["已办结", "办理中", "办理中"]
    assert rows["channel"].to_list() == ["电话", "网站", "其他"]
    assert rows["content"][0] == "HEAT/HOT WATER-ENTIRE BUILDING"
    found = facts(installation, "tickets", "2023-01")
    assert (found["accepted"].sum(), found["closed"].sum()) == (3, 1)


def test_the_document_shows_the_example_as_it_is():
    text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    shown = [part.partition("```")[0] for part in text.split("```toml\n")[1:]]
    body = EXAMPLE.read_text(encoding="utf-8")
    assert tomllib.loads(body) in [tomllib.loads(each) for each in shown]


def test_check_says_what_became_of_each_column(tmp_path):
    path = tmp_path / "311_Service_Requests_20230116.csv"
    bad = request("56005", "Pending").replace("01/15/2023", "2023-01-15")
    path.write_text(example(*ROWS, bad), encoding="utf-8")
    found = probe_file(path, load_profile(str(EXAMPLE)))
    columns = {each.name: each for each in found.columns}
    assert (found.dataset, found.read, found.quarantined) == ("tickets", 4, 1)
    accepted = columns["accepted_at"]
    assert (accepted.source, accepted.filled, accepted.parsed) == ("Created Date", 4, 3)
    assert columns["content"].source == "Complaint Type＋Descriptor"
    assert columns["urgency"].source == "固定为“一般”"
    assert (columns["sector"].source, columns["sector"].filled) == ("", 0)
    assert {count for _, count in found.rules} == {1}
    assert len(found.rules) == 2
    assert "未登记的列：Latitude（未读取）" in found.noticed
    assert "按来源配置排除：部门自报 1 行" in found.noticed
    shown = run("check", path, "--profile", EXAMPLE)
    # The run would take the file, too: two bad rows cost no file.
    assert shown.exit_code == 0
    assert "75.0%" in shown.output
    assert "Pending" not in shown.output
    path.write_text(example(*ROWS), encoding="utf-8")
    assert run("check", path, "--profile", EXAMPLE).exit_code == 0


def test_check_shows_no_value_of_a_row(tmp_path):
    path = tmp_path / "calls_20230105.csv"
    rows = [row("calls", call_id=str(n), outcome="13800138000") for n in range(4)]
    path.write_text(csv_text("calls", [*rows, row("calls", caller="13912345678", offered_at="?")]))
    shown = run("check", path, "--profile", "hanzhong").output
    assert "呼叫结果有未登记的代码：其他 4 行" in shown
    assert "13800138000" not in shown and "13912345678" not in shown


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("mail_20230105.csv", "a,b\n", 2, "文件名与来源配置"),
        ("calls_20230105.csv", "a,b\n1,2\n", 1, "找不到表头"),
        ("calls_20230105.csv", None, 2, "无法读取"),
    ],
)
def test_check_says_why_it_cannot(tmp_path, name, content, status, words):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    shown = run("check", tmp_path / name, "--profile", "hanzhong")
    assert shown.exit_code == status
    assert words in shown.output
    assert "Traceback" not in shown.output


ROW_KEY = """
name = "m"
timestamp_formats = ["%Y-%m-%d %H:%M:%S"]
[datasets.calls]
files = "*_{YYYYMMDD}*"
KEY
[datasets.calls.headers]
"id" = "FIRST"
"src" = "caller"
"line" = "line"
"start" = "offered_at"
"answer" = "answered_at"
"end" = "ended_at"
"disp" = "outcome"
[datasets.calls.codes.outcome]
"OK" = "接通"
"""


def sample(tmp_path, ids, key="row_key = true", first="agent_id"):
    """A file of calls whose first header is "id", and a profile of it."""
    profile = tmp_path / "p.toml"
    profile.write_text(ROW_KEY.replace("KEY", key).replace("FIRST", first), encoding="utf-8")
    lines = "".join(
        f"{number},1390000{at:04},12345,2023-05-01 06:30:00,2023-05-01 06:30:10,"
        f"2023-05-01 06:35:{at:02},OK\n"
        for at, number in enumerate(ids)
    )
    path = tmp_path / "t_20230501.csv"
    path.write_text(f"id,src,line,start,answer,end,disp\n{lines}", encoding="utf-8")
    return path, profile


def test_rows_that_are_their_own_key_can_be_checked(tmp_path):
    path, profile = sample(tmp_path, ["A1"])
    shown = run("check", path, "--profile", profile)
    assert shown.exit_code == 0
    assert "文件和行号" in shown.output
    assert "13900000000" not in shown.output


def test_a_key_that_is_none_is_refused_by_the_check_as_by_the_run(installation, tmp_path):
    path, profile = sample(tmp_path, ["7"] * 20, key="", first="call_id")
    shown = run("check", path, "--profile", profile)
    assert shown.exit_code == 1
    assert "会被拒收：编号列不能作为编号：20行的编号相同" in shown.output
    change(installation, profile_name=str(profile))
    deliver(installation, path.name, path.read_bytes())
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["key_unusable"]


def test_a_share_of_bad_rows_is_refused_and_its_rules_are_shown(tmp_path):
    path, profile = sample(tmp_path, [f"{n}" for n in range(10)], key="", first="call_id")
    path.write_text(path.read_text().replace("OK\n", "NO\n", 5))
    shown = run("check", path, "--profile", profile)
    assert shown.exit_code == 1
    assert "会被拒收" in shown.output and "会隔离 5 行" in shown.output
    assert "5 行：呼叫结果" in shown.output


def test_check_shows_rows_as_stored_and_the_figures_that_facts_give(installation, tmp_path):
    path = tmp_path / "tickets_20230105.csv"
    rows = [row("tickets", ticket_id=f"T{n}", content="请拨 13800138000") for n in range(12)]
    path.write_text(csv_text("tickets", rows), encoding="utf-8")
    shown = run("check", path, "--profile", "hanzhong")
    assert shown.exit_code == 0
    assert shown.output.count("诉求内容 （") == 10
    assert "反映停水" not in shown.output and "138001" not in shown.output
    assert re.search(r"接单数 +12 +12", shown.output)
    deliver(installation, path.name, path.read_bytes())
    bring_up_to_date(installation)
    assert facts(installation, "tickets", "2023-01")["accepted"].sum() == 12


def test_nothing_of_a_check_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    path, profile = sample(tmp_path, ["A1"])
    assert run("check", path, "--profile", profile).exit_code == 0
    assert list((tmp_path / "t").iterdir()) == []


def test_an_id_is_shown_by_its_beginning_and_length(tmp_path):
    path, profile = sample(tmp_path, ["0012345678901234"], key="", first="call_id")
    ((line, texts),) = probe_file(path, load_profile(str(profile))).rows
    assert (line, texts["话单编号"]) == (2, "0012…（16 位）")


def test_the_folder_of_a_sample_counts_as_it_does_in_the_landing_folder(tmp_path):
    path, profile = sample(tmp_path, ["A1"])
    folder = tmp_path / "2023-05-01"
    folder.mkdir()
    moved = path.rename(folder / "calls.csv")
    text = profile.read_text(encoding="utf-8").replace("*_{YYYYMMDD}*", "{YYYY-MM-DD}/calls*")
    profile.write_text(text, encoding="utf-8")
    shown = run("check", moved, "--profile", profile)
    assert shown.exit_code == 0
    assert "2023-05 会得出的月度数字" in shown.output
