"""`hotline doctor`: whether this machine can do a night, and what to do where it cannot.

Belongs here: how the findings are shown. What is looked at is in `pipelines.doctor`.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assets.core import HotlineError
from pipelines.cli.command import app, command
from pipelines.cli.console import out, show_table, table
from pipelines.config import config_path, load_installation
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding

_COLOURS = {GOOD: "green", NOTE: "yellow", WRONG: "red"}


@app.command()
@command
def doctor(
    backup: Annotated[
        Path | None, typer.Option("--backup", help="备份所在的目录，一并检查")
    ] = None,
) -> int:
    """体检：配置、权限、磁盘、时钟、日历、运行记录、字体……逐项给出办法；不改变任何东西。"""
    from pipelines.doctor.examination import examine

    try:
        installation = load_installation()
    except HotlineError as error:
        findings = [Finding("配置", WRONG, str(error))]
    else:
        folder = config_path().parent
        findings = examine(
            installation, folder=folder, backup=backup.absolute() if backup else None
        )
    show_table("体检", _table(findings))
    wrong = sum(each.level == WRONG for each in findings)
    noted = sum(each.level == NOTE for each in findings)
    out.print(f"有误 {wrong} 项，注意 {noted} 项。" if wrong or noted else "一切正常。")
    return 1 if wrong else 0


def _table(findings: list[Finding]) -> Table:
    shown = table(["项目", "结果"])
    # Sentences are folded, never cut: half a remedy is none.
    shown.add_column("情况", overflow="fold")
    shown.add_column("办法", overflow="fold")
    for each in findings:
        shown.add_row(
            each.topic, Text(each.level, _COLOURS[each.level]), Text(each.seen), Text(each.remedy)
        )
    return shown
