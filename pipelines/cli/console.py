"""How the operator is shown things: sentences, tables, progress bars; plain text where piped."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.box import ROUNDED, SIMPLE
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from dagster import DagsterEvent

# A pipe has no width: nothing is cut off there.
_PIPE_WIDTH = 10_000
# C0 but line feed and tab, DEL, C1 (escape sequences begin with either), line separators, direction
# marks and invisible ones, lone surrogates: what a terminal obeys, or shows other than it is.
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """A text without anything that a terminal would obey or that misleads whoever reads it."""
    return text if text.isascii() and text.isprintable() else _COMMANDS.sub("", text)


def one_line(text: str) -> str:
    """What a person gives on the command line, as it is recorded: printable, on one line."""
    return " ".join(printable(text).split())


class _Terminal(Console):
    """A console whose texts come from exports and people: their commands are left out."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render as the base class does; only what rich itself sends may steer the terminal."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(printable(segment.text), segment.style)


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    width = None if stream.isatty() else _PIPE_WIDTH
    return _Terminal(stderr=stderr, highlight=False, width=width)


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


@contextmanager
def progress_bars() -> Iterator[Callable[["DagsterEvent"], None]]:
    """Progress bars while a run goes on; nothing is drawn where the output is no terminal.

    Yields:
        What is to be told of each event of the run: a bar moves with what is materialized.
    """
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def bar(group: str, total: int | None = None) -> TaskID:
            if group not in tasks:
                tasks[group] = bars.add_task(_STEPS.get(group, group), total=total)
            return tasks[group]

        def watch(event: "DagsterEvent") -> None:
            if event.event_type_value == "ASSET_OBSERVATION":
                seen = event.asset_observation_data.asset_observation.metadata
                bar("exports", next(int(str(each.value)) for each in seen.values()))
            elif event.event_type_value == "ASSET_MATERIALIZATION":
                made = event.step_materialization_data.materialization
                files = made.metadata.get("files")
                group = made.asset_key.path[0]
                if group in _STEPS:
                    bars.advance(bar(group), int(str(files.value)) if files else 1)

        yield watch


def show_problems(problems: list[tuple[str, str]]) -> None:
    """Print what went wrong, one line each."""
    for where, sentence in problems:
        # Never markup: a file name is the platform's text.
        line = Text.assemble(("! ", "yellow"), f"{where}：" if where else "", sentence)
        err.print(line, soft_wrap=True)
