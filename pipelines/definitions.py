"""The Dagster code location that Dagster loads: of one installation, or of several cities."""

import dagster as dg

from assets.graph import Partitions
from assets.health.definitions import standing_checks
from assets.installation import Installation
from pipelines.config import chosen_city, city_names, load_installation
from pipelines.jobs import LOOK, all_assets, all_jobs
from pipelines.notices import failure_sensor, missing_schedule
from pipelines.schedules import all_schedules, night_job
from pipelines.sensors import arrival_sensor


def installation_definitions(installation: Installation) -> dg.Definitions:
    """Assets, checks, jobs, schedules and sensors of one installation, which is a resource."""
    night = night_job(lambda: made.resolve_job_def(LOOK))
    made = dg.Definitions(
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
    return made


if city_names() and not chosen_city():
    from pipelines.cities.definitions import cities_definitions

    defs = cities_definitions()
else:
    defs = installation_definitions(load_installation())
