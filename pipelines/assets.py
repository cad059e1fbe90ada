"""All assets, in the order of the work, as the interface shows them."""

import dagster as dg

from assets.details.definitions import details_assets
from assets.exports.definitions import export_assets
from assets.facts.definitions import fact_assets
from assets.graph import Partitions, shown
from assets.indicators.definitions import indicator_assets
from assets.releases.definitions import release_asset
from assets.reports.definitions import report_assets
from assets.scoring.definitions import scorecard_asset


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
    return [each.map_asset_specs(lambda spec: shown(spec, handbook)) for each in assets]
