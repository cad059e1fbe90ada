"""The release as a Dagster asset, with the results of its checks as asset checks.

Materialized alone it first builds what is stale: any selection of assets ends consistent.
"""

from collections.abc import Iterator

import dagster as dg

from assets.core import DamagedFile, HotlineError, error_sentence
from assets.details import details_plans, stale_details
from assets.facts import MONTHLY, WHOLE, FactsPlan, records
from assets.facts.definitions import fact_key
from assets.graph import Event, StepEvent, evaluation, materialization, result_event, run_step
from assets.indicators import YEARLY, IndicatorsPlan
from assets.indicators.definitions import indicator_key, update_all
from assets.installation import Installation
from assets.releases.checks import TITLES
from assets.releases.package import current_release
from assets.releases.publish import ChecksFailed, PublishResult, publish, remove_old_releases

KEY = dg.AssetKey("release")
REASON_TAG = "hotline/why"
_CHECKS = TITLES | {
    "nothing_held": "没有等待确认的发布：已结束的月份没有超出上限的变动，也没有固定在某一版",
}
_INPUTS = [*map(fact_key, MONTHLY), *map(indicator_key, YEARLY)]
_SHOWN = 50


def publish_facts(installation: Installation, *, why: str) -> PublishResult:
    """Publish the built facts, and build again first what is no longer as it was built.

    Raises:
        GateClosed: a check failed that building again cannot mend.
        HotlineError: there is nothing to publish yet.
    """
    plan = FactsPlan(installation)
    plan.build_whole()

    def attempt() -> PublishResult:
        return publish(
            installation.warehouse,
            plan,
            stale_details(details_plans(installation)),
            now=installation.now(),
            why=why,
            limit=installation.warn_change,
        )

    try:
        return attempt()
    except DamagedFile:
        pass  # Built again below, like what a check found.
    except ChecksFailed as closed:
        if all(each.passed for each in closed.verdicts if each.name == "checksums"):
            raise
    for table in (*MONTHLY, *WHOLE):
        for built in records(installation.warehouse, table):
            plan.repair(table, built.month)
    yearly = IndicatorsPlan(installation.warehouse, plan)
    for table in YEARLY:
        for built in records(installation.warehouse, table):
            yearly.repair(table, built.month)
    return attempt()


def publish_release(installation: Installation, *, why: str) -> Iterator[Event]:
    """Check and publish what is built: the release where there is a new one, then the checks.

    Args:
        installation: the installation.
        why: what led to it, for the journal.
    """
    published: PublishResult | None = None
    try:
        published = publish_facts(installation, why=why)
    except ChecksFailed as closed:
        verdicts = closed.verdicts
        installation.progress.problem("", str(closed))
    except (HotlineError, OSError) as error:
        installation.progress.problem("", error_sentence(error))
        yield evaluation(KEY, "complete", error_sentence(error), {}, passed=False)
        return
    else:
        verdicts = published.verdicts
        remove_old_releases(installation.warehouse, installation.keep_releases)
    yield from _published(installation, published)
    yield from (result_event(each, KEY) for each in verdicts)


def _published(installation: Installation, release: PublishResult | None) -> Iterator[Event]:
    """The release, and whether it waits for a person; that is not known where a check failed."""
    held = release.held if release else None
    sentence = _CHECKS["nothing_held"] if release else "发布前检查未通过，保留上一版。"
    if held:
        sentence = held.sentence(current_release(installation.warehouse))
        installation.progress.problem("", sentence)
    elif release:
        metadata = {
            "发布编号": release.id,
            "是新的一版": release.new,
            "数据截至": release.cutoff,
            "文件数": release.files,
        }
        yield materialization(KEY, metadata, inputs=_INPUTS)
    yield evaluation(
        KEY,
        "nothing_held",
        sentence,
        {
            "检查数": release.files if release else 0,
            "原因": "\n".join(held.reasons[:_SHOWN]) if held else "无",
        },
        passed=release is not None and held is None,
        warn=True,
    )


def release_asset() -> dg.AssetsDefinition:
    """The asset `release`."""

    @dg.asset(
        key=KEY,
        description=(
            "当前发布：通过全部检查的一整套事实和指标，一次切换，读者不会看到半新半旧的数据。"
        ),
        deps=_INPUTS,
        kinds={"parquet"},
        check_specs=[
            dg.AssetCheckSpec(name, asset=KEY, description=title) for name, title in _CHECKS.items()
        ],
    )
    def release(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[StepEvent]:
        def work() -> Iterator[Event]:
            yield from update_all(installation)
            why = context.run.tags.get(REASON_TAG, "dagster")
            yield from publish_release(installation, why=why)

        yield from run_step(context, installation, work())

    return release
