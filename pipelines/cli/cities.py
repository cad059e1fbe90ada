"""`hotline run` and `hotline status` over all cities of an installation, and their roll-up.

One city after another, a line for each at the end, then the province. What happens in a city is
what happens where there is only one.
"""

from collections.abc import Sequence
from datetime import date

from rich.table import Table

from assets.core import HotlineError, error_sentence
from assets.installation import Installation
from assets.province import current_releases, is_stale
from assets.releases import current_release
from pipelines.cli.console import err, out, show_problems, show_table, table
from pipelines.cli.state import state
from pipelines.cluster import at_hand
from pipelines.config import PROVINCE, chosen_city, load_cities, load_province

_DONE = "[green]完成[/]"
_FAILED = "[red]未完成[/]"


def cities_meant() -> list[Installation]:
    """The cities where an installation has several and none is chosen; else nothing."""
    return [] if chosen_city() else load_cities()


def _name(installation: Installation) -> str:
    return f"{installation.name} {installation.title}".rstrip()


def _table() -> Table:
    return table(["城市", "结果", "文件", "重算月份", "当前发布"], right=("文件", "重算月份"))


def _show_error(error: HotlineError | OSError) -> None:
    err.print(error_sentence(error), style="red", markup=False, soft_wrap=True)


def run_cities(installations: Sequence[Installation], day: date | None) -> int:
    """Run the night of each city, then roll them up; one that fails does not stop the others.

    Args:
        installations: the cities.
        day: as if it were the night after this day.

    Returns:
        Exit status: 0 where every city and the province are up to date.
    """
    from pipelines.cli.night import bring_up_to_date, night_after, show_outcome

    shown = _table()
    status = 0
    for installation in installations:
        out.print(f"\n[bold]{_name(installation)}[/]")
        try:
            outcome = bring_up_to_date(installation, why="run", **night_after(day))
        except (HotlineError, OSError) as error:
            _show_error(error)
            release = current_release(installation.warehouse) or "（尚无）"
            shown.add_row(_name(installation), _FAILED, "—", "—", release)
            status = 1
            continue
        failed = show_outcome(installation, outcome)
        done = _FAILED if failed else "没有新的导出" if outcome.idle else _DONE
        counts = str(outcome.files), str(len(outcome.rebuilt))
        shown.add_row(_name(installation), done, *counts, outcome.release or "（尚无）")
        status = max(status, failed)
    show_table("各城市", shown)
    try:
        roll_up(installations)
    except (HotlineError, OSError) as error:
        _show_error(error)
        status = 1
    return status


def run_cluster(installations: Sequence[Installation]) -> int:
    """Run the night of all cities and the roll-up on the workers.

    Returns:
        Exit status: 0 where every city and the province are up to date.
    """
    from pipelines.cities import run_on_workers

    steps, success = run_on_workers()
    shown = _table()
    for installation in installations:
        step = steps.get(installation.name)
        if step is None:
            shown.add_row(_name(installation), _FAILED, "—", "—", "—")
            continue
        show_problems([(installation.name, each) for each in step.problems])
        done = _DONE if step.good else _FAILED
        if step.metadata["superseded"]:
            done = "由另一台机器完成"
        counts = (str(step.metadata[name]) for name in ("files", "months", "release"))
        shown.add_row(_name(installation), done, *counts)
    show_table("各城市", shown)
    if province := steps.get(PROVINCE):
        out.print(f"汇总的当前发布：{province.metadata.get('release') or '（尚无）'}")
    else:
        err.print("汇总没有完成：请用 make ui 查看这次运行。", style="red")
    return 0 if success else 1


def roll_up(installations: Sequence[Installation]) -> int:
    """Bring the province up to date with the current releases of its cities.

    Returns:
        Exit status: 0.
    """
    from pipelines.cities import roll_up as bring_up_to_date
    from pipelines.cli.releases import show_held

    province = load_province()
    with province.held(err.print):
        cities, outcome = bring_up_to_date(province, installations, why="run")
    new = outcome.published is not None and outcome.published.new
    out.print(
        f"汇总 {len(cities)} 个城市，重算 {outcome.rebuilt} 个文件，"
        f"{'新发布' if new else '当前发布'} {outcome.release or '（尚无）'}"
    )
    if absent := "、".join(
        sorted({each.name for each in installations} - {each.name for each in cities})
    ):
        err.print(f"尚未发布过、不在汇总中的城市：{absent}", style="yellow")
    show_held(province)
    return 0


def show_cities(installations: Sequence[Installation]) -> int:
    """Print a line for each city.

    Returns:
        Exit status: 0 where nothing is out of date in any, and each could be looked at.
    """
    right = ("待处理", "拒收", "缺少", "过期")
    shown = table(["城市", "数据截至", *right, "当前发布"], right=right)
    stale = 0
    for installation in installations:
        try:
            with at_hand(installation, err.print):
                now = state(installation)
        except (HotlineError, OSError) as error:
            _show_error(error)
            shown.add_row(_name(installation), *["—"] * 6)
            stale += 1
            continue
        if now.waiting.unreachable:
            err.print(now.waiting.unreachable, style="red", markup=False, soft_wrap=True)
            stale += 1
        stale += len(now.stale)
        counts = (
            sum(len(days) for days in now.waiting.dates.values()),
            sum(each.refused for each in now.datasets.values()),
            sum(len(each.missing) for each in now.datasets.values()),
            len(now.stale),
        )
        cutoff = (now.cutoff or "—")[:10]
        shown.add_row(_name(installation), cutoff, *map(str, counts), now.release or "（尚无）")
    show_table("各城市", shown)
    province = load_province()
    with at_hand(province, err.print):
        release = current_release(province.warehouse)
        old = is_stale(province.warehouse, current_releases(installations))
    out.print(f"汇总的当前发布：{release or '（尚无）'}")
    if old:
        err.print("过期：汇总（请运行 hotline run）", style="yellow")
        stale += 1
    out.print("单个城市的详情：hotline status --city 城市名")
    return 1 if stale else 0
