"""Sensors, checks and schedules of several cities, as `pipelines.definitions` has them for one.

Only where the cities are worked on by the machine that Dagster runs on: a check needs the warehouse
of the city here, and a worker of a cluster would fetch all of it first.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.core import HotlineError
from assets.graph import OWNERS
from assets.health.definitions import standing_results
from assets.installation import Installation
from pipelines.config import load_installation, load_top_level
from pipelines.jobs import LOOK, LOOK_WHAT
from pipelines.notices import missing_schedule, notify_job
from pipelines.operations import NIGHT
from pipelines.schedules import look_schedule
from pipelines.sensors import description, look

CHECK = "standing"


def daytime_definitions(
    cities: Mapping[dg.AssetKey, Installation], province: dg.AssetKey
) -> dg.Definitions:
    """Sensors, checks and schedules of several cities.

    Args:
        cities: the asset of each city -> the city.
        province: the roll-up, which files of any city make stale.
    """
    top_level = load_top_level()
    looking: Any = dg.define_asset_job(
        LOOK,
        dg.AssetSelection.checks(*(dg.AssetCheckKey(key, CHECK) for key in cities)),
        description=LOOK_WHAT,
        owners=OWNERS,
    )
    return dg.Definitions(
        asset_checks=[_check(installation, key) for key, installation in cities.items()],
        jobs=[looking, notify_job],
        schedules=[
            look_schedule(top_level.profile.time_zone),
            *map(missing_schedule, cities.values()),
        ],
        # `send_notices` asks for one; it loads the city that a run names.
        resources={"installation": top_level},
        sensors=[_sensor(installation, [key, province]) for key, installation in cities.items()],
    )


def _named(installation: Installation) -> str:
    return installation.title or installation.name


def _check(installation: Installation, key: dg.AssetKey) -> dg.AssetChecksDefinition:
    name = installation.name

    @dg.asset_check(
        asset=key,
        name=CHECK,
        description=f"现状：{_named(installation)}没有缺日、过期、久未处理的隔离和到期未印发的报告。",
    )
    def standing() -> dg.AssetCheckResult:
        try:
            found = [finding for _, finding in standing_results(load_installation(name))]
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        wrong = [each for each in found if not each.good]
        owed = any(each.ours for each in wrong)
        return dg.AssetCheckResult(
            passed=not wrong,
            severity=dg.AssetCheckSeverity.ERROR if owed else dg.AssetCheckSeverity.WARN,
            description="\n".join(dict.fromkeys(each.sentence for each in wrong)) or "都正常。",
            metadata={"检查数": sum(each.examined for each in found)},
        )

    return standing


def _sensor(installation: Installation, stale: list[dg.AssetKey]) -> dg.SensorDefinition:
    name, every_seconds = installation.name, installation.operations.look_every_seconds

    @dg.sensor(
        name=f"arrivals_{name}",
        job_name=NIGHT,
        minimum_interval_seconds=every_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"{_named(installation)}：{description(every_seconds, '该市的夜间任务和汇总')}",
        owners=OWNERS,
    )
    def arrivals(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            installation = load_installation(name)
        except HotlineError as error:
            return dg.SensorResult(skip_reason=str(error))
        return look(context, installation, NIGHT, stale)

    return arrivals
