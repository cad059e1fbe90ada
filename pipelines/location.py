"""The Dagster code location of one site: assets, checks, jobs, when they run, and the site itself.

Belongs here: putting them together. What Dagster loads is `pipelines.definitions`.
"""

from dataclasses import dataclass

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from assets.site import Site
from assets.standing.definitions import standing_checks
from pipelines.jobs import all_jobs
from pipelines.notifying import failure_sensor, missing_schedule
from pipelines.schedules import all_schedules, night_job
from pipelines.sensors import arrival_sensor


@dataclass(frozen=True)
class Location:
    """The code location of one site.

    Attributes:
        site: the resource of its jobs.
        partitions: its partitions.
        defs: what Dagster loads.
    """

    site: Site
    partitions: Partitions
    defs: dg.Definitions

    def job(self, name: str) -> dg.JobDefinition:
        """A job of this code location."""
        return self.defs.resolve_job_def(name)


def location(site: Site) -> Location:
    """Make the code location of a site."""

    def job(name: str) -> dg.JobDefinition:
        return defs.resolve_job_def(name)

    partitions = Partitions.of_site(site)
    night = night_job(job)
    defs = dg.Definitions(
        assets=all_assets(partitions, site.operations.handbook_url),
        asset_checks=[standing_checks()],
        jobs=[night, *all_jobs()],
        schedules=[*all_schedules(night), missing_schedule(site)],
        sensors=[
            arrival_sensor(night, site.operations.look_every_seconds),
            failure_sensor(site),
        ],
        resources={"site": site},
        # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
        executor=dg.in_process_executor,
    )
    return Location(site, partitions, defs)
