"""All assets in the order of the work, and the job that looks at how things stand."""

from typing import Any

import dagster as dg

from assets.details.definitions import details_assets
from assets.exports.definitions import export_assets
from assets.facts.definitions import fact_assets
from assets.graph import OWNERS, Partitions, with_stage
from assets.health.definitions import STANDING_CHECKS
from assets.indicators.definitions import indicator_assets
from assets.releases.definitions import release_asset
from assets.reports.definitions import report_assets
from assets.scoring.definitions import scorecard_asset
from pipelines.operations import night_asset

LOOK = "standing"
LOOK_WHAT = "查看现状：缺日、过期、久未处理的隔离、知识库进度、到期的报告；不改变数据。"


def all_assets(partitions: Partitions, handbook: str | None = None) -> list[dg.AssetsDefinition]:
    """The night, then what it is made of: exports, details, facts, indicators, release and so on.

    Args:
        partitions: of the installation.
        handbook: address of the handbook, if it has one.
    """
    assets = [
        night_asset(),
        *export_assets(partitions),
        *details_assets(partitions),
        *fact_assets(partitions),
        *indicator_assets(partitions),
        release_asset(),
        scorecard_asset(),
        *report_assets(partitions),
    ]
    return [each.map_asset_specs(lambda spec: with_stage(spec, handbook)) for each in assets]


def look_job() -> Any:  # noqa: ANN401 Dagster exports no name for the type of an asset job.
    """The job that looks at how things stand; it fails where something is red."""
    return dg.define_asset_job(
        LOOK, dg.AssetSelection.checks(*STANDING_CHECKS), description=LOOK_WHAT, owners=OWNERS
    )
