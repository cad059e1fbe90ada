"""The Dagster code location: assets, jobs, the schedule, and the installation they work on."""

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from pipelines.config import load_site
from pipelines.jobs import all_jobs
from pipelines.notifying import failure_sensor, missing_schedule
from pipelines.schedules import night_schedule

site = load_site()
partitions = Partitions.of_site(site)


def job(name: str) -> dg.JobDefinition:
    """A job of this code location."""
    return defs.resolve_job_def(name)


defs = dg.Definitions(
    assets=all_assets(partitions),
    jobs=all_jobs(),
    schedules=[night_schedule(job), missing_schedule(site)],
    sensors=[failure_sensor(site)],
    resources={"site": site},
    # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
    executor=dg.in_process_executor,
)
