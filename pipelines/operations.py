"""`operations/night`: the whole night as one asset, one step, one run, whoever starts it.

The command, the schedule, the sensor for files that arrive and the button of the interface start
the same. Executed again, also "from failure", it goes on where it stopped: what is to be done is
asked of the warehouse.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from assets.graph import OWNERS, Event, StepEvent, run_step
from assets.installation import Installation
from assets.notifications import notify_on_exit
from assets.releases.definitions import REASON_TAG
from pipelines.night import WHAT, Night, NightRequest
from pipelines.outcome import CHECK, KEY
from schemas.wall_clock import TIME_ZONE

NIGHT = "night"
# A night of a year's exports takes minutes.
_FRESH = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=5), timezone=TIME_ZONE
)


def night_asset() -> dg.AssetsDefinition:
    """The asset `operations/night`."""

    @dg.asset(
        key=KEY,
        description=f"每天凌晨2点：{WHAT}",
        kinds={"polars"},
        freshness_policy=_FRESH,
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=KEY, description="没有未完成的工作，没有需要处理的事")
        ],
    )
    def night_of_installation(
        context: dg.AssetExecutionContext,
        config: NightRequest,
        installation: dg.ResourceParam[Installation],
    ) -> Iterator[StepEvent]:
        night = Night(installation, config, context.run.tags.get(REASON_TAG, NIGHT))
        yield from run_step(context, installation, _told(context, installation, night))

    return night_of_installation


def night_job() -> Any:  # noqa: ANN401 Dagster exports no name for the type of an asset job.
    """The job of the night, for whatever starts it."""
    return dg.define_asset_job(
        NIGHT, dg.AssetSelection.assets(KEY), description=WHAT, owners=OWNERS
    )


def _told(
    context: dg.AssetExecutionContext, installation: Installation, night: Night
) -> Iterator[Event]:
    """A night, and telling people at its end; nobody is told in the name of another day."""
    if night.request.as_of or not installation.notices.channels:
        yield from night.events()
        return

    def say(problem: str) -> None:
        context.log.warning(problem)
        installation.progress.problem("", problem)

    with notify_on_exit(installation, context.run.run_id, "夜间任务", say) as report_incomplete:
        yield from night.events()
        if night.outcome.undone:
            report_incomplete(night.outcome.undone)
