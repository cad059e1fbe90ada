"""All assets in the order of the work, and the jobs: one for each kind of partition, one of checks.

A Dagster job holds one kind of partition only, so the work of a night is several jobs, run by
`pipelines.layers` in the order of `pipelines.night`.
"""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from assets.details.definitions import details_assets
from assets.exports.definitions import export_assets
from assets.facts.definitions import fact_assets
from assets.graph import OWNERS, Partitions, with_stage
from assets.health.definitions import STANDING_CHECKS
from assets.indicators.definitions import indicator_assets
from assets.releases.definitions import release_asset
from assets.reports.definitions import report_assets, report_key
from assets.scoring.definitions import scorecard_asset
from schemas import EXPORTS
from schemas.reports import KINDS, TITLES, ReportKind

TAKE = {"daily": "take_daily", "monthly": "take_monthly", "yearly": "take_yearly"}
BUILD_MONTHS = "build_months"
BUILD_YEARS = "build_years"
PUBLISH = "publish"
REPORT: dict[ReportKind, str] = {kind: f"report_{kind}" for kind in KINDS}
LOOK = "standing"
LOOK_WHAT = "查看现状：缺日、过期、久未处理的隔离、知识库进度、到期的报告；不改变数据。"


def all_assets(partitions: Partitions, handbook: str | None = None) -> list[dg.AssetsDefinition]:
    """Exports, details, facts, indicators, release, scorecard, reports.

    Args:
        partitions: of the installation.
        handbook: address of the handbook, if it has one.
    """
    assets = [
        *export_assets(partitions),
        *details_assets(partitions),
        *fact_assets(partitions),
        *indicator_assets(partitions),
        release_asset(),
        scorecard_asset(),
        *report_assets(partitions),
    ]
    return [each.map_asset_specs(lambda spec: with_stage(spec, handbook)) for each in assets]


def _assets(group: str, cadences: tuple[str, ...]) -> dg.AssetSelection:
    names = [name for name, table in EXPORTS.items() if table.cadence in cadences]
    return dg.AssetSelection.assets(*(dg.AssetKey([group, name]) for name in names))


def _steps() -> dict[str, tuple[str, dg.AssetSelection]]:
    """Steps of a night: job -> Chinese title and assets."""
    months = _assets("details", ("daily", "monthly")) | dg.AssetSelection.key_prefixes("facts")
    years = _assets("details", ("yearly",)) | dg.AssetSelection.key_prefixes("indicators")
    public = dg.AssetSelection.assets("release") | dg.AssetSelection.key_prefixes("scoring")
    return {
        TAKE["daily"]: ("接收日导出", _assets("exports", ("daily",))),
        TAKE["monthly"]: ("接收月导出", _assets("exports", ("monthly",))),
        TAKE["yearly"]: ("接收年导出", _assets("exports", ("yearly",))),
        BUILD_MONTHS: ("生成各月的当前记录和事实", months),
        BUILD_YEARS: ("生成各年的当前记录、绩效指标和对账", years),
        PUBLISH: ("检查并发布，计分", public),
        **{
            REPORT[kind]: (f"印发{TITLES[kind]}", dg.AssetSelection.assets(report_key(kind)))
            for kind in KINDS
        },
    }


def layer_jobs(without: Sequence[dg.AssetCheckKey] = ()) -> list[Any]:
    """The layers of a night; Dagster exports no name for the type of an asset job.

    Args:
        without: checks of their assets that are declared and no part of them.
    """
    looks = dg.AssetSelection.checks(*without)
    return [
        dg.define_asset_job(
            name,
            assets - looks if without else assets,
            description=f"夜间任务的一步：{title}。",
            owners=OWNERS,
        )
        for name, (title, assets) in _steps().items()
    ]


def all_jobs() -> list[Any]:
    """Every job of the installation but the night's."""
    return [
        *layer_jobs(without=STANDING_CHECKS),
        dg.define_asset_job(
            LOOK,
            dg.AssetSelection.checks(*STANDING_CHECKS),
            description=LOOK_WHAT,
            owners=OWNERS,
        ),
    ]
