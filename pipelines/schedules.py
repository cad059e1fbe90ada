"""When it runs: every night at 02:00, Asia/Shanghai.

Belongs here: the schedule and the job that it starts. What a night does is decided by what is
missing or stale, not by the date: declarative automation loses corrections of past months, so the
night asks instead (`pipelines.night`).
"""

from collections.abc import Callable

import dagster as dg

from assets.lock import writing
from assets.partitions import Partitions
from assets.site import Site
from pipelines.night import Night
from schemas.columns import TIME_ZONE

_WHAT = "接收新到的导出，重算受影响的月份，检查并发布，印发到期的报告。"


def night_schedule(job: Callable[[str], dg.JobDefinition]) -> dg.ScheduleDefinition:
    """The schedule of the night.

    Args:
        job: gives a job of this code location by name; the night runs them in this process.
    """

    @dg.op(description=_WHAT)
    def whole_night(context: dg.OpExecutionContext, site: dg.ResourceParam[Site]) -> None:
        """Run the layers as runs of their own; fail where something is left undone."""
        night = Night(site, Partitions.of_site(site), job, context.instance, why="night")
        say = context.log.info
        with writing(site.warehouse, timeout=site.lock_timeout, now=site.now, say=say):
            outcome = night.bring_up_to_date()
        say(f"{outcome.files} 个文件，{len(outcome.rebuilt)} 个月，发布 {outcome.release}")
        if not outcome.good:
            waits = [f"{outcome.held}（等待确认）"] if outcome.held else []
            waits += [outcome.unreachable] if outcome.unreachable else []
            left = "、".join([*outcome.stale[:20], *waits]) or "没有可发布的内容"
            raise dg.Failure(description=f"仍未完成：{left}。请运行 hotline status 查看。")

    @dg.job(name="night", description=_WHAT)
    def night_job() -> None:
        whole_night()

    return dg.ScheduleDefinition(
        name="night",
        job=night_job,
        cron_schedule="0 2 * * *",
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"每天凌晨2点：{_WHAT}",
    )
