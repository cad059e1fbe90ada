"""The release as a Dagster asset, with the results of its checks as asset checks."""

from collections.abc import Iterator

import dagster as dg

from assets.core import NOTE, CheckResult
from assets.details import details_plans, stale_details
from assets.facts import MONTHLY, FactsPlan, records
from assets.facts.definitions import fact_key
from assets.graph import warehouse_step
from assets.indicators import YEARLY, IndicatorsPlan
from assets.indicators.definitions import indicator_key
from assets.installation import Installation
from assets.releases.checks import TITLES
from assets.releases.package import current_release
from assets.releases.publish import ChecksFailed, PublishResult, publish, remove_old_releases

KEY = dg.AssetKey("release")
REASON_TAG = "hotline/why"
_CHECKS = TITLES | {
    "nothing_held": "没有等待确认的发布：已结束的月份没有超出上限的变动，也没有固定在某一版",
}
_SHOWN = 50


def dagster_result(result: CheckResult, key: dg.AssetKey) -> dg.AssetCheckResult:
    """A result as an asset check: what was examined, not only whether it passed."""
    severity = dg.AssetCheckSeverity
    metadata: dict[str, int | str] = {"检查数": result.examined}
    if not result.sentence:
        metadata["规则数"] = result.rules
        metadata["问题"] = "\n".join(result.faults[:_SHOWN]) or "无"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=result.name,
        passed=result.passed,
        severity=severity.WARN if result.level == NOTE else severity.ERROR,
        description=result.sentence or result.title,
        metadata=metadata,
    )


def publish_facts(installation: Installation, *, why: str) -> PublishResult:
    """Publish the built facts, and build again first what is no longer as it was built.

    Raises:
        GateClosed: a check failed that building again cannot mend.
        HotlineError: there is nothing to publish yet.
    """
    plan = FactsPlan(installation.warehouse)
    plan.build_files()

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
    except ChecksFailed as closed:
        if all(each.passed for each in closed.verdicts if each.name == "checksums"):
            raise
    for table in (*MONTHLY, "files"):
        for built in records(installation.warehouse, table):
            plan.repair(table, built.month)
    yearly = IndicatorsPlan(installation.warehouse, plan)
    for table in YEARLY:
        for built in records(installation.warehouse, table):
            yearly.repair(table, built.month)
    return attempt()


def _nothing_held(release: PublishResult | None) -> dg.AssetCheckResult:
    """Whether the release waits for a person; not known where a check failed."""
    held = release.held if release else None
    return dg.AssetCheckResult(
        asset_key=KEY,
        check_name="nothing_held",
        passed=release is not None and held is None,
        severity=dg.AssetCheckSeverity.WARN,
        description=_CHECKS["nothing_held"],
        metadata={
            "检查数": release.files if release else 0,
            "原因": "\n".join(held.reasons[:_SHOWN]) if held else "无",
        },
    )


def release_asset() -> dg.AssetsDefinition:
    """The asset `release`."""

    @dg.asset(
        key=KEY,
        description=(
            "当前发布：通过全部检查的一整套事实和指标，一次切换，读者不会看到半新半旧的数据。"
        ),
        deps=[*map(fact_key, MONTHLY), *map(indicator_key, YEARLY)],
        output_required=False,
        kinds={"parquet"},
        check_specs=[
            dg.AssetCheckSpec(name, asset=KEY, description=title) for name, title in _CHECKS.items()
        ],
    )
    def release(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:  # type: ignore[type-arg]
        published: PublishResult | None = None
        with warehouse_step(context, installation):
            try:
                published = publish_facts(
                    installation, why=context.run.tags.get(REASON_TAG, "dagster")
                )
            except ChecksFailed as closed:
                verdicts = closed.verdicts
                context.log.error(str(closed))
                installation.progress.problem("", str(closed))
            else:
                verdicts = published.verdicts
                remove_old_releases(installation.warehouse, installation.keep_releases)
                if published.held:
                    sentence = published.held.sentence(current_release(installation.warehouse))
                    installation.progress.problem("", sentence)
                    context.log.warning(sentence)
        if published and not published.held:
            yield dg.MaterializeResult(
                asset_key=KEY,
                metadata={
                    "发布编号": published.id,
                    "是新的一版": published.new,
                    "数据截至": published.cutoff,
                    "文件数": published.files,
                },
            )
        yield _nothing_held(published)
        yield from (dagster_result(each, KEY) for each in verdicts)
        if not all(each.passed for each in verdicts):
            raise dg.Failure(description="发布前检查未通过，保留上一版。", allow_retries=False)

    return release
