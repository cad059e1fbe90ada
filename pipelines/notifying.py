"""When people are told: after every night, at the hour of missing exports, when a run failed.

Belongs here: the job that tells, its schedule, and the sensor for failed runs. The night tells at
its end (`assets.notifications.notify_on_exit`). What is told, and to whom, is decided there.
"""

import dagster as dg

from assets.core import HotlineError
from assets.graph import OWNERS
from assets.installation import Installation
from assets.notifications import failure, tell
from pipelines.config import load_installation
from schemas.wall_clock import TIME_ZONE

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
    context: dg.OpExecutionContext, config: FailedRun, installation: dg.ResourceParam[Installation]
) -> None:
    """Tell every channel what it is owed; a channel that cannot be reached is a warning."""
    sentence = f"运行 {config.run[:8]} 失败，请在 Dagster 界面查看原因"
    failures = [failure(config.run, f"任务 {config.job}", sentence)] if config.run else []
    for problem in tell(installation, failures):
        context.log.warning(problem)


@dg.job(name=JOB, description=_WHAT, owners=OWNERS)
def notify_job() -> None:
    """Send what is due."""
    send_notices()


def missing_schedule(installation: Installation) -> dg.ScheduleDefinition:
    """The schedule for the hour from which on an export is missing; off where nobody is told."""
    return _schedule(installation, JOB, notify_job)


def _schedule(
    installation: Installation,
    name: str,
    job: dg.JobDefinition,
    run_config: dg.RunConfig | None = None,
) -> dg.ScheduleDefinition:
    status = dg.DefaultScheduleStatus
    after = installation.notices.missing_after
    return dg.ScheduleDefinition(
        name=name,
        job=job,
        run_config=run_config,
        cron_schedule=f"{after.minute} {after.hour} * * *",
        execution_timezone=TIME_ZONE,
        default_status=status.RUNNING if installation.notices.channels else status.STOPPED,
        description=f"每天{after:%H:%M}：{_WHAT}",
        owners=OWNERS,
    )


class City(dg.Config):
    """A city of several.

    Attributes:
        city: its name.
    """

    city: str


@dg.op(description=_WHAT)
def send_city_notices(context: dg.OpExecutionContext, config: City) -> None:
    """Tell every channel of a city what it is owed, as its settings are now."""
    try:
        problems = tell(load_installation(config.city))
    except HotlineError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    for problem in problems:
        context.log.warning(problem)


@dg.job(name=JOB, description=_WHAT, owners=OWNERS)
def notify_city_job() -> None:
    """Send what is due to the channels of a city."""
    send_city_notices()


def city_missing_schedule(installation: Installation) -> dg.ScheduleDefinition:
    """The same schedule for a city of several, which may have an hour and channels of its own."""
    config = dg.RunConfig({send_city_notices.name: City(city=installation.name)})
    return _schedule(installation, f"{JOB}_{installation.name}", notify_city_job, config)


def failure_sensor(installation: Installation) -> dg.SensorDefinition:
    """The sensor for failed runs; off where nobody is told.

    It only asks for the job: a tick must not wait for the lock or for a mail server.
    """
    status = dg.DefaultSensorStatus

    @dg.run_failure_sensor(
        name="failed_runs",
        request_job=notify_job,
        default_status=status.RUNNING if installation.notices.channels else status.STOPPED,
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
