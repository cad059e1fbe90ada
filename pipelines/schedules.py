"""When it runs: every night at 02:00, Asia/Shanghai.

Belongs here: the schedule and the job that it starts. What a night does is decided by what is
missing or stale, not by the date: declarative automation loses corrections of past months, so the
night asks instead (`pipelines.night`).
"""

import dagster as dg

from assets.lock import writing
from assets.partitions import Partitions
from assets.site import Site
from pipelines.night import Night
from schemas.columns import TIME_ZONE


@dg.op(description="接收新到的导出，重算受影响的月份，检查并发布。")
def whole_night(context: dg.OpExecutionContext, site: dg.ResourceParam[Site]) -> None:
    """Run the night as further runs in this process; fail where something is left undone."""
    work = Night(
        site=site,
        partitions=Partitions.since(site.start),
        job=context.repository_def.get_job,
        instance=context.instance,
        why="night",
    )
    with writing(site.warehouse, timeout=site.lock_timeout, now=site.now, say=context.log.info):
        outcome = work.bring_up_to_date()
    context.log.info(f"{outcome.files} 个文件，{len(outcome.rebuilt)} 个月，发布 {outcome.release}")
    if not outcome.good:
        left = "、".join(outcome.stale[:20]) or "没有可发布的内容"
        raise dg.Failure(description=f"仍未完成：{left}。请运行 hotline status 查看。")


@dg.job(name="night", description="每天凌晨的全部工作。")
def night_job() -> None:
    """The whole night as one job."""
    whole_night()


night = dg.ScheduleDefinition(
    name="night",
    job=night_job,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="每天凌晨2点：接收新到的导出，重算受影响的月份，检查并发布。",
)
