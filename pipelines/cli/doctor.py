"""`hotline doctor`: whether this machine can do a night, and what to do where it cannot."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assets.core import GOOD, NOTE, WRONG, CheckResult, HotlineError
from pipelines.cli.command import WHEN_RED, app, command
from pipelines.cli.console import out, show_table, table
from pipelines.config import config_path, load_installation

_COLOURS = {GOOD: "green", NOTE: "yellow", WRONG: "red"}


@app.command(
    rich_help_panel=WHEN_RED, epilog="例：hotline doctor；hotline doctor --backup /备份盘/热线"
)
@command
def doctor(
    backup: Annotated[
        Path | None, typer.Option("--backup", help="备份所在的目录，一并检查")
    ] = None,
) -> int:
    """体检：配置、权限、磁盘、时钟、日历、运行记录、字体……逐项给出办法；不改变任何东西。"""
    from pipelines.doctor import examine

    try:
        installation = load_installation()
    except HotlineError as error:
        results = [CheckResult("settings", "配置", WRONG, str(error))]
    else:
        folder = config_path().parent
        results = examine(installation, folder=folder, backup=backup.absolute() if backup else None)
    show_table("体检", _table(results))
    wrong = sum(each.level == WRONG for each in results)
    noted = sum(each.level == NOTE for each in results)
    out.print(f"有误 {wrong} 项，注意 {noted} 项。" if wrong or noted else "一切正常。")
    return 1 if wrong else 0


def _table(results: list[CheckResult]) -> Table:
    shown = table(["项目", "结果"])
    # Sentences are folded, never cut: half a remedy is none.
    shown.add_column("情况", overflow="fold")
    shown.add_column("办法", overflow="fold")
    for each in results:
        level = Text(each.level, _COLOURS[each.level])
        shown.add_row(each.title, level, Text(each.sentence), Text(each.remedy))
    return shown
