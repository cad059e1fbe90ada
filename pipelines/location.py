"""The Dagster code location of one site: its assets, jobs, schedule, and itself as their resource.

Belongs here: putting them together. What Dagster loads is `pipelines.definitions`.
"""

from dataclasses import dataclass

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from assets.site import Site
from pipelines.jobs import all_jobs
from pipelines.schedules import night_schedule


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
    defs = dg.Definitions(
        assets=all_assets(partitions),
        jobs=all_jobs(),
        schedules=[night_schedule(job)],
        resources={"site": site},
        # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
        executor=dg.in_process_executor,
    )
    return Location(site, partitions, defs)
