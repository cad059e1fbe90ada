"""The Dagster code location of several cities: a night of each, then the roll-up.

Belongs here: its assets, the job of its night and its schedule. A step is a city, so an executor
that has several machines gives each of them cities. The layers within a city are recorded with the
city.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.core import HotlineError, writing
from assets.graph import OWNERS
from assets.installation import Installation
from assets.sync import Superseded
from pipelines.by_day import by_day
from pipelines.city_night import CityNight, run_city
from pipelines.cluster.copies import at_hand
from pipelines.config import load_cities, load_installation, load_province, load_top_level
from pipelines.province import roll_up
from pipelines.schedules import NIGHT, nightly

JOB = NIGHT
PROVINCE = dg.AssetKey("province")
_CHECK = "up_to_date"
_WHAT = "每个城市接收新到的导出、重算、检查并发布，然后汇总。"


def city_key(name: str) -> dg.AssetKey:
    """The night of a city."""
    return dg.AssetKey(["city", name])


def installation_definitions() -> dg.Definitions:
    """What Dagster loads where an installation has several cities."""
    installations, cluster = load_cities(), load_top_level().cluster
    if cluster is None:
        executor = dg.in_process_executor
    else:
        from pipelines.cluster.celery import executor as of_cluster

        executor = of_cluster(cluster)
    cities = {city_key(each.name): each for each in installations}
    night: Any = dg.define_asset_job(
        JOB, dg.AssetSelection.assets(*cities, PROVINCE), description=_WHAT
    )
    at_night = dg.Definitions(
        assets=[
            *(_city_asset(each.name, each.title) for each in installations),
            _province_asset(installations),
        ],
        jobs=[night],
        schedules=[nightly(_WHAT)],
        executor=executor,
    )
    return at_night if cluster else dg.Definitions.merge(at_night, by_day(cities, PROVINCE))


def night_job() -> dg.JobDefinition:
    """The night of all cities, by a name under which other processes find it."""
    return installation_definitions().resolve_job_def(JOB)


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
        done = run_city(installation, why=JOB)
        for sentence in done.problems:
            context.log.warning(sentence)
        return dg.MaterializeResult(
            metadata=_told(done),
            check_results=[
                dg.AssetCheckResult(
                    check_name=_CHECK,
                    passed=done.good,
                    metadata={"problems": "\n".join(done.problems)},
                )
            ],
        )

    return city


def _told(done: CityNight) -> dict[str, Any]:
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
            yield dg.MaterializeResult(metadata=_roll_up())
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        # The province is made of what there is; the run says what there is not.
        if left := _not_good(context, keys):
            raise dg.Failure(
                description=f"有城市没有完成：{'、'.join(left)}。请在各城市的资产中查看原因。",
                allow_retries=False,
            )

    return province


def _roll_up() -> dict[str, Any]:
    """Bring the province up to date; what is to be said of it.

    Raises:
        HotlineError: it cannot be.
    """
    installation = load_province()
    try:
        with (
            writing(
                installation.warehouse, timeout=installation.lock_timeout, now=installation.now
            ),
            at_hand(installation),
        ):
            cities, outcome = roll_up(installation, load_cities(), why=JOB)
    except Superseded as lost:
        return {"superseded": str(lost)}
    return {
        "cities": ", ".join(each.name for each in cities),
        "rebuilt": outcome.rebuilt,
        "release": outcome.release or "",
    }


def _not_good(context: dg.AssetExecutionContext, keys: list[dg.AssetKey]) -> list[str]:
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
