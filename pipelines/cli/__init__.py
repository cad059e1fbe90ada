"""The `hotline` command.

Belongs here: the commands of every day, with their options. Those about releases and about copies
of the warehouse are in modules of their own, registered by the imports at the top.
"""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assets.core import HotlineError
from assets.installation import Installation
from pipelines.cli import (
    doctor,
    evaluation,
    issuing,
    keeping,
    notify,
    profile,
    quarantine,
    releases,
)
from pipelines.cli.command import app, command, parse_day, parse_range
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import load_cities, load_installation, load_publisher, load_top_level

if TYPE_CHECKING:
    from pipelines.outcome import Outcome

__all__ = ["app", "doctor", "evaluation", "issuing", "keeping", "main", "notify", "releases"]

app.add_typer(profile.app, name="profile")
app.add_typer(quarantine.app, name="quarantine")
Day = Annotated[
    str | None, typer.Option("--date", help="补到哪一天的导出为止（默认昨天），如 2024-01-15")
]


@app.command()
@command
def run(day: Day = None) -> int:
    """夜间任务：接收所有未处理的导出，重算受影响的月份，检查并发布。"""
    from pipelines.cli.several import (
        cities_meant,
        is_province_meant,
        roll_up,
        run_cities,
        run_cluster,
    )
    from pipelines.cli.work import bring_up_to_date, set_clock

    clock = parse_day(day) if day else None
    installations = cities_meant()
    if installations and installations[0].cluster:
        if clock:
            raise HotlineError("多台机器时，--date 要与 --city 同用。")
        return run_cluster(installations)
    if installations:
        return run_cities(installations, clock, _tell)
    if is_province_meant():
        return roll_up(load_cities())
    installation = load_installation()
    set_clock(installation, clock)
    # An issue bears the time at which it was made: never one that somebody chose.
    return _tell(installation, bring_up_to_date(installation, why="run", issues=day is None))


def _tell(installation: Installation, outcome: "Outcome") -> int:
    if outcome.idle and outcome.good:
        out.print(f"没有新的导出，一切都是最新的。当前发布 {outcome.release}")
        return 0
    out.print(
        f"处理文件 {outcome.files} 个，重算 {len(outcome.rebuilt)} 个月，"
        f"{'新发布' if outcome.published else '当前发布'} {outcome.release or '（尚无）'}"
    )
    return _finish(installation, outcome)


def _finish(installation: Installation, outcome: "Outcome") -> int:
    if outcome.reports:
        out.print(
            f"印发或核对报告 {outcome.reports} 份：{installation.warehouse.reports_index}",
            soft_wrap=True,
        )
    for each in outcome.stale:
        err.print(f"未完成：{each}", style="red")
    for each in outcome.failed_runs:
        err.print(f"Dagster 运行失败：{each}（make ui 可查看详情）", style="red")
    undone = outcome.stale or outcome.failed_runs or outcome.held or outcome.unreachable
    return 1 if undone else 0


@app.command()
@command
def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="起始月份或日期")],
    last: Annotated[str, typer.Argument(metavar="TO", help="截止月份或日期")],
) -> int:
    """补录一段时间：逐月给出结果；某月失败不影响其他月份，最后以非零状态退出。"""
    from pipelines.cli.work import bring_up_to_date

    start, end = parse_range(first, last)
    installation = load_installation()
    outcome = bring_up_to_date(installation, why="backfill", wanted=lambda day: start <= day <= end)
    shown = table(["月份", "结果", "说明"])
    months = _months(start, end)
    bad = {each.split()[1]: each for each in outcome.stale}
    for month in months:
        if month in bad:
            shown.add_row(month, "[red]未完成[/]", bad[month])
        elif month in outcome.rebuilt:
            shown.add_row(month, "[green]已重算[/]", "")
        else:
            shown.add_row(month, "已是最新", "")
    show_table(f"补录 {first} 至 {last}", shown)
    out.print(f"当前发布 {outcome.release or '（尚无）'}")
    return _finish(installation, outcome)


def _months(start: date, end: date) -> list[str]:
    months = []
    day = start.replace(day=1)
    while day <= end:
        months.append(f"{day:%Y-%m}")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return months


@app.command()
@command
def status() -> int:
    """现状：哪些日期已到、缺少、待处理，隔离了多少行，哪些月份过期，当前发布。"""
    from pipelines.cli.several import cities_meant, show_cities
    from pipelines.cli.show import show_state
    from pipelines.cli.state import state

    if installations := cities_meant():
        return show_cities(installations)
    installation = load_installation()
    status = show_state(state(installation))
    releases.show_held(installation)
    return status


@app.command()
@command
def verify() -> int:
    """核验当前发布：编号、校验值、字段约定、恒等式（含行数守恒）。"""
    from assets.releases import verify as check

    installation = load_publisher()
    verdicts = check(installation.warehouse)
    shown = table(
        ["检查", "结果", "检查数", "规则数"],
        right=("检查数", "规则数"),
    )
    for each in verdicts:
        result = "[green]通过[/]" if each.passed else "[red]未通过[/]"
        shown.add_row(each.title, result, str(each.examined), str(each.rules))
    show_table(f"核验 {installation.warehouse.current.readlink().name}", shown)
    for each in verdicts:
        for fault in each.faults:
            err.print(f"{each.title}：{fault}", style="red", markup=False)
    return 0 if all(each.passed for each in verdicts) else 1


@app.command()
@command
def home() -> int:
    """Dagster 的目录：准备好并打印出来，供 make ui 使用。"""
    from pipelines.cli.several import cities_meant
    from pipelines.instance import prepare_home

    installation = load_top_level() if cities_meant() else load_installation()
    out.print(str(prepare_home(installation)), markup=False, soft_wrap=True)
    return 0


@app.command()
@command
def demo() -> int:
    """示例：生成2023年样例导出，跑完全年，并与评价报告公布的数字逐格对照。"""
    from pipelines.cli.demo import run_demo

    return run_demo(load_installation())


def main() -> None:
    """Entry point of the command."""
    try:
        app()
    except KeyboardInterrupt:
        err.print("已中断；再运行一次即可从中断处继续。")
        sys.exit(130)
