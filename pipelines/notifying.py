"""When people are told: after every night, at the hour of missing exports, when a run failed.

Belongs here: the job that tells, its schedule, and the sensor for failed runs. The night tells at
its end (`assets.notices.tell.telling`). What is told, and to whom, is decided by `assets.notices`.
"""

import dagster as dg

from assets.notices.gather import failure
from assets.notices.tell import tell
from assets.site import Site
from assets.stages import OWNERS
from schemas.columns import TIME_ZONE

JOB = "notify"
_WHAT = "发送通知：缺失的导出、失败的任务，以及其他还没有告诉过的情况。"


class FailedRun(dg.Config):
    """A run that failed.

    Attributes:
        run: its id; empty where there is none.
        job: its job.
    """

    run: str = ""
    job: str = ""


@dg.op(description=_WHAT)
def send_notices(
    context: dg.OpExecutionContext, config: FailedRun, site: dg.ResourceParam[Site]
) -> None:
    """Tell every channel what it is owed; a channel that cannot be reached is a warning."""
    sentence = f"运行 {config.run[:8]} 失败，请在 Dagster 界面查看原因"
    failures = [failure(config.run, f"任务 {config.job}", sentence)] if config.run else []
    for problem in tell(site, failures):
        context.log.warning(problem)


@dg.job(name=JOB, description=_WHAT, owners=OWNERS)
def notify_job() -> None:
    """Send what is due."""
    send_notices()


def missing_schedule(site: Site) -> dg.ScheduleDefinition:
    """The schedule for the hour from which on an export is missing; off where nobody is told."""
    status = dg.DefaultScheduleStatus
    after = site.notices.missing_after
    return dg.ScheduleDefinition(
        name="notify",
        job=notify_job,
        cron_schedule=f"{after.minute} {after.hour} * * *",
        execution_timezone=TIME_ZONE,
        default_status=status.RUNNING if site.notices.channels else status.STOPPED,
        description=f"每天{after:%H:%M}：{_WHAT}",
        owners=OWNERS,
    )


def failure_sensor(site: Site) -> dg.SensorDefinition:
    """The sensor for failed runs; off where nobody is told.

    It only asks for the job: a tick must not wait for the lock or for a mail server.
    """
    status = dg.DefaultSensorStatus

    @dg.run_failure_sensor(
        name="failed_runs",
        request_job=notify_job,
        default_status=status.RUNNING if site.notices.channels else status.STOPPED,
        description="运行失败时发送通知。",
    )
    def failed_runs(context: dg.RunFailureSensorContext) -> dg.RunRequest | dg.SkipReason:
        failed = context.dagster_run
        if failed.job_name == JOB:
            return dg.SkipReason("通知任务自己的失败不再通知。")
        config = FailedRun(run=failed.run_id, job=failed.job_name)
        return dg.RunRequest(
            run_key=failed.run_id, run_config=dg.RunConfig({send_notices.name: config})
        )

    return failed_runs
