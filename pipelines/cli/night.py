"""The night on the command line: recorded as that of the schedule is, with progress bars."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assets.exports import pending_exports
from assets.installation import Installation
from pipelines.cli.console import err, out, progress_bars, show_problems
from pipelines.dagster_instance import prepare_home, recording
from pipelines.night import Night, Outcome
from schemas.wall_clock import TIME_ZONE

if TYPE_CHECKING:
    from pipelines.layers import Layers


def bring_up_to_date(
    installation: Installation,
    *,
    why: str,
    wanted: Callable[[date], bool] = lambda _: True,
    stand_in: Path | None = None,
    issues: bool = True,
) -> Outcome:
    """Run the night with progress bars; say what went wrong, a line each, and send notices.

    Args:
        installation: the installation.
        why: what led to it, for the journal.
        wanted: export dates to take.
        stand_in: folder to take them from, in place of the source.
        issues: whether reports that are due are issued and notices sent; neither is done in the
            name of another day.
    """
    installation = replace(installation, stand_in=stand_in)
    with installation.held(err.print), _notifying(installation, issues) as report_incomplete:
        found = pending_exports(installation)
        totals = {"exports": found.count(wanted)}
        with recorded(installation, why=why, totals=totals, issues=issues) as night:
            outcome = night.bring_up_to_date(wanted, found)
        if outcome.undone:
            report_incomplete(outcome.undone)
        return outcome


@contextmanager
def recorded(
    installation: Installation, *, why: str, totals: dict[str, int], issues: bool = True
) -> Iterator[Night]:
    """A night whose runs are recorded, with progress bars; says afterwards what went wrong.

    Dagster and its record take a second to open: that is done when there is something to run.

    Args:
        installation: the installation; hold its warehouse for writing.
        why: what led to it, for the journal.
        totals: how much there is to do, by step.
        issues: whether the night issues reports that are due.
    """
    with progress_bars(totals) as progress, ExitStack() as opened:
        watched = replace(installation, progress=progress)
        home = prepare_home(watched)

        @cache
        def layers() -> "Layers":
            from pipelines.layers import layers_of

            instance = opened.enter_context(recording(home, watched.postgres))
            return layers_of(watched, instance, why=why)

        if watched.postgres:
            layers()  # Where the server is down no night starts.
        yield Night(watched, layers, issues)
    show_problems(progress.problems)


def _notifying(
    installation: Installation, wanted: bool
) -> AbstractContextManager[Callable[[str], None]]:
    """Send notices at the end of the work, where there is anybody to send them to."""
    if not (wanted and installation.notices.channels):
        return nullcontext(lambda _: None)
    from assets.notifications import notify_on_exit

    started = installation.now().isoformat(timespec="seconds")
    return notify_on_exit(
        installation, started, "夜间任务", lambda said: err.print(said, style="yellow")
    )


def night_after(installation: Installation, day: date | None) -> Installation:
    """The installation in the night after a day; as it is where none is given."""
    if day is None:
        return installation
    night = datetime.combine(day + timedelta(days=1), time(2), ZoneInfo(TIME_ZONE))
    return replace(installation, now=lambda: night)


def show_outcome(installation: Installation, outcome: Outcome) -> int:
    """Say what a night came to.

    Returns:
        Exit status: 1 where something is left undone.
    """
    if outcome.idle and outcome.good:
        out.print(f"没有新的导出，一切都是最新的。当前发布 {outcome.release}")
        return 0
    out.print(
        f"处理文件 {outcome.files} 个，重算 {len(outcome.rebuilt)} 个月，"
        f"{'新发布' if outcome.published else '当前发布'} {outcome.release or '（尚无）'}"
    )
    return show_undone(installation, outcome)


def show_undone(installation: Installation, outcome: Outcome) -> int:
    """Say how many reports there were and what is left undone.

    Returns:
        Exit status: 1 where something is.
    """
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
