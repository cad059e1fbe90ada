"""What all commands share: help and mistakes in Chinese, --version, -h, --json, --quiet."""

import json
import re
from importlib.metadata import version

import pytest
import typer

from assets.installation import local_now
from pipelines.cli import app
from pipelines.cli.command import PANELS
from tests.pipelines.test_cli import Machine, exports_of_a_day

# What the program is called, what is typed, and names of formats.
LATIN = re.compile(r"[A-Za-z][a-z]{3,}( [a-z]{3,}){2,}")


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def commands() -> dict[str, typer.core.TyperCommand]:
    """Every command by what is typed."""
    found = {}
    for name, each in typer.main.get_command(app).commands.items():
        within = getattr(each, "commands", None) or {"": each}
        found |= {f"{name} {inner}".strip(): command for inner, command in within.items()}
    return found


def test_every_command_says_who_needs_it_shows_an_example_and_takes_what_all_take():
    assert {each.rich_help_panel for each in app.registered_commands} == set(PANELS)
    for name, each in commands().items():
        assert f"hotline {name}" in (each.epilog or ""), name
        options = {option for parameter in each.params for option in parameter.opts}
        assert {"--json", "--quiet", "--city"} <= options, name
        assert all(getattr(p, "help", "x") for p in each.params), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["runn"], "没有命令 runn"),
        (["run", "--dat", "2023-01-01"], "没有选项 --dat"),
        (["run", "--date"], "选项 --date 后面要写一个值"),
        (["explain"], "缺少参数"),
        (["score", "abc"], "“abc”不是整数"),
        (["run", "x"], "多出了参数"),
        (["prune", "--days", "1"], "超出范围"),
    ],
)
def test_mistakes_of_usage_are_said_in_chinese(machine, words, said):
    done = machine.hotline(*words)
    assert done.returncode == 2
    assert said in re.sub(r"\s|│", "", done.stderr) or said in done.stderr
    assert not LATIN.search(done.stderr.replace("COMMAND", "")), done.stderr


def test_version_and_short_help(machine):
    assert machine.hotline("--version").stdout == f"hotline {version('hotline-pipeline')}\n"
    for words in (["-h"], ["run", "-h"], ["quarantine", "list", "--help"]):
        done = machine.hotline(*words)
        assert done.returncode == 0
        assert "用法" in done.stdout
        assert "…" not in done.stdout.replace("……", "")
        assert not LATIN.search(re.sub(r"hotline [a-z ]+", "", done.stdout)), done.stdout


def test_json_is_one_document_and_quiet_says_nothing(machine):
    exports_of_a_day(machine.landing)
    assert machine.hotline("run", "--quiet").stdout == ""
    status = json.loads(machine.hotline("status", "--json").stdout)
    assert status["schema"] == 1
    assert status["data"]["in_order"] is (status["exit_status"] == 0)
    assert status["data"]["datasets"]["calls"]["last"] == "2023-01-05"
    releases = json.loads(machine.hotline("releases", "--json").stdout)
    (table,) = releases["tables"]
    assert table["rows"][0]["状态"] == "当前"
    assert table["rows"][0]["发布"] == (machine.warehouse / "current").readlink().name
    refused = machine.hotline("explain", "nothing", "2023", "--json")
    document = json.loads(refused.stdout)
    assert refused.returncode == document["exit_status"] == 2
    assert "nothing" in document["problems"][0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status", "call"], "您是不是要写 calls"),
        (["status", "工单"], "您是不是要写 tickets？"),
        (["quarantine", "list", "--dataset", "ticket"], "您是不是要写 tickets"),
        (["quarantine", "list", "--month", "2023-1"], "您是不是要写 2023-01？"),
        (["backfill", "2023-1", "2023-02"], "您是不是要写 2023-01？"),
        (["backfill", "202301", "202302"], "您是不是要写 2023-01？"),
        (["backfill", "2023-13", "2024-01"], "月份“2023-13”无效"),
        (["backfill", "0001-01", "2023-01"], "无效"),
        (["backfill", "2023-01", "9999-12"], "无效"),
        (["backfill", "2099-01", "2099-02"], "还没有到"),
        (["run", "--date", "2024/1/5"], "您是不是要写 2024-01-05？"),
        (["run", "--date", "20240105"], "您是不是要写 2024-01-05？"),
        (["run", "--date", "2024年1月5日"], "您是不是要写 2024-01-05？"),
        (["run", "--date", "2099-01-01"], "还没有过去"),
        (["as-of", "2099-01-01"], "还没有到"),
        (["score", "1800"], "超出范围"),
        (["explain", "接通率", "2023"], "话务接通率"),
        (["report", "month", "2023-05"], "monthly"),
        (["reports", "--kind", "week"], "weekly"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_meant_is_asked(machine, words, said):
    done = machine.hotline(*words)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keep_releases = 0", "keep_releases 有误：不能小于 1"),
        ("keep_release = 3", "keep_release 有误：没有这一项。您是不是要写 keep_releases？"),
        ('start = "x"', "start 有误：应为日期"),
        ("memory = 1.5", "memory 有误：应为整数"),
        ("[reports]\nweek_start = 9", "reports.week_start 有误：不能大于 6"),
        ("[reports]\norganization = 'x'", "您是不是要写 organisation"),
        ("[operations]\nreports_url = 'x'", "operations.reports_url 有误：应为网址"),
        ("landing = ", "文件末尾，等号后面的值"),
    ],
)
def test_a_wrong_setting_is_named_with_what_may_stand_there(machine, text, said):
    (machine.folder / "hotline.toml").write_text(text, encoding="utf-8-sig")
    assert said in machine.refuses("status")


def test_a_month_without_data_is_not_up_to_date(machine):
    exports_of_a_day(machine.landing)
    done = machine.hotline("backfill", "2023-01", "2023-02", "--json")
    (table,) = json.loads(done.stdout)["tables"]
    assert [row["结果"] for row in table["rows"]] == ["已重算", "没有数据"]


def test_a_chosen_date_takes_no_later_export_and_leaves_the_clock_alone(machine):
    exports_of_a_day(machine.landing)
    assert machine.hotline("run", "--date", "2023-01-05").returncode == 0
    journal = (machine.warehouse / "ledger/releases.jsonl").read_text("utf-8")
    assert f'"at": "{local_now():%Y-}' in journal.replace('"at":"', '"at": "')
