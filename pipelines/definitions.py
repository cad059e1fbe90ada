"""The Dagster code location that Dagster loads: of one installation, or of several cities."""

import dagster as dg

from assets.graph import Partitions
from assets.health.definitions import standing_checks
from assets.installation import Installation
from pipelines.config import chosen_city, city_names, load_installation
from pipelines.jobs import all_assets, look_job
from pipelines.notices import failure_sensor, missing_schedule
from pipelines.operations import night_job
from pipelines.schedules import look_schedule, nightly
from pipelines.sensors import arrival_sensor


def installation_definitions(installation: Installation) -> dg.Definitions:
    """Assets, checks, jobs, schedules and sensors of one installation, which is a resource."""
    zone = installation.profile.time_zone
    return dg.Definitions(
        assets=all_assets(
            Partitions.of_installation(installation), installation.operations.handbook_url
        ),
        asset_checks=[standing_checks()],
        jobs=[night_job(), look_job()],
        schedules=[nightly(zone), look_schedule(zone), missing_schedule(installation)],
        sensors=[
            arrival_sensor(installation.operations.look_every_seconds),
            failure_sensor(installation),
        ],
        resources={"installation": installation},
        # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
        executor=dg.in_process_executor,
    )


if city_names() and not chosen_city():
    from pipelines.cities.definitions import cities_definitions

    defs = cities_definitions()
else:
    defs = installation_definitions(load_installation())
