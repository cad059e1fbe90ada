"""When people are told: after every night, at the hour of missing exports, when a run failed.

Belongs here: the job that tells, its schedule, the sensor for failed runs, and telling at the end
of work that a command or an op does. What is told, and to whom, is decided by `assets.notices`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg

from assets.notices.gather import failure
from assets.notices.notice import Notice
from assets.notices.tell import tell
from assets.site import Site
from schemas.columns import TIME_ZONE

JOB = "notify"
_WHAT = "发送通知：缺失的导出、失败的任务，以及其他还没有告诉过的情况。"


@contextmanager
def telling(
    site: Site, run: str, subject: str, say: Callable[[str], None]
) -> Iterator[Callable[[str], None]]:
    """Tell people what is new once the work inside is over, even where it fails.

    Args:
        site: the installation.
        run: names the work, so that its failure is told once.
        subject: what the work is, in Chinese.
        say: told of each channel that could not be reached.

    Yields:
        What to call with a sentence where something was left undone.
    """
    failures: list[Notice] = []

    def left(sentence: str) -> None:
        failures.append(failure(run, subject, sentence))

    try:
        yield left
    except Exception as error:
        _tell(site, failures or [failure(run, subject, error)], say)
        raise
    _tell(site, failures, say)


def _tell(site: Site, failures: list[Notice], say: Callable[[str], None]) -> None:
    """Tell people; what goes wrong with that is said and never fails the work before it."""
    try:
        problems = tell(site, failures)
    except Exception as error:
        problems = [f"通知没有发出：{failure('', '', error).detail}。"]
    for problem in problems:
        say(problem)


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


@dg.job(name=JOB, description=_WHAT)
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
