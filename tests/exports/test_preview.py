"""`hotline profile check` and `new`, and the worked example of docs/profiles.md."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.exports.preview import draft_profile, probe_file
from assets.profiles.profile import load_profile
from pipelines.cli.profile import app
from tests.driver import bring_up_to_date, change, deliver, details, facts, ledger
from tests.samples import csv_text, row, xlsx_bytes

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
    assert shown.exit_code == 1
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


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_draft_can_be_loaded_and_takes_the_file(installation, tmp_path, suffix):
    content = csv_text("calls", [row("calls")]).encode()
    if suffix == ".xlsx":
        content = xlsx_bytes("calls", [row("calls")])
    sample = tmp_path / f"话单_20230105_1{suffix}"
    sample.write_bytes(content)
    shown = run("new", sample)
    assert shown.exit_code == 0
    path = tmp_path / "draft.toml"
    path.write_text(shown.output, encoding="utf-8")
    profile = load_profile(str(path))
    assert profile.datasets["calls"].files == "话单_{YYYYMMDD}*"
    assert probe_file(sample, profile).quarantined == 0


def test_a_draft_names_what_is_to_be_decided():
    text = draft_profile("工单编号,处理状态,受理时间,13800138000\n1,2,3,4\n".encode(), "a.csv")
    assert '# 已认识："工单编号" → ticket_id' in text
    assert '# "处理状态" = ""' in text
    assert "# * status 工单状态，代码：受理、" in text
    assert "#   sector 重点领域" in text
    assert "13800138000" not in text
    assert 'files = "a_{YYYYMMDD}*"' in text


@pytest.mark.parametrize(("name", "content"), [("a.csv", ""), ("a.xls", "x"), ("b.csv", None)])
def test_a_draft_of_nothing_is_refused(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert run("new", tmp_path / name).exit_code == 2
