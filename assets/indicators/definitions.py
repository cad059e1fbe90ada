"""The yearly tables as Dagster assets: indicator inputs and reconciliation.

Belongs here: the declarations: what each is computed from.
"""

import dagster as dg

from assets.details.definitions import details_key
from assets.facts import SUMMED, Built, FactsPlan
from assets.facts.definitions import fact_key
from assets.graph import Partitions, build_each, column_schema, step
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.installation import Installation
from schemas import FACTS

GROUP = "indicators"
_DETAILS = {"indicators": ("annual", "survey"), "reconciliation": ("declared",)}


def indicator_key(table: str) -> dg.AssetKey:
    """Asset key of a yearly table."""
    return dg.AssetKey([GROUP, table])


def _metadata(built: Built) -> dict[str, int | str]:
    return {"dagster/row_count": built.rows, "校验值": built.sha256}


def _yearly_asset(name: str, partitions: Partitions) -> dg.AssetsDefinition:
    table, key = FACTS[name], indicator_key(name)

    @dg.asset(
        key=key,
        description=f"{table.title}：{table.zh}",
        deps=[
            *(details_key(each) for each in _DETAILS[name]),
            *(fact_key(each) for each in (*SUMMED, "kpi_monthly")),
        ],
        partitions_def=partitions.yearly,
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"polars", "parquet"},
        metadata={"dagster/column_schema": column_schema(table.columns)},
        check_specs=[dg.AssetCheckSpec("years_built", asset=key, description="各年都已生成")],
    )
    def yearly(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        wanted = set(context.partition_keys)
        with step(context, installation):
            plan = IndicatorsPlan(installation.warehouse, FactsPlan(installation.warehouse))
            plan.drop_gone(name)
            years = [each for each in plan.years(name) if each in wanted]
            return build_each(
                context,
                installation,
                years,
                lambda year: _metadata(plan.build(name, year)),
                check="years_built",
                rules=1,
            )

    return yearly


def indicator_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each yearly table."""
    return [_yearly_asset(name, partitions) for name in YEARLY]
