"""The monthly facts as Dagster assets, one for each published table."""

import dagster as dg

from assets.details.definitions import details_key, table_asset
from assets.facts.invariants import equations
from assets.facts.plan import MONTHLY, SUMMED, FactsPlan
from assets.facts.recipes import RECIPES
from assets.facts.storage import FactRecord
from assets.graph import Partitions
from schemas import FACTS

GROUP = "facts"


def fact_key(table: str) -> dg.AssetKey:
    """Asset key of a fact table."""
    return dg.AssetKey([GROUP, table])


_DEPENDENCIES: dict[str, list[dg.AssetKey]] = {
    **{
        name: [details_key(each) for each in (recipe.dataset, *recipe.others)]
        for name, recipe in RECIPES.items()
    },
    "data_quality": [details_key(name) for name in SUMMED],
    "kpi_monthly": [fact_key(name) for name in (*SUMMED, "data_quality")],
}


def _metadata(built: FactRecord) -> dict[str, int | str]:
    return {
        "dagster/row_count": built.rows,
        "明细行数": built.examined,
        "校验值": built.sha256,
    }


def _fact_asset(name: str, partitions: Partitions) -> dg.AssetsDefinition:
    table = FACTS[name]
    return table_asset(
        fact_key(name),
        description=f"{table.title}：{table.zh}",
        columns=table.columns,
        deps=_DEPENDENCIES[name],
        partitions=partitions.monthly,
        builds=lambda installation: FactsPlan(installation.warehouse).tables[name],
        metadata=_metadata,
        check=("equations_hold", "数量恒等式成立，各月都已生成"),
        rules=equations(name),
    )


def fact_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each monthly table."""
    return [_fact_asset(name, partitions) for name in MONTHLY]
