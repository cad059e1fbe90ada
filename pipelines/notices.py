"""When notices are sent: at the hour of missing exports, and when a run failed.

The night sends its own at its end. What is sent, and to whom, is decided in `assets.notifications`.
"""

import dagster as dg

from assets.core import HotlineError
from assets.graph import OWNERS
from assets.installation import Installation
from assets.notifications import failure_notice, notify_channels
from pipelines.config import load_installation
from pipelines.jobs import LOOK
from pipelines.operations import NIGHT
from pipelines.outcome import CHECK

JOB = "notify"
_WHAT = "发送通知：缺失的导出、失败的任务，以及其他还没有告诉过的情况。"


class FailedRun(dg.Config):
    """Why notices are sent.

    Attributes:
        run: a run that failed; empty where there is none.
        job: its job.
        city: whose notices they are, of several cities.
    """

    run: str = ""
    job: str = ""
    city: str = ""


@dg.op(description=_WHAT)
def send_notices(
    context: dg.OpExecutionContext, config: FailedRun, installation: dg.ResourceParam[Installation]
) -> None:
    """Send every channel what is due; a channel that cannot be reached is a warning."""
    sentence = f"运行 {config.run[:8]} 失败，请在 Dagster 界面查看原因"
    failures = [failure_notice(config.run, f"任务 {config.job}", sentence)] if config.run else []
    try:
        # A city's settings are read when the work is done.
        told = load_installation(config.city) if config.city else installation
        problems = notify_channels(told, failures)
    except HotlineError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    for problem in problems:
        context.log.warning(problem)


@dg.job(name=JOB, description=_WHAT, owners=OWNERS)
def notify_job() -> None:
    """Send what is due."""
    send_notices()


def missing_schedule(installation: Installation) -> dg.ScheduleDefinition:
    """The schedule for the hour from which on an export is missing; off where nobody is told.

    Each of several cities has one, at its own hour.
    """
    status = dg.DefaultScheduleStatus
    after, city = installation.notices.missing_after, installation.name
    return dg.ScheduleDefinition(
        name=f"{JOB}_{city}" if city else JOB,
        job=notify_job,
        run_config=dg.RunConfig({send_notices.name: FailedRun(city=city)}) if city else None,
        cron_schedule=f"{after.minute} {after.hour} * * *",
        execution_timezone=installation.profile.time_zone,
        default_status=status.RUNNING if installation.notices.channels else status.STOPPED,
        description=f"每天{after:%H:%M}：{_WHAT}",
        owners=OWNERS,
    )


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
        if failed.job_name in (NIGHT, LOOK) and _said_by_itself(context):
            return dg.SkipReason(
                "它自己已经说明了哪里不对；需要通知的，由夜间任务和每天的通知发出。"
            )
        config = FailedRun(run=failed.run_id, job=failed.job_name)
        return dg.RunRequest(
            run_key=failed.run_id, run_config=dg.RunConfig({send_notices.name: config})
        )

    return failed_runs


def _said_by_itself(context: dg.RunFailureSensorContext) -> bool:
    """Whether a run came as far as its verdict: it failed because of what it found."""
    evaluated = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    records = context.instance.get_records_for_run(
        context.dagster_run.run_id, of_type=evaluated, limit=1, ascending=False
    ).records
    event = records[0].event_log_entry.dagster_event if records else None
    if event is None:
        return False
    look = context.dagster_run.job_name == LOOK
    return look or event.asset_check_evaluation_data.check_name == CHECK
