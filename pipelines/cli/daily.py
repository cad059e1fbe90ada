"""`hotline run`, `backfill`, `status`, `verify`, `home` and `demo`: every day."""

from datetime import date
from typing import Annotated

import typer

from assets.core import HotlineError
from assets.installation import local_now
from pipelines.cli.command import (
    ADMINISTRATION,
    DAILY,
    WHEN_RED,
    app,
    check_dataset,
    command,
    parse_day,
    parse_range,
)
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import (
    PROVINCE,
    chosen_city,
    load_cities,
    load_installation,
    load_publisher,
    load_top_level,
)

Day = Annotated[
    str | None, typer.Option("--date", help="补到哪一天的导出为止（默认昨天），如 2024-01-15")
]


@app.command(rich_help_panel=DAILY, epilog="例：hotline run；hotline run --date 2024-01-15")
@command
def run(day: Day = None) -> int:
    """夜间任务：接收所有未处理的导出，重算受影响的月份，检查并发布。"""
    from pipelines.cli.cities import cities_meant, roll_up, run_cities, run_cluster
    from pipelines.cli.night import bring_up_to_date, night_after, show_outcome

    last = parse_day(day) if day else None
    if last and last >= local_now().date():
        raise HotlineError(f"--date {day} 还没有过去：最晚写昨天，如不写就是全部。")
    cities = cities_meant()
    if cities and cities[0].cluster:
        if last:
            raise HotlineError("多台机器时，--date 要与 --city 同用。")
        return run_cluster(cities)
    if cities:
        return run_cities(cities, last)
    if chosen_city() == PROVINCE and (all_cities := load_cities()):
        return roll_up(all_cities)
    installation = load_installation()
    outcome = bring_up_to_date(installation, why="run", **night_after(last))
    return show_outcome(installation, outcome)


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline backfill 2023-01 2023-03")
@command
def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="起始月份或日期")],
    last: Annotated[str, typer.Argument(metavar="TO", help="截止月份或日期")],
) -> int:
    """补录一段时间：逐月给出结果；某月失败不影响其他月份，最后以非零状态退出。"""
    from assets.facts import MONTHLY, FactsPlan
    from pipelines.cli.night import bring_up_to_date, show_undone

    start, end = parse_range(first, last)
    if start > local_now().date():
        raise HotlineError(f"{first} 还没有到：没有可以补录的。")
    installation = load_installation()
    outcome = bring_up_to_date(installation, why="backfill", first=f"{start}", last=f"{end}")
    shown = table(["月份", "结果", "说明"])
    bad = {each.split()[1]: each for each in outcome.stale}
    plan = FactsPlan(installation)
    known = {month for each in MONTHLY for month in plan.months(each)}
    for month in _months(start, end):
        if month in bad:
            shown.add_row(month, "[red]未完成[/]", bad[month])
        elif month in outcome.rebuilt:
            shown.add_row(month, "[green]已重算[/]", "")
        elif month not in known:
            shown.add_row(month, "没有数据", "这个月没有收到过可用的导出")
        else:
            shown.add_row(month, "已是最新", "")
    show_table(f"补录 {first} 至 {last}", shown)
    out.print(f"当前发布 {outcome.release or '（尚无）'}")
    return show_undone(installation, outcome)


def _months(start: date, end: date) -> list[str]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, last + 1)]


@app.command(
    rich_help_panel=DAILY, epilog="例：hotline status；hotline status calls；hotline status --full"
)
@command
def status(
    dataset: Annotated[
        str, typer.Argument(metavar="[DATASET]", help="只看一种导出的详情，如 calls")
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="全部详情")] = False,
) -> int:
    """现状：昨夜是否正常，什么需要人处理、用哪条命令；今天有要处理的事时，退出状态为 1。"""
    from pipelines.cli.cities import cities_meant, show_cities
    from pipelines.cli.show import show_dataset, show_full, show_verdict
    from pipelines.cli.state import state
    from pipelines.cli.todo import things_to_do

    if dataset:
        check_dataset(dataset)
    if cities := cities_meant():
        return show_cities(cities)
    installation = load_installation()
    now = state(installation)
    if dataset:
        show_dataset(dataset, now)
        return 0
    left = show_verdict(now, things_to_do(installation, now))
    if full:
        show_full(now)
    return left


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline verify")
@command
def verify() -> int:
    """核验当前发布：编号、校验值、字段约定、恒等式（含行数守恒）；并核对存档和记录。"""
    from assets.health import check_storage
    from assets.releases import verify as check

    installation = load_publisher()
    verdicts = [*check_storage(installation), *check(installation.warehouse)]
    shown = table(["检查", "结果", "检查数", "规则数"], right=("检查数", "规则数"))
    for each in verdicts:
        result = "[green]通过[/]" if each.passed else "[red]未通过[/]"
        shown.add_row(each.title, result, str(each.examined), str(each.rules))
    show_table(f"核验 {installation.warehouse.current.readlink().name}", shown)
    for each in verdicts:
        if each.sentence and not each.passed:
            err.print(f"{each.sentence}{each.remedy}", style="red", markup=False, soft_wrap=True)
        for fault in each.faults:
            err.print(f"{each.title}：{fault}", style="red", markup=False)
    return 0 if all(each.passed for each in verdicts) else 1


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline home")
@command
def home() -> int:
    """Dagster 的目录：准备好并打印出来，供 make ui 使用。"""
    from pipelines.cli.cities import cities_meant
    from pipelines.dagster_instance import prepare_home, recording

    installation = load_top_level() if cities_meant() else load_installation()
    path = prepare_home(installation)
    # Its tables are made now, before several processes open it at once.
    with recording(path, installation.postgres):
        out.print(str(path), markup=False, soft_wrap=True)
    return 0


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline demo")
@command
def demo() -> int:
    """示例：生成2023年样例导出，跑完全年，并与评价报告公布的数字逐格对照。"""
    from pipelines.cli.demo import run_demo

    return run_demo(load_installation())
