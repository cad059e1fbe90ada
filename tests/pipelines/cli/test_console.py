"""Nothing that came from an export or a person steers the terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from pipelines.cli import console
from tests.pipelines.test_cli import Machine, exports_of_a_day
from tests.samples import row, write

HOSTILE = [
    "\x1b[2J\x1b[31m",  # clears the screen
    "\x1b]0;title\x07",  # names the window
    "\x1b]8;;http://evil\x1b\\",  # a link
    "\x9b31m",  # the same as one character
    "\u202e\u2066\u200f\u061c",  # turn the direction
    "\u200b\u2060\ufeff\u00ad",  # are not seen
    "\u2028\x85\x0b",  # break the line
    "\r",  # overwrites the line
    "\U000e0041",  # hidden tags
    "\udc80",  # no text at all
]


def shown(text: str) -> str:
    """What arrives on a terminal: as a sentence, in a table with a title, as a problem."""
    stream = io.StringIO()
    terminal = console._Terminal(file=stream, force_terminal=False, width=200)
    terminal.print(Text(text), markup=False)
    terminal.print(text, markup=False, soft_wrap=True)
    table = console.table([text])
    table.add_row(Text(text))
    terminal.print(table)
    return stream.getvalue()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_commands_are_removed_wherever_they_stand_and_the_words_stay(hostile):
    said = shown(f"甲{hostile}乙")
    assert said.count("甲") >= 2 and said.count("乙") >= 2
    assert not set(said) & set(hostile.translate({ord(c): None for c in map(chr, range(32, 127))}))


@given(st.text())
def test_what_is_shown_holds_no_control_no_direction_mark_and_can_be_written(text):
    made = console.printable(text)
    made.encode()
    assert all(
        each.isprintable() or each in "\t\n" or each.isspace() or _harmless(each) for each in made
    )
    assert console.printable(made) == made


def _harmless(character: str) -> bool:
    """Unprintable to Python only: joiners of emoji, private use, not assigned."""
    import unicodedata

    return unicodedata.category(character) in ("Co", "Cn", "Cf")


def test_ordinary_text_is_left_alone():
    text = "汉台区：12345 热线，A-1（2023-05）→ 100.00 %\n“下一行”\t👩‍🚒𠮷"
    assert console.printable(text).replace("\u200d", "") == text.replace("\u200d", "")


def test_what_rich_sends_itself_still_steers_the_terminal():
    stream = io.StringIO()
    terminal = console._Terminal(file=stream, force_terminal=True, color_system="standard")
    terminal.print("[red]甲[/]")
    terminal.show_cursor(False)
    assert "\x1b[31m甲" in stream.getvalue()
    assert "\x1b[?25l" in stream.getvalue()


def test_names_headers_and_reasons_reach_the_terminal_and_the_journal_without_commands(tmp_path):
    machine = Machine(tmp_path)
    exports_of_a_day(machine.landing)
    assert machine.hotline("run").returncode == 0
    header = {**row("calls", call_id="7"), "\x1b[2J列\u202e": "1"}
    write(machine.landing, "calls_20230106.csv", [header])
    (machine.landing / "未知\u202e\x1b[31m.csv").write_text("x")
    done = [machine.hotline("run"), machine.hotline("status")]
    words = ("--by", "王\x1b[2J五\u202e", "--why", "核\x1b]0;x\x07对\n无误")
    done += [machine.hotline("rollback", "current", *words), machine.hotline("releases")]
    said = "".join(each.stdout + each.stderr for each in done)
    assert "未知" in said
    assert "王[2J五" in said
    assert not set(said) & set("\x1b\u202e\x07")
    journal = (machine.warehouse / "ledger/releases.jsonl").read_text()
    assert "核]0;x对 无误" in journal
