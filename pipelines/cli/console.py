"""How the operator is shown things: sentences, tables, progress bars; plain text where piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.box import ROUNDED, SIMPLE
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from assets.installation import SilentProgress

# A pipe has no width: nothing is cut off there.
_PIPE_WIDTH = 10_000


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=stderr, highlight=False, width=width)


out = _console(sys.stdout)
err = _console(sys.stderr, stderr=True)

_STEPS = {
    "exports": "接收导出文件",
    "details": "整理当前记录",
    "facts": "计算月度事实",
    "reports": "印发报告",
}


def table(columns: list[str], *, right: tuple[str, ...] = ()) -> Table:
    """An empty table; columns named in `right` hold numbers."""
    made = Table(header_style="bold", box=ROUNDED if out.is_terminal else SIMPLE)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=True)
    return made


def show_table(title: str, shown: Table) -> None:
    """Print a table below its title."""
    out.print(f"\n[bold]{title}[/]")
    out.print(shown)


class TerminalProgress(SilentProgress):
    """Draws a bar for each step, and keeps what did not work."""

    def __init__(self, bars: Progress, totals: dict[str, int]) -> None:
        super().__init__()
        self._bars = bars
        self._totals = totals
        self._tasks: dict[str, TaskID] = {}

    def advance(self, step: str, count: int) -> None:
        """Move the bar of a step."""
        if step not in self._tasks:
            label = _STEPS.get(step, step)
            self._tasks[step] = self._bars.add_task(label, total=self._totals.get(step))
        self._bars.advance(self._tasks[step], count)


@contextmanager
def progress_bars(totals: dict[str, int]) -> Iterator[TerminalProgress]:
    """Progress bars while work goes on; nothing is drawn where the output is no terminal.

    Args:
        totals: how much there is to do, by step.
    """
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
    ) as bars:
        yield TerminalProgress(bars, totals)


def show_problems(problems: list[tuple[str, str]]) -> None:
    """Print what went wrong, one line each."""
    for where, sentence in problems:
        # Never markup: a file name is the platform's text.
        line = Text.assemble(("! ", "yellow"), f"{where}：" if where else "", sentence)
        err.print(line, soft_wrap=True)
