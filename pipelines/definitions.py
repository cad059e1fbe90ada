"""The Dagster code location: assets, jobs, the schedule, and the installation they work on."""

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from assets.standing.definitions import standing_checks
from pipelines.config import load_site
from pipelines.jobs import all_jobs
from pipelines.schedules import all_schedules, night_job
from pipelines.sensors import arrival_sensor

site = load_site()
partitions = Partitions.of_site(site)


def job(name: str) -> dg.JobDefinition:
    """A job of this code location."""
    return defs.resolve_job_def(name)


night = night_job(job)
defs = dg.Definitions(
    assets=all_assets(partitions, site.operations.handbook_url),
    asset_checks=[standing_checks()],
    jobs=[night, *all_jobs()],
    schedules=all_schedules(night),
    sensors=[arrival_sensor(night, site.operations.look_every_seconds)],
    resources={"site": site},
    # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
    executor=dg.in_process_executor,
)
