"""The `hotline` command.

Belongs here: the commands, their options and exit statuses: 0 done, 1 something is left undone or
wrong, 2 the command cannot be carried out as given.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assets.errors import HotlineError
from pipelines.cli import profile, quarantine
from pipelines.cli.command import command as _command
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import load_site

app = typer.Typer(
    help="12345 热线数据流水线：接收导出、检查、统计、发布。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(profile.app, name="profile")
app.add_typer(quarantine.app, name="quarantine")
Day = Annotated[
    str | None, typer.Option("--date", help="补到哪一天的导出为止（默认昨天），如 2024-01-15")
]


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
    outcome = bring_up_to_date(site, why="run")
    if outcome.idle and outcome.good:
        out.print(f"没有新的导出，一切都是最新的。当前发布 {outcome.release}")
        return 0
    out.print(
        f"处理文件 {outcome.files} 个，重算 {len(outcome.rebuilt)} 个月，"
        f"{'新发布' if outcome.published else '当前发布'} {outcome.release or '（尚无）'}"
    )
    return _finish(outcome.stale, outcome.failed_runs)


def _finish(stale: list[str], failed: list[str]) -> int:
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
    return _finish(outcome.stale, outcome.failed_runs)


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
def score(year: Annotated[int, typer.Argument(metavar="YEAR", help="年度，如 2023")]) -> int:
    """绩效评价计分表：按指标体系的规则计分，与公布的得分逐项对照。"""
    from pipelines.cli.score import show_scorecard

    return show_scorecard(load_site(), year)


@app.command()
@_command
def targets(year: Annotated[int, typer.Argument(metavar="YEAR", help="年度，如 2023")]) -> int:
    """目标值复核：各指标近三年的数值、最低月份、现目标和建议。"""
    from pipelines.cli.targets import show_targets

    return show_targets(load_site(), year)


@app.command()
@_command
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="指标编号或名称，如 answer_rate")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="年或月，如 2023 或 2023-05")],
    ids: Annotated[
        bool, typer.Option("--ids", help="只列出分子所计记录：编号、导出文件、行号")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="列出全部导出文件")] = False,
) -> int:
    """追溯一个数字：发布、事实文件、导出文件、算法、程序版本，直到每条记录的编号。"""
    from pipelines.cli.explain import explain as show

    return show(load_site(), metric, period, ids=ids, everything=everything)


@app.command()
@_command
def form(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="年度，如 2023")],
    check: Annotated[
        Path | None, typer.Option("--check", help="核对这份填好的表，逐格指出问题")
    ] = None,
) -> int:
    """年度填报表：写出还缺的填报项（Excel）；填好后用 --check 核对。"""
    from pipelines.cli.form import show_check, write_form

    site = load_site()
    if check is not None:
        return show_check(site, year, check)
    return write_form(site, year, Path(f"annual_{year}_空表.xlsx"))


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
