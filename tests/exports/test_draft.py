"""`hotline profile new`: a draft of a profile from the headers of a file, and of nothing else."""

import tomllib

import pytest
from typer.testing import CliRunner

from assets.exports.draft import draft_profile
from assets.exports.preview import probe_file
from assets.profiles.profile import load_profile
from pipelines.cli.profile import app
from tests.samples import csv_text, row, xlsx_bytes


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


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
    text = draft_profile("工单编号,处理状态,受理时间,13800138000\n1,2,3,4\n".encode(), "a.csv").text
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


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("tickets-2023-01-15", "tickets-{YYYY-MM-DD}*"),
        ("tickets 2023.01.15", "tickets {YYYY.MM.DD}*"),
        ("15-01-2023 tickets", "{DD-MM-YYYY}*"),
        ("01-15-2023 tickets", "{MM-DD-YYYY}*"),
        ("20230115", "{YYYYMMDD}*"),
        ("工单2023年1月15日", "工单{YYYY年M月D日}*"),
        ("工单2023年01月15日(1)", "工单{YYYY年M月D日}*"),
        ("export 0312 2045 202301", "export 0312 2045 {YYYYMM}*"),
        ("export_12345_20230115_2", "export_12345_{YYYYMMDD}*"),
        ("15-Jan-2023", "{D-MMM-YYYY}*"),
        ("staff_2023年1月", "staff_{YYYY年M月}*"),
        ("annual_2023", "annual_{YYYY}*"),
        ("from 20230101 to 20230131", "from 20230101 to {YYYYMMDD}*"),
    ],
)
def test_a_date_is_recognised_in_any_form(name, files):
    drafted = draft_profile(b"a,b,c\n1,2,3\n", f"{name}.csv").text
    profile = tomllib.loads(drafted)
    (dataset,) = profile["datasets"].values()
    assert dataset["files"] == files
    assert ("月在前" in drafted) == ("-YYYY}" in files and "MMM" not in files)


def test_a_name_without_a_date_is_said(tmp_path):
    assert "文件名里没有日期" in draft_profile(b"a,b,c\n1,2,3\n", "tickets.csv").text


HEADERLESS = """"1/9/2017 16:33:01","Test User <105>","105","*60","27","27","ANSWERED"
"1/9/2017 16:34:03","Test User <105>","105","i","37","37","ANSWERED"
"""


@pytest.mark.parametrize(
    "content",
    [
        HEADERLESS,
        "张三,东城区,噪音\n李四,西城区,停水\n",
        "张三,13800138000,噪音\n李四,13800138001,停水\n",
        "张三,张三,噪音,a\n李四,西城区,停水,3\n",
    ],
)
def test_a_row_of_data_is_never_printed_as_a_header(tmp_path, content):
    path = tmp_path / "headerless_20230105.csv"
    path.write_text(content, encoding="utf-8")
    shown = run("new", path)
    assert shown.exit_code == 1
    assert "没有找到表头" in shown.output
    for cell in ("Test User", "ANSWERED", "张三", "噪音", "1380013"):
        assert cell not in shown.output


def test_headers_that_nobody_knows_are_drafted_and_said(tmp_path):
    path = tmp_path / "t_20230105.csv"
    path.write_text("no,created,district\nT1,2023-05-01 08:00:00,East\n", encoding="utf-8")
    shown = run("new", path, "--dataset", "tickets")
    assert shown.exit_code == 1
    assert "没有一个认识的列名" in shown.output
    assert '# "district" = ""' in shown.output and "[datasets.tickets]" in shown.output
    assert run("new", path, "--dataset", "mail").exit_code == 2


@pytest.mark.parametrize(
    ("header", "derived"),
    [
        ("呼入时间,主叫号码,通话总时长,通话时长", ("呼入时间", "通话总时长", "通话时长", "")),
        ("calldate,主叫号码,duration,billsec", ("calldate", "duration", "billsec", "")),
        ("start,主叫号码,duration (min)", ("start", "duration (min)", "", "minutes")),
    ],
)
def test_lengths_of_time_become_derived_columns(tmp_path, header, derived):
    start, total, talk, unit = derived
    data = ",".join("2023-01-05 08:00:00" for _ in header.split(","))
    profile = tomllib.loads(draft_profile(f"{header}\n{data}\n".encode(), "c_20230105.csv").text)
    found = profile["datasets"]["calls"]["derive"]
    assert found["ended_at"]["from"] in (start, "offered_at")
    assert (found["ended_at"]["plus"], found["ended_at"].get("unit", "")) == (total, unit)
    assert found.get("answered_at", {}).get("minus", "") == talk
