"""How the operator is shown things: sentences, tables, progress bars; plain text where piped."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.box import ROUNDED, SIMPLE
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Column, Table
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


# A day, an id or a name of ASCII stays whole up to this length.
_WORDS = re.compile(r"[!-~]+|$")
_LONGEST_WORD = 26
# Text is not folded into columns narrower than this, unless it is shorter itself.
_NARROWEST = 12


class _FittingTable(Table):
    """A table that fits the terminal.

    Texts are folded; where that is not enough the least columns are left out, and where that is
    not enough either each row is turned on its side, a line for each of its cells.
    """

    least: tuple[str, ...] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render what fits."""
        dropped: list[str] = []
        while not (widths := self._widths(console, options.max_width, dropped)):
            left = [each for each in self.least if each not in dropped]
            if not left:
                yield from self._sideways(console)
                return
            dropped.append(left[0])
        fitted = Table(header_style="bold", box=self.box)
        for name, width in widths.items():
            column = self._column(name)
            fitted.add_column(name, justify=column.justify, overflow="fold", width=width)
        cells = zip(*(self._column(name).cells for name in widths), strict=True)
        for row, made in zip(self.rows, cells, strict=False):
            fitted.add_row(*made, end_section=row.end_section)
        yield from fitted.__rich_console__(console, options)
        if dropped:
            yield Text(f"屏幕较窄，省略了 {'、'.join(dropped)}。", "dim")

    def _column(self, name: str) -> Column:
        return next(each for each in self.columns if each.header == name)

    def _widths(self, console: Console, room: int, dropped: list[str]) -> dict[str, int]:
        """Column -> width in cells, numbers in full; empty where there is not enough room."""
        widths, narrowest = {}, {}
        for column in self.columns:
            name = str(column.header)
            if name in dropped:
                continue
            texts = [_text(console, each) for each in (name, *column.cells)]
            widths[name] = max(each.cell_len for text in texts for each in text.split())
            word = max(cell_len(each) for text in texts for each in _WORDS.findall(text.plain))
            least = max(min(_NARROWEST, widths[name]), min(word, _LONGEST_WORD))
            narrowest[name] = widths[name] if column.justify == "right" else least
        room -= 3 * len(widths) + 1
        if sum(narrowest.values()) > room:
            return {}
        while sum(widths.values()) > room:
            widest = max(widths, key=lambda each: (widths[each] > narrowest[each], widths[each]))
            widths[widest] -= 1
        return widths

    def _sideways(self, console: Console) -> Iterable[RenderableType]:
        """Each row as a block: its first cell, and below it the others that say something."""
        first, *others = self.columns
        for head, *cells in zip(*(column.cells for column in self.columns), strict=True):
            yield Text.assemble(("■ ", "dim"), (f"{first.header} ", "dim"), _text(console, head))
            block = Table.grid(padding=(0, 1, 0, 0))
            block.add_column(style="dim", no_wrap=True)
            block.add_column(overflow="fold")
            for column, cell in zip(others, cells, strict=True):
                if _text(console, cell).plain:
                    block.add_row(f"  {column.header}", cell)
            yield block


def _text(console: Console, cell: RenderableType) -> Text:
    """A cell as text: markup is read, as the table itself does."""
    return cell if isinstance(cell, Text) else console.render_str(str(cell))


def table(columns: list[str], *, right: tuple[str, ...] = (), least: tuple[str, ...] = ()) -> Table:
    """An empty table that will fit the terminal.

    Args:
        columns: their headers.
        right: those that hold numbers; numbers are never folded.
        least: those that a narrow terminal does without, the least first.
    """
    made = _FittingTable(header_style="bold", box=ROUNDED if out.is_terminal else SIMPLE)
    made.least = least
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left")
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
