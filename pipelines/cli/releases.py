"""`hotline releases`, `diff`, `rollback`, `accept`, `as-of`: what readers saw, see and will see."""

from typing import Annotated

import typer
from rich.markup import escape

from assets.core import HotlineError
from assets.installation import Installation, local_now
from assets.releases import (
    KPI_TABLE,
    Release,
    changes,
    current_release,
    find_release,
    pending_approval,
    pinned_because,
    release_ids,
    roll_back,
    switches,
)
from assets.releases import accept as accept_release
from assets.releases import as_of as entry_as_of
from pipelines.cli.command import WHEN_RED, YEARLY, app, command, parse_day
from pipelines.cli.console import err, one_line, out, show_table, table
from pipelines.config import load_publisher

By = Annotated[
    str, typer.Option("--by", metavar="TEXT", parser=one_line, help="由谁决定，记入发布日志")
]
Why = Annotated[
    str, typer.Option("--why", metavar="TEXT", parser=one_line, help="为什么，记入发布日志")
]
Which = Annotated[
    str, typer.Argument(metavar="ID", help="发布编号，可只写开头或结尾；current 为当前发布")
]
_FEW_MONTHS = 3


def show_held(installation: Installation) -> None:
    """Say that a release waits, or that the current one is pinned, where that is so."""
    if held := pending_approval(installation.warehouse):
        said = held.sentence(current_release(installation.warehouse))
        err.print(said, style="yellow", markup=False, soft_wrap=True)
    elif pinned := pinned_because(installation.warehouse):
        err.print(
            f"已固定：{pinned}。新算出的发布会等待确认；"
            "要取消固定，请运行 hotline accept current --by 姓名 --why 原因。",
            style="yellow",
            markup=False,
        )


def _months(months: tuple[str, ...]) -> str:
    shown = "、".join(months[:_FEW_MONTHS])
    return f"{shown}…共{len(months)}个月" if len(months) > _FEW_MONTHS else shown


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline releases")
@command
def releases() -> int:
    """历次发布：编号、时间、原因、由谁、数据截至、改变了什么，最新的在最上面。"""
    installation = load_publisher()
    current = current_release(installation.warehouse)
    shown = table(["发布", "状态", "时间", "原因", "由谁", "数据截至", "与上一版相比"])
    for number, each in enumerate(reversed(switches(installation.warehouse))):
        entry = each.entry
        state = "" if each.kept else "已删除"
        if number == 0 and entry.release == current:
            state = "当前，已固定" if entry.pinned else "当前"
        change = "—" if each.tables is None else "没有变化"
        if each.tables:
            change = f"{each.tables} 张表" + (f"，{_months(each.months)}" if each.months else "")
        row = (entry.release, state, _minute(entry.at), entry.why, entry.by, entry.cutoff[:10])
        # Brackets in what a person wrote are no styles.
        shown.add_row(*map(escape, (*row, change)))
    show_table("发布", shown)
    show_held(installation)
    return 0


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline diff 20240115-0a1b2c3d4e5f current")
@command
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="旧的一版；current 为当前发布")],
    new: Annotated[str, typer.Argument(metavar="B", help="新的一版")],
) -> int:
    """比较两版发布：各表各月的行数与合计，指标的旧值和新值。"""
    warehouse = load_publisher().warehouse
    first, second = (
        Release.open(warehouse.releases / find_release(warehouse, each)) for each in (old, new)
    )
    totals = table(["表", "月份", "合计", "旧", "新", "差"], right=("旧", "新", "差"))
    kpis = table(["月份", "指标", "旧", "新"], right=("旧", "新"))
    for each in changes(first, second):
        before, after = ("—" if value is None else str(value) for value in (each.old, each.new))
        if each.table == KPI_TABLE:
            kpis.add_row(each.month, each.measure, before, after)
        else:
            difference = int(each.new or 0) - int(each.old or 0)
            row = (each.table, each.month, each.measure, before, after)
            totals.add_row(*row, f"{difference:+d}")
    if not totals.row_count and not kpis.row_count:
        out.print(f"{first.folder.name} 与 {second.folder.name} 的行数、合计和指标都相同。")
        return 0
    out.print(f"旧：{first.folder.name}　新：{second.folder.name}")
    show_table("行数与合计", totals)
    show_table("指标", kpis)
    return 0


@app.command(
    rich_help_panel=WHEN_RED, epilog="例：hotline rollback 20240115 --by 张三 --why 上月数据有误"
)
@command
def rollback(which: Which, by: By, why: Why) -> int:
    """回退到以前的一版并固定在那里，直到有人用 hotline accept 确认新的一版。"""
    installation = load_publisher()
    with installation.held(err.print):
        name = roll_back(installation.warehouse, which, by=by, why=why, now=installation.now())
    out.print(f"当前发布 {name}，已固定。", markup=False)
    out.print(
        "每晚照常接收和计算，但新的一版不会自动发布；"
        "更正数据并核对后，用 hotline accept 编号 --by 姓名 --why 原因 发布。"
    )
    return 0


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline accept 20240116 --by 张三 --why 已核对")
@command
def accept(which: Which, by: By, why: Why) -> int:
    """确认并发布正在等待的一版；写 current 则只取消固定。"""
    installation = load_publisher()
    with installation.held(err.print):
        name = accept_release(installation.warehouse, which, by=by, why=why, now=installation.now())
    out.print(f"当前发布 {name}，未固定：以后每晚照常发布。", markup=False)
    return 0


@app.command("as-of", rich_help_panel=YEARLY, epilog="例：hotline as-of 2024-01-15")
@command
def as_of(
    day: Annotated[str, typer.Argument(metavar="DATE", help="日期，如 2024-01-15")],
) -> int:
    """某一天结束时读者看到的是哪一版，它的文件在哪里。"""
    warehouse = load_publisher().warehouse
    wanted = parse_day(day)
    if wanted > local_now().date():
        raise HotlineError(f"{day} 还没有到：那天读者会看到什么，现在没有人知道。")
    entry = entry_as_of(warehouse, wanted)
    out.print(
        f"{day} 时的当前发布：{entry.release}（{_minute(entry.at)} 起，{entry.why}）", markup=False
    )
    if entry.release not in release_ids(warehouse):
        err.print("这一版已按 keep_releases 删除，可从当时的备份恢复。", style="yellow")
        return 1
    out.print(str(warehouse.releases / entry.release), markup=False, soft_wrap=True)
    return 0
