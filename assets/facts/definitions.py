"""The monthly facts as Dagster assets, one for each published table.

Belongs here: the declarations: which details each table is computed from.
"""

import dagster as dg

from assets.details.definitions import details_key
from assets.facts.build import MONTHLY, SUMMED, FactsPlan
from assets.facts.invariants import equations
from assets.facts.recipes import RECIPES
from assets.facts.storage import Built
from assets.graph import Partitions, build_each, column_schema, step
from assets.installation import Installation
from schemas import FACTS

GROUP = "facts"
_DEPENDENCIES: dict[str, list[dg.AssetKey]] = {
    **{
        name: [details_key(each) for each in (recipe.dataset, *recipe.others)]
        for name, recipe in RECIPES.items()
    },
    "data_quality": [details_key(name) for name in SUMMED],
    "kpi_monthly": [dg.AssetKey([GROUP, name]) for name in (*SUMMED, "data_quality")],
}


def fact_key(table: str) -> dg.AssetKey:
    """Asset key of a fact table."""
    return dg.AssetKey([GROUP, table])


def _metadata(built: Built) -> dict[str, int | str]:
    return {
        "dagster/row_count": built.rows,
        "明细行数": built.examined,
        "校验值": built.sha256,
    }


def _fact_asset(name: str, partitions: Partitions) -> dg.AssetsDefinition:
    table, key = FACTS[name], fact_key(name)

    @dg.asset(
        key=key,
        description=f"{table.title}：{table.zh}",
        deps=_DEPENDENCIES[name],
        partitions_def=partitions.monthly,
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"polars", "parquet"},
        metadata={"dagster/column_schema": column_schema(table.columns)},
        check_specs=[
            dg.AssetCheckSpec(
                "equations_hold", asset=key, description="数量恒等式成立，各月都已生成"
            )
        ],
    )
    def facts(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        wanted = set(context.partition_keys)
        with step(context, installation):
            plan = FactsPlan(installation.warehouse)
            plan.drop_gone(name)
            months = [each for each in plan.months(name) if each in wanted]
            return build_each(
                context,
                installation,
                months,
                lambda month: _metadata(plan.build(name, month)),
                check="equations_hold",
                rules=equations(name),
            )

    return facts


def fact_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each monthly table."""
    return [_fact_asset(name, partitions) for name in MONTHLY]
