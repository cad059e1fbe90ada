"""The night on the command line: recorded as that of the schedule is, with progress bars."""

from datetime import date
from typing import TYPE_CHECKING

from assets.installation import Installation
from pipelines.cli.console import err, out, progress_bars, show_problems

if TYPE_CHECKING:
    from pipelines.outcome import Outcome


def bring_up_to_date(installation: Installation, *, why: str, **asked: object) -> "Outcome":
    """Run the night with progress bars; say what went wrong, a line each.

    Args:
        installation: the installation.
        why: what led to it, for the journal.
        asked: fields of a `NightRequest`.
    """
    from pipelines.night import NightRequest
    from pipelines.recorded_run import run_night

    with installation.held(err.print):
        try:
            with progress_bars() as watch:
                return run_night(
                    installation, NightRequest.model_validate(asked), why=why, watch=watch
                )
        finally:
            show_problems(installation.progress.problems)


def night_after(day: date | None) -> dict[str, str]:
    """What asks for the night after a day; the present one where none is given."""
    return {"as_of": day.isoformat()} if day else {}


def show_outcome(installation: Installation, outcome: "Outcome") -> int:
    """Say what a night came to.

    Returns:
        Exit status: 1 where something is left undone.
    """
    if outcome.empty:
        source = installation.profile.source
        where = f"{installation.landing} " if source.kind == "folder" else source.kind
        out.print(
            f"还没有导出文件：请把平台的导出放到 {where}，再运行 hotline run。", soft_wrap=True
        )
        return 0
    if outcome.idle and outcome.good:
        out.print(f"没有新的导出，一切都是最新的。当前发布 {outcome.release}")
        return 0
    out.print(
        f"处理文件 {outcome.files} 个，重算 {len(outcome.rebuilt)} 个月，"
        f"{'新发布' if outcome.published else '当前发布'} {outcome.release or '（尚无）'}"
    )
    return show_undone(installation, outcome)


def show_undone(installation: Installation, outcome: "Outcome") -> int:
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
        err.print(f"未完成：{each}", style="red", markup=False)
    if outcome.failed:
        err.print("夜间任务没有全部完成：原因见上面的“!”行，或用 make ui 查看。", style="red")
    undone = outcome.stale or outcome.failed or outcome.held or outcome.unreachable
    return 1 if undone else 0
