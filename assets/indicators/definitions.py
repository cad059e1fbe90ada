"""The yearly tables as Dagster assets: indicator inputs and reconciliation.

Belongs here: the declarations: what each is computed from.
"""

import dagster as dg

from assets.dagster_values import build_each, column_schema, step
from assets.details.definitions import details_key
from assets.facts.build import SUMMED, FactsPlan
from assets.facts.definitions import fact_key
from assets.facts.store import Built
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.partitions import Partitions
from assets.site import Site
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
        context: dg.AssetExecutionContext, site: dg.ResourceParam[Site]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        wanted = set(context.partition_keys)
        with step(context, site):
            plan = IndicatorsPlan(site.warehouse, FactsPlan(site.warehouse))
            plan.drop_gone(name)
            years = [each for each in plan.years(name) if each in wanted]
            return build_each(
                context,
                site,
                years,
                lambda year: _metadata(plan.build(name, year)),
                check="years_built",
                rules=1,
            )

    return yearly


def indicator_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each yearly table."""
    return [_yearly_asset(name, partitions) for name in YEARLY]
