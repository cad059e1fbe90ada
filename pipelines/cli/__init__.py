"""The `hotline` command.

Belongs here: the commands, their options and exit statuses: 0 done, 1 something is left undone or
wrong, 2 the command cannot be carried out as given.
"""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from assets.errors import HotlineError, disk_sentence
from assets.site import Site
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import load_site

if TYPE_CHECKING:
    from pipelines.night import Outcome

app = typer.Typer(
    help="12345 热线数据流水线：接收导出、检查、统计、发布。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
P = ParamSpec("P")
Day = Annotated[
    str | None, typer.Option("--date", help="补到哪一天的导出为止（默认昨天），如 2024-01-15")
]


def _command(run: Callable[P, int]) -> Callable[P, None]:
    """Give a command its exit status; a mistake of the user is one sentence, never a traceback."""

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = run(*args, **kwargs)
        except HotlineError as error:
            err.print(str(error), style="red", markup=False)
            status = 2
        except OSError as error:
            err.print(disk_sentence(error), style="red", markup=False)
            status = 2
        raise typer.Exit(status)

    return wrapped


def parse_day(text: str) -> date:
    """A day as the operator writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HotlineError(f"日期“{text}”无效：请写成 2024-01-15 的样子。") from None


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Days from the first day of FROM to the last day of TO; each a day or a month."""
    from assets.exports.profile import period_end

    if len(first) == 7:
        first = f"{first}-01"
    start = parse_day(first)
    if len(last) == 7:
        end = period_end(last.replace("-", ""))
        if end is None:
            raise HotlineError(f"月份“{last}”无效：请写成 2024-01 的样子。")
    else:
        end = parse_day(last)
    if end < start:
        raise HotlineError(f"起始 {first} 晚于截止 {last}：请对调。")
    return start, end


@app.command()
@_command
def run(day: Day = None) -> int:
    """夜间任务：接收所有未处理的导出，重算受影响的月份，检查并发布。"""
    from pipelines.cli.work import bring_up_to_date, set_clock

    site = load_site()
    set_clock(site, parse_day(day) if day else None)
    # An issue bears the time at which it was made: never one that somebody chose.
    outcome = bring_up_to_date(site, why="run", issues=day is None)
    if outcome.idle and outcome.good:
        out.print(f"没有新的导出，一切都是最新的。当前发布 {outcome.release}")
        return 0
    out.print(
        f"处理文件 {outcome.files} 个，重算 {len(outcome.rebuilt)} 个月，"
        f"{'新发布' if outcome.published else '当前发布'} {outcome.release or '（尚无）'}"
    )
    return _finish(site, outcome)


def _finish(site: Site, outcome: "Outcome") -> int:
    if outcome.reports:
        out.print(
            f"印发或核对报告 {outcome.reports} 份：{site.warehouse.reports_index}", soft_wrap=True
        )
    stale, failed = outcome.stale, outcome.failed_runs
    for each in stale:
        err.print(f"未完成：{each}", style="red")
    for each in failed:
        err.print(f"Dagster 运行失败：{each}（make ui 可查看详情）", style="red")
    return 1 if stale or failed else 0


@app.command()
@_command
def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="起始月份或日期")],
    last: Annotated[str, typer.Argument(metavar="TO", help="截止月份或日期")],
) -> int:
    """补录一段时间：逐月给出结果；某月失败不影响其他月份，最后以非零状态退出。"""
    from pipelines.cli.work import bring_up_to_date

    start, end = parse_range(first, last)
    site = load_site()
    outcome = bring_up_to_date(site, why="backfill", wanted=lambda day: start <= day <= end)
    from pipelines.cli.state import state

    now = state(site)
    shown = table(["月份", "结果", "说明"])
    months = _months(start, end)
    bad = {each.split()[1]: each for each in now.stale}
    for month in months:
        if month in bad:
            shown.add_row(month, "[red]未完成[/]", bad[month])
        elif month in outcome.rebuilt:
            shown.add_row(month, "[green]已重算[/]", "")
        else:
            shown.add_row(month, "已是最新", "")
    show_table(f"补录 {first} 至 {last}", shown)
    out.print(f"当前发布 {outcome.release or '（尚无）'}")
    return _finish(site, outcome)


def _months(start: date, end: date) -> list[str]:
    months = []
    day = start.replace(day=1)
    while day <= end:
        months.append(f"{day:%Y-%m}")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return months


@app.command()
@_command
def status() -> int:
    """现状：哪些日期已到、缺少、待处理，隔离了多少行，哪些月份过期，当前发布。"""
    from pipelines.cli.show import show_state
    from pipelines.cli.state import state

    return show_state(state(load_site()))


@app.command()
@_command
def verify() -> int:
    """核验当前发布：编号、校验值、字段约定、恒等式（含行数守恒）。"""
    from assets.releases.verify import verify as check

    site = load_site()
    verdicts = check(site.warehouse)
    shown = table(
        ["检查", "结果", "检查数", "规则数"],
        right=("检查数", "规则数"),
    )
    for each in verdicts:
        result = "[green]通过[/]" if each.passed else "[red]未通过[/]"
        shown.add_row(each.title, result, str(each.examined), str(each.rules))
    show_table(f"核验 {site.warehouse.current.readlink().name}", shown)
    for each in verdicts:
        for fault in each.faults:
            err.print(f"{each.title}：{fault}", style="red", markup=False)
    return 0 if all(each.passed for each in verdicts) else 1


@app.command()
@_command
def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="daily、weekly、monthly 或 annual")],
    period: Annotated[
        str,
        typer.Argument(metavar="PERIOD", help="2023-05-23、周的第一天、2023-05 或 2023"),
    ],
) -> int:
    """印发一份报告：没有发过、内容有变或文件缺失时印发，否则什么也不做。"""
    from pipelines.cli.reports import issue_report

    return issue_report(load_site(), kind, period)


@app.command()
@_command
def reports(
    kind: Annotated[
        str | None, typer.Option("--kind", help="只列这一类：daily、weekly、monthly、annual")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="只列这一年的报告，如 2023")] = None,
) -> int:
    """已印发的报告，最新的在前：期号、版次、是否按时。"""
    from pipelines.cli.reports import list_reports

    return list_reports(load_site(), kind, year)


@app.command()
@_command
def home() -> int:
    """Dagster 的目录：准备好并打印出来，供 make ui 使用。"""
    from pipelines.cli.work import prepare_home

    out.print(str(prepare_home(load_site())), markup=False, soft_wrap=True)
    return 0


@app.command()
@_command
def demo() -> int:
    """示例：生成2023年样例导出，跑完全年，并与评价报告公布的数字逐格对照。"""
    from pipelines.cli.demo import run_demo

    return run_demo(load_site())


def main() -> None:
    """Entry point of the command."""
    try:
        app()
    except KeyboardInterrupt:
        err.print("已中断；再运行一次即可从中断处继续。")
        sys.exit(130)
