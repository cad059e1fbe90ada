"""When it runs: every night at 02:00, and the checks in the morning, in the zone of the profile.

What a night does is decided by what is missing or stale, not by the date: declarative automation
loses corrections of past months, so the night asks instead (`pipelines.night`).
"""

import dagster as dg

from assets.graph import OWNERS
from pipelines.jobs import LOOK, LOOK_WHAT
from pipelines.night import WHAT
from pipelines.operations import NIGHT


def nightly(zone: str, what: str = WHAT) -> dg.ScheduleDefinition:
    """The schedule of the night, for one installation and for several cities.

    Args:
        zone: of the clock.
        what: what the job of the night does, in Chinese.
    """
    return _every_day(zone, NIGHT, "0 2 * * *", f"每天凌晨2点：{what}")


def look_schedule(zone: str) -> dg.ScheduleDefinition:
    """The schedule of the look in the morning, once daily reports are due."""
    said = f"每天9:05，此时昨天的导出和日报都应已到：{LOOK_WHAT}"
    return _every_day(zone, LOOK, "5 9 * * *", said)


def _every_day(zone: str, job: str, cron: str, description: str) -> dg.ScheduleDefinition:
    """A schedule that is on, named after its job."""
    return dg.ScheduleDefinition(
        name=job,
        job_name=job,
        cron_schedule=cron,
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
        owners=OWNERS,
    )
