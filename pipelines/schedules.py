"""When it runs: every night at 02:00, and a look in the morning, Asia/Shanghai.

Belongs here: the schedules, and the job of the night. What a night does is decided by what is
missing or stale, not by the date: declarative automation loses corrections of past months, so the
night asks instead (`pipelines.night`).
"""

from collections.abc import Callable

import dagster as dg

from assets.core import HotlineError, writing
from assets.graph import OWNERS
from assets.installation import Installation
from assets.notifications import notify_on_exit
from pipelines.jobs import LOOK, LOOK_WHAT
from pipelines.layers import layers_of
from pipelines.night import Night
from schemas.wall_clock import TIME_ZONE

NIGHT = "night"
_WHAT = "接收新到的导出，重算受影响的月份，检查并发布，印发到期的报告，最后查看现状。"


def night_job(look: Callable[[], dg.JobDefinition]) -> dg.JobDefinition:
    """The whole night as one job, for the schedule and for files that arrive in the day.

    Args:
        look: gives the job that looks at how things stand afterwards.
    """

    @dg.op(description=_WHAT)
    def whole_night(
        context: dg.OpExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> None:
        """Run the layers as runs of their own; fail where something is left undone."""
        say = context.log.info
        try:
            with (
                writing(
                    installation.warehouse,
                    timeout=installation.lock_timeout,
                    now=installation.now,
                    say=say,
                ),
                notify_on_exit(
                    installation, context.run_id, "夜间任务", context.log.warning
                ) as left,
            ):
                layers = layers_of(installation, context.instance, why="night")
                outcome = Night(installation, lambda: layers).bring_up_to_date()
                if outcome.undone:
                    left(outcome.undone)
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        say(f"{outcome.files} 个文件，{len(outcome.rebuilt)} 个月，发布 {outcome.release}")
        if outcome.held:
            context.log.warning(f"{outcome.held} 等待确认。")
        looked = look().execute_in_process(instance=context.instance, raise_on_error=False)
        if outcome.undone:
            raise dg.Failure(description=outcome.undone)
        if not looked.success:
            raise dg.Failure(description=f"现状未能查看：见运行 {looked.run_id[:8]}。")

    @dg.job(name=NIGHT, description=_WHAT, owners=OWNERS)
    def night() -> None:
        whole_night()

    return night


def nightly(what: str) -> dg.ScheduleDefinition:
    """The schedule of the night, for one site and for an installation of several.

    Args:
        what: what the job of the night does, in Chinese.
    """
    return _every_day(NIGHT, "0 2 * * *", f"每天凌晨2点：{what}")


def look_schedule() -> dg.ScheduleDefinition:
    """The schedule of the look in the morning, once daily reports are due."""
    said = f"每天9:05，此时昨天的导出和日报都应已到：{LOOK_WHAT}"
    return _every_day(LOOK, "5 9 * * *", said)


def _every_day(job: str, cron: str, description: str) -> dg.ScheduleDefinition:
    """A schedule that is on, named after its job."""
    return dg.ScheduleDefinition(
        name=job,
        job_name=job,
        cron_schedule=cron,
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
        owners=OWNERS,
    )


def all_schedules() -> list[dg.ScheduleDefinition]:
    """The night, and the look in the morning."""
    return [nightly(_WHAT), look_schedule()]
