"""Every command that the handbook shows is run as it stands there, one after another, in its order.

The installation is a small one in which each of them has something to do: damaged rows, two
releases, reports that are due. What is replaced in a command is named in `REPLACED`; what is no
command of ours is named in `OTHERS`, with what tests it.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assets.installation.installation import local_now
from assets.profiles.profile import BUILT_IN
from tests.docs.test_docs import HANDBOOK, blocks
from tests.samples import row, write

# A folder of the office's, and a day on which there was a release.
REPLACED = {"/备份盘/热线": "备份", "as-of 2024-01-15": f"as-of {local_now():%Y-%m-%d}"}
OTHERS = {
    "source .venv/bin/activate": "make test",
    "make demo": "tests/promises/test_golden.py",
    "python -c": "tests/docs/test_docs.py",
}
# What leaves something undone here, on purpose: exit status 1, and what is said of it.
UNDONE = {
    "hotline form 2023 --check annual_2023_填报.xlsx": "E4：数值为空",
    "hotline score 2023": "缺失",
    "hotline notify --test": "环境变量 HOTLINE_MAIL_URL 没有设置",
    "hotline notify": "环境变量 HOTLINE_MAIL_URL 没有设置",
}
DAYS = ("2023-01-05", "2023-05-22", "2023-05-23", "2023-12-31")
SETTINGS = """
landing = "data/landing"
warehouse = "data/warehouse"
calendar = "days.csv"
[reports]
first_weekly = 2023-05-22
first_daily = 2023-05-23
[[notify.channels]]
name = "邮件"
url_from = "HOTLINE_MAIL_URL"
"""
# One process for all of them: each takes seconds to start. The consoles of the command hold the
# streams that they began with, so what is said goes to a file of its own.
CHILD = """
import contextlib, io, json, os, sys
from pipelines.cli import app
from pipelines.cli.console import err, out
for words in json.load(sys.stdin):
    said = out.file = err.file = io.StringIO()
    if words[0] == "restore":
        os.environ["HOTLINE_WAREHOUSE"] = "restored"
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = app(words, standalone_mode=False)
    os.environ.pop("HOTLINE_WAREHOUSE", None)
    print(json.dumps([status, said.getvalue()]), flush=True)
"""


def shown() -> list[str]:
    """Every line of every block of commands; text in quotes may run over lines."""
    scripts = (re.sub(r"'\n[^']*'", "'…'", each) for each in blocks(HANDBOOK, "bash"))
    return [line.strip() for each in scripts for line in each.splitlines() if line.strip()]


def replaced(command: str) -> str:
    """A command as it is run here."""
    for old, new in REPLACED.items():
        command = command.replace(old, new)
    return command


def run(folder: Path, commands: list[list[str]]) -> list[tuple[int, str]]:
    """Exit status and text of each command, run in a folder."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("HOTLINE")}
    own.pop("DAGSTER_HOME", None)
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps(commands),
        cwd=folder,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """An installation with two nights behind it."""
    folder = tmp_path_factory.mktemp("handbook")
    (folder / "hotline.toml").write_text(SETTINGS, encoding="utf-8")
    # The doctor warns of a year that nobody knows yet, on whatever day this runs.
    years = range(2027, local_now().year + 2)
    days = ["date,day,festival", *(f"{year}-01-01,休,元旦" for year in years), ""]
    (folder / "days.csv").write_text("\n".join(days), encoding="utf-8")
    landing = folder / "data" / "landing"
    calls = [
        row(
            "calls",
            call_id=f"{day}-1",
            **{
                name: f"{day}{row('calls')[name][10:]}"
                for name in ("offered_at", "answered_at", "ended_at")
            },
        )
        for day in DAYS
    ]
    for day, call in zip(DAYS, calls, strict=True):
        name = f"calls_{day.replace('-', '')}.csv"
        bad = row("calls", offered_at="") if day == DAYS[0] else call
        write(landing, name, [call, bad | {"call_id": f"{day}-2"}, call, call, call, bad])
        moved = {
            "ticket_id": f"T{day}",
            "accepted_at": f"{day} 08:05:00",
            "dispatched_at": f"{day} 08:10:00",
            "updated_at": f"{day} 08:10:00",
            "returns": "1",
        }
        write(landing, name.replace("calls", "tickets"), [row("tickets", **moved)])
    write(folder / "样例", "calls_20240115.csv", [row("calls"), row("calls", call_id="")])
    shutil.copy(BUILT_IN / "hanzhong.toml", folder / "city.toml")
    run(folder, [["run"]])
    write(
        landing,
        "calls_20240101.csv",
        [
            row(
                "calls",
                call_id="2024",
                offered_at="2024-01-01 08:00:00",
                answered_at="2024-01-01 08:00:10",
                ended_at="2024-01-01 08:03:10",
            )
        ],
    )
    run(folder, [["run"], ["form", "2023"]])
    # The office has taken the blank form for its own.
    (folder / "annual_2023_空表.xlsx").rename(folder / "annual_2023_填报.xlsx")
    return folder


def test_every_line_shown_is_a_command_of_ours_or_tested_elsewhere():
    assert [each for each in shown() if not each.startswith(("hotline ", *OTHERS))] == []


def test_every_command_shown_does_what_it_says(folder):
    commands = [each for each in shown() if each.startswith("hotline ")]
    done = run(folder, [shlex.split(replaced(each))[1:] for each in commands])
    wrong = [
        f"{command} → {status}: {said}"
        for command, (status, said) in zip(commands, done, strict=True)
        if status != (1 if command in UNDONE else 0) or UNDONE.get(command, "") not in said
    ]
    assert not wrong, "\n".join(wrong)
    assert set(UNDONE) <= set(commands)
