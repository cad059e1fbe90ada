"""How the operator is shown things: sentences, tables, progress bars; plain text where piped.

With --json what a command would show is gathered, and printed as one document at its end.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

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


AS_TEXT, AS_JSON, QUIET = "text", "json", "quiet"


@dataclass
class _Document:
    """What a command shows, gathered for --json.

    Attributes:
        mode: AS_TEXT, AS_JSON or QUIET.
        tables: title and rows of each table.
        messages: sentences, in order.
        problems: sentences on what is wrong.
        data: what the command says of itself with names and types of its own.
    """

    mode: str = AS_TEXT
    tables: list[dict[str, Any]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


_document = _Document()


@contextmanager
def output(mode: str) -> Iterator[None]:
    """How what is shown reaches the user: as text, as one JSON document, or not at all."""
    # What another command left is gone.
    vars(_document).update(vars(_Document(mode)))
    try:
        yield
    finally:
        _document.mode = AS_TEXT


def give_data(**data: Any) -> None:  # noqa: ANN401 Whatever JSON can hold.
    """Say something with names and types of its own, for --json only."""
    _document.data |= data


def print_document(status: int) -> None:
    """Print what was gathered; docs/commands.md describes it."""
    shown = {"schema": 1, "exit_status": status, **asdict(_document)}
    del shown["mode"]
    text = json.dumps(shown, ensure_ascii=False, indent=1, default=str)
    print(printable(text))


class _Terminal(Console):
    """A console whose texts come from exports and people: their commands are left out."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 As the base class.
        """Print as the base class does, where that is wanted."""
        if _document.mode == AS_TEXT or (self.stderr and _document.mode == QUIET):
            super().print(*objects, **options)
            return
        if self.stderr:
            super().print(*objects, **options)
        if _document.mode == AS_JSON:
            plain = Console(file=StringIO(), width=_PIPE_WIDTH, color_system=None)
            plain.print(*objects, **{**options, "style": None, "highlight": False})
            text = plain.file.getvalue().strip()  # type: ignore[attr-defined]
            if text:
                (_document.problems if self.stderr else _document.messages).append(text)

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


_WHOLE = re.compile(r"[+-]?\d{1,15}")
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
    if _document.mode == AS_JSON:
        _document.tables.append({"title": title, "rows": list(_rows(shown))})
        return
    out.print(f"\n[bold]{title}[/]")
    out.print(shown)


def _rows(shown: Table) -> Iterator[dict[str, str | int | None]]:
    """Rows as column -> cell: numbers as such, null for what is not known."""
    for cells in zip(*(column.cells for column in shown.columns), strict=True):
        row: dict[str, str | int | None] = {}
        for column, cell in zip(shown.columns, cells, strict=True):
            text = _text(out, cell).plain
            whole = column.justify == "right" and _WHOLE.fullmatch(text)
            row[str(column.header)] = None if text == "—" else int(text) if whole else text
        yield row


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
        disable=not err.is_terminal or _document.mode != AS_TEXT,
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
