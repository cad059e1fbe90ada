"""The Dagster code location of several cities: a night of each, then the roll-up.

A step is a city, so an executor that has several machines gives each of them cities. The runs
within a city are recorded with the city.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.core import HotlineError
from assets.graph import OWNERS
from assets.installation import Installation
from assets.sync import Superseded
from pipelines.cities.daytime import daytime_definitions
from pipelines.cities.night import CityNight, roll_up, run_city
from pipelines.cluster import at_hand, celery_executor
from pipelines.config import load_cities, load_installation, load_province, load_top_level
from pipelines.operations import NIGHT
from pipelines.schedules import nightly

PROVINCE = dg.AssetKey("province")
_CHECK = "up_to_date"
_DESCRIPTION = "每个城市接收新到的导出、重算、检查并发布，然后汇总。"


def city_key(name: str) -> dg.AssetKey:
    """The night of a city."""
    return dg.AssetKey(["city", name])


def cities_definitions() -> dg.Definitions:
    """What Dagster loads where an installation has several cities."""
    installations, cluster = load_cities(), load_top_level().cluster
    cities = {city_key(each.name): each for each in installations}
    night: Any = dg.define_asset_job(
        NIGHT, dg.AssetSelection.assets(*cities, PROVINCE), description=_DESCRIPTION
    )
    at_night = dg.Definitions(
        assets=[
            *(_city_asset(each.name, each.title) for each in installations),
            _province_asset(installations),
        ],
        jobs=[night],
        schedules=[nightly(load_top_level().profile.time_zone, _DESCRIPTION)],
        executor=celery_executor(cluster) if cluster else dg.in_process_executor,
    )
    if cluster:
        return at_night
    return dg.Definitions.merge(at_night, daytime_definitions(cities, PROVINCE))


def night_job() -> dg.JobDefinition:
    """The night of all cities, by a name under which other processes find it."""
    return cities_definitions().resolve_job_def(NIGHT)


def _city_asset(name: str, title: str) -> dg.AssetsDefinition:
    key = city_key(name)

    @dg.asset(
        key=key,
        group_name="cities",
        description=f"{title or name}：一夜的工作，直到该市的发布和报告。",
        kinds={"parquet"},
        owners=OWNERS,
        check_specs=[dg.AssetCheckSpec(_CHECK, asset=key, description="没有未完成的工作")],
    )
    def city(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        try:
            # Made anew for each step: settings and profile are read when the work is done.
            installation = load_installation(name)
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        done = run_city(installation, why=NIGHT)
        for sentence in done.problems:
            context.log.warning(sentence)
        return dg.MaterializeResult(
            metadata=_metadata(done),
            check_results=[
                dg.AssetCheckResult(
                    check_name=_CHECK,
                    passed=done.good,
                    metadata={"problems": "\n".join(done.problems)},
                )
            ],
        )

    return city


def _metadata(done: CityNight) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "files": outcome.files,
        "months": len(outcome.rebuilt),
        "reports": outcome.reports,
        "release": outcome.release or "",
        "published": outcome.published,
        "superseded": done.superseded,
        "left": outcome.undone or outcome.held or "",
    }


def _province_asset(installations: list[Installation]) -> dg.AssetsDefinition:
    keys = [city_key(each.name) for each in installations]

    @dg.asset(
        key=PROVINCE,
        group_name="province",
        description="各城市当前发布的汇总：各市的事实，和由合计算出的指标。",
        deps=keys,
        kinds={"parquet"},
        owners=OWNERS,
        output_required=False,
    )
    def province(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        try:
            yield dg.MaterializeResult(metadata=_province_metadata())
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        # The province is made of what there is; the run says what there is not.
        if left := _incomplete(context, keys):
            raise dg.Failure(
                description=f"有城市没有完成：{'、'.join(left)}。请在各城市的资产中查看原因。",
                allow_retries=False,
            )

    return province


def _province_metadata() -> dict[str, Any]:
    """Bring the province up to date; returns the metadata of it.

    Raises:
        HotlineError: it cannot be.
    """
    installation = load_province()
    try:
        with installation.held(), at_hand(installation):
            cities, outcome = roll_up(installation, load_cities(), why=NIGHT)
    except Superseded as lost:
        return {"superseded": str(lost)}
    return {
        "cities": ", ".join(each.name for each in cities),
        "rebuilt": outcome.rebuilt,
        "release": outcome.release or "",
    }


def _incomplete(context: dg.AssetExecutionContext, keys: list[dg.AssetKey]) -> list[str]:
    """Cities of this run whose check did not pass."""
    entries = context.instance.all_logs(
        context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    last: dict[dg.AssetKey, bool] = {}
    for entry in entries:
        assert entry.dagster_event is not None, "asked for events only"
        evaluation = entry.dagster_event.asset_check_evaluation_data
        if evaluation.check_name == _CHECK:
            last[evaluation.asset_key] = evaluation.passed
    return [key.path[-1] for key in keys if not last.get(key, True)]
