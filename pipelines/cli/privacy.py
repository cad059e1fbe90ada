"""`hotline erase` and `hotline key rotate`: what a citizen may ask for, and another key."""

import re
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from assets.core import HotlineError
from assets.exports import CALL, CALLER, TICKET, rotate_caller_key
from pipelines.cli.command import ADMINISTRATION, By, Why, app, command
from pipelines.cli.console import err, one_line, out
from pipelines.config import load_installation

key = typer.Typer(help="来电人密钥：更换。", no_args_is_help=True)
_NUMBER = re.compile(
    r"\s*(?:\+?86[ -]?)?(?:1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0[0-9]{2,3}-?[0-9]{7,8})\s*"
)


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline erase --ticket HZ202301050001")
@command
def erase(
    ticket: Annotated[
        list[str] | None, typer.Option("--ticket", metavar="ID", help="工单编号（可多次）")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="从这个文件读来电号码，每行一个；“-”为标准输入")
    ] = None,
    by: By = "",
    why: Why = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接删除")] = False,
) -> int:
    """删除：应本人请求，永久删去一个来电号码或工单的全部行；号码不写在命令行里，运行后再输入。"""
    from assets.erasure import erase as take_out
    from assets.erasure import find_subjects, finish_erasure

    callers = _callers(ticket or [], file)
    by, why = by or _asked("由谁决定"), why or _asked("为什么")
    installation = load_installation()
    with installation.held(err.print):
        finish_erasure(installation)
        found = find_subjects(installation, callers, ticket or [])
        if not (found[CALLER] or found[TICKET]):
            raise HotlineError("输入的不是一个可以辨认的来电号码或工单编号，没有删除任何内容。")
        out.print(f"存档中找到来电 {len(found[CALL])} 通；要删除的工单 {len(found[TICKET])} 件。")
        if not (yes or _agreed()):
            err.print("没有删除任何内容。")
            return 1
        done = take_out(installation, found, by=by, why=why)
    if not done.is_new:
        out.print("这些内容今天已经删除过。")
        return 0
    out.print(f"已删除：重写存档文件 {done.files} 个，去掉拒收的文件 {done.dropped} 个。")
    out.print("下一次夜间任务据此重算，同样的行再送来也不会入库；要立即重算，请运行 hotline run。")
    out.print("接收目录里的原文件、以前的备份和已取走的副本不会自动改变：请删去这些原文件，")
    out.print("再运行 hotline backup，并删去更早的备份。")
    for each in done.unread:
        err.print(f"拒收的文件无法查找，请人工核对：{each}", style="yellow", markup=False)
    return 1 if done.unread else 0


def _callers(tickets: list[str], file: Path | None) -> list[str]:
    """The callers' numbers, which never stand in the command line: others can see that."""
    if any(_NUMBER.fullmatch(each) for each in tickets):
        raise HotlineError(
            "请不要把来电号码写在命令行里，别人看得到，也会留在历史记录中："
            "请运行 hotline erase，等它询问时再输入，或用 --file。"
        )
    if file is None and tickets:
        return []
    if file is None and sys.stdin.isatty():
        return [typer.prompt("来电号码（输入时不显示）", hide_input=True, err=True)]
    if file is None or str(file) == "-":
        return sys.stdin.read().split("\n")
    try:
        return file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise HotlineError(f"读不出文件 {file}：请核对路径，内容应为每行一个号码。") from None


def _asked(what: str) -> str:
    return one_line(typer.prompt(what, err=True)) if sys.stdin.isatty() else ""


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise HotlineError("删除无法撤销：不在终端中运行时，请加上 --yes 确认。")
    return typer.confirm("删除无法撤销。确定删除吗？", err=True)


@key.command(epilog="例：hotline key rotate")
@command
def rotate() -> int:
    """更换来电人密钥：由存档重新算出全部化名，事实不变；中断后再运行一次即可继续。"""
    from assets.sync import check_archive, forget_computed
    from pipelines.cli.night import bring_up_to_date, show_outcome

    installation = load_installation()
    with installation.held(err.print):
        # Without it the pseudonyms of the old key could not be replaced.
        check_archive(installation.warehouse)
        rotate_caller_key(installation.warehouse, secrets.token_hex(32))
        forget_computed(installation.warehouse)
        outcome = bring_up_to_date(installation, why="key", archive_only=True)
    out.print("来电人密钥已更换：请再运行 hotline backup；以前的备份仍是旧密钥。")
    return show_outcome(installation, outcome)
