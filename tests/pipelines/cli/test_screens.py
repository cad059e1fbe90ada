"""What commands show on a terminal, 80, 120 and 200 columns wide, as it was once looked at.

After a wanted change: `python -m tests.pipelines.cli.test_screens`, and look at the difference.
"""

import difflib
import json
import os
import pty
import re
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.driver import bring_up_to_date, deliver, make_installation
from tests.samples import row

SCREENS = Path(__file__).parent / "screens"
# What a test runner sets, and what the machine may have set.
_NOT_OURS = ("HOTLINE", "COLUMNS", "LINES")
WIDTHS = (80, 120, 200)
COMMANDS = (
    "status",
    "status --full",
    "status calls",
    "quarantine list",
    "quarantine show calls_20240109.csv",
    "releases",
    "diff {old} current",
    "reports",
    "targets 2024",
    "score 2024",
    "verify",
    "explain answer_rate 2024-01",
)
# What these count grows with the program: only that it fits is looked at.
GROWING = ("releases", "diff", "verify", "score")
# The commands in one process, in a terminal whose width changes; the clock stands still.
CHILD = """
import datetime, fcntl, functools, json, struct, sys, termios, zoneinfo
from pipelines import config
now = datetime.datetime(2024, 3, 1, 7, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
config.Installation = functools.partial(config.Installation, now=lambda: now)
from pipelines.cli import app
for width, words in json.loads(sys.argv[1]):
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    print("#", width, " ".join(words), flush=True)
    app(words, standalone_mode=False)
"""


def build(folder: Path) -> str:
    """An installation where much is wrong; returns the id of its first release."""
    installation = make_installation(folder)
    (folder / "hotline.toml").write_text("start = 2024-01-01\n")
    calls = [
        {
            **row("calls"),
            "call_id": f"{day}-{number}",
            **{each: f"2024-01-{day:02}{row('calls')[each][10:]}" for each in _TIMES},
        }
        for day in (5, 9)
        for number in range(6)
    ]
    deliver(installation, "calls_20240105.csv", [*calls[:6], row("calls", call_id="x 1")])
    first = bring_up_to_date(installation).id
    deliver(installation, "calls_20240109.csv", [*calls[6:], {**calls[6], "call_id": ""}])
    deliver(installation, "汉台区某单位重新导出的话务数据_第二次_请尽快接收.txt", "x")
    deliver(installation, "calls_20240110.xls", b"old")
    deliver(installation, "calls_20240111.csv", "a,b\n1,2\n")
    bring_up_to_date(installation)
    return first


_TIMES = ("offered_at", "answered_at", "ended_at")


def screens(folder: Path) -> dict[str, str]:
    """What each command shows at each width: "width command" -> text, the same in every run."""
    old = build(folder)
    asked = [(width, each.format(old=old).split()) for width in WIDTHS for each in COMMANDS]
    own = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_OURS)}
    process, terminal = pty.fork()
    if not process:
        os.chdir(folder)
        words = [sys.executable, "-c", CHILD, json.dumps(asked)]
        os.execve(sys.executable, words, {**own, "TERM": "xterm", "NO_COLOR": "1"})
    said = b""
    try:
        while part := os.read(terminal, 1 << 16):
            said += part
    except OSError:
        pass  # Linux says so of a terminal whose process has ended.
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, said.decode()[-3000:]
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode().replace("\r\n", "\n"))
    text = text.replace(str(folder), "/城市")
    # Ids and checksums change with the code; what stands in their place is as long.
    text = re.sub(r"\b[0-9a-f]{8,64}\b(?!-)|\b(?=[a-f]*[0-9])[0-9a-f]{12}\b", _same_length, text)
    found = re.split(r"^# (\d+ .*)$", text, flags=re.MULTILINE)[1:]
    return {
        name.replace(old, "{old}"): shown
        for name, shown in zip(found[::2], found[1::2], strict=True)
    }


def stored_of(screens: dict[str, str], width: int) -> str:
    """What is stored of the screens of a width."""
    return "".join(
        f"# {name}{text}"
        for name, text in screens.items()
        if name.startswith(f"{width} ") and name.split()[1] not in GROWING
    )


def _same_length(found: re.Match[str]) -> str:
    return found[0] if found[0].isdigit() else "0" * len(found[0])


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, str]:
    return screens(tmp_path_factory.mktemp("screens"))


@pytest.mark.parametrize("width", WIDTHS)
def test_screens_are_as_they_were_looked_at(shown, width):
    found = stored_of(shown, width)
    stored = (SCREENS / f"{width}.txt").read_text("utf-8")
    different = difflib.unified_diff(stored.splitlines(), found.splitlines(), lineterm="", n=1)
    assert not (lines := list(different)), "\n".join(lines[:60])


def test_no_table_is_wider_than_the_terminal_and_nothing_is_cut(shown):
    for name, text in shown.items():
        lines = [line for line in text.splitlines() if line.startswith(("│", "╭", "■", "  "))]
        assert max(map(cell_len, lines), default=0) <= int(name.split()[0]), name
        assert "2024-01-…" not in text, name


if __name__ == "__main__":
    import tempfile

    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        now = screens(Path(made) / "x")
    for each in WIDTHS:
        own = stored_of(now, each)
        (SCREENS / f"{each}.txt").write_text(own, "utf-8")
