"""The Dagster code location of one site: assets, checks, jobs, when they run, and the site itself.

Belongs here: putting them together. What Dagster loads is `pipelines.definitions`.
"""

from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from assets.site import Site
from assets.standing.definitions import standing_checks
from pipelines.jobs import LOOK, all_jobs, layer_jobs
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
        layers: the same assets without the checks that only look. Dagster adds to a run all checks
            of its assets that there are, whatever its job selects: it would look in between, at
            work that is half done, and put down as skipped what it could not look at.
    """

    site: Site
    partitions: Partitions
    defs: dg.Definitions
    layers: dg.Definitions

    def job(self, name: str) -> dg.JobDefinition:
        """The job of a layer, as the night runs it."""
        return self.layers.resolve_job_def(name)


def location(site: Site) -> Location:
    """Make the code location of a site."""
    partitions = Partitions.of_site(site)
    common: Any = {
        "assets": all_assets(partitions, site.operations.handbook_url),
        "resources": {"site": site},
        # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
        "executor": dg.in_process_executor,
    }
    layers = dg.Definitions(jobs=layer_jobs(), **common)
    night = night_job(layers.resolve_job_def, lambda: defs.resolve_job_def(LOOK))
    defs = dg.Definitions(
        asset_checks=[standing_checks()],
        jobs=[night, *all_jobs()],
        schedules=[*all_schedules(night), missing_schedule(site)],
        sensors=[
            arrival_sensor(night, site.operations.look_every_seconds),
            failure_sensor(site),
        ],
        **common,
    )
    return Location(site, partitions, defs, layers)
