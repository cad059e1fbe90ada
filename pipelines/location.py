"""The Dagster code location of one site: assets, checks, jobs, when they run, and the site itself.

Belongs here: putting them together. What Dagster loads is `pipelines.definitions`.
"""

import dagster as dg

from assets.graph import Partitions
from assets.health.definitions import standing_checks
from assets.installation import Installation
from pipelines.assets import all_assets
from pipelines.jobs import LOOK, all_jobs
from pipelines.notifying import failure_sensor, missing_schedule
from pipelines.schedules import all_schedules, night_job
from pipelines.sensors import arrival_sensor


def location(installation: Installation) -> dg.Definitions:
    """Make the code location of a site."""
    night = night_job(lambda: defs.resolve_job_def(LOOK))
    defs = dg.Definitions(
        assets=all_assets(
            Partitions.of_installation(installation), installation.operations.handbook_url
        ),
        asset_checks=[standing_checks()],
        jobs=[night, *all_jobs()],
        schedules=[*all_schedules(), missing_schedule(installation)],
        sensors=[
            arrival_sensor(night, installation.operations.look_every_seconds),
            failure_sensor(installation),
        ],
        resources={"installation": installation},
        # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
        executor=dg.in_process_executor,
    )
    return defs
