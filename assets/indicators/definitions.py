"""The yearly tables as Dagster assets: indicator inputs and reconciliation."""

import dagster as dg

from assets.details.definitions import details_key, table_asset
from assets.facts import SUMMED, FactRecord, FactsPlan
from assets.facts.definitions import fact_key
from assets.graph import Partitions
from assets.indicators.plan import EXPORTS_OF, YEARLY, IndicatorsPlan
from schemas import FACTS

GROUP = "indicators"


def indicator_key(table: str) -> dg.AssetKey:
    """Asset key of a yearly table."""
    return dg.AssetKey([GROUP, table])


def _metadata(built: FactRecord) -> dict[str, int | str]:
    return {"dagster/row_count": built.rows, "校验值": built.sha256}


def _yearly_asset(name: str, partitions: Partitions) -> dg.AssetsDefinition:
    table = FACTS[name]
    return table_asset(
        indicator_key(name),
        description=f"{table.title}：{table.zh}",
        columns=table.columns,
        deps=[
            *(details_key(each) for each in EXPORTS_OF[name]),
            *(fact_key(each) for each in (*SUMMED, "kpi_monthly")),
        ],
        partitions=partitions.yearly,
        builds=lambda installation: IndicatorsPlan(
            installation.warehouse, FactsPlan(installation.warehouse)
        ).tables[name],
        metadata=_metadata,
        check=("years_built", "各年都已生成"),
        rules=1,
    )


def indicator_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each yearly table."""
    return [_yearly_asset(name, partitions) for name in YEARLY]
