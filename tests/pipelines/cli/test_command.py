"""What all commands share: help and mistakes in Chinese, --version, -h, --json, --quiet."""

import json
import re
from importlib.metadata import version

import pytest
import typer

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
        assert not LATIN.search(done.stdout), done.stdout


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
