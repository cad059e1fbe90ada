"""Details as Dagster assets: the rows of a month or year as they now stand.

Belongs here: the declarations. A month that cannot be built does not stop the others; it is named
in the failed run, stays stale, and closes the gate of the release.
"""

import dagster as dg

from assets.details.build import DetailsPlan
from assets.details.known import Details
from assets.details.resolve import ACCEPTED, DUPLICATE, QUARANTINED, SUPERSEDED
from assets.exports.definitions import export_key
from assets.graph import Partitions, build_each, column_schema, step
from assets.installation import Installation
from schemas import EXPORTS
from schemas.table import ExportTable

GROUP = "details"
_FATES = {
    ACCEPTED: "入库行数",
    DUPLICATE: "重复行数",
    SUPERSEDED: "被取代行数",
    QUARANTINED: "隔离行数",
}


def details_key(dataset: str) -> dg.AssetKey:
    """Asset key of the details of a dataset."""
    return dg.AssetKey([GROUP, dataset])


def _late_mapping(table: ExportTable) -> dg.TimeWindowPartitionMapping | None:
    """A ticket changes for weeks after its month: its details come from later days, too."""
    if table.name != "tickets":
        return None
    return dg.TimeWindowPartitionMapping(end_offset=2, allow_nonexistent_upstream_partitions=True)


def _metadata(details: Details) -> dict[str, int]:
    fates = dict.fromkeys(_FATES.values(), 0)
    for counted in details.fates.values():
        for fate, count in counted.items():
            fates[_FATES[fate]] += count
    return {"dagster/row_count": details.rows, **fates}


def _details_asset(table: ExportTable, partitions: Partitions) -> dg.AssetsDefinition:
    key = details_key(table.name)

    @dg.asset(
        key=key,
        description=f"{table.title}的当前记录：每个编号只留一行，以最新的为准。",
        deps=[dg.AssetDep(export_key(table.name), partition_mapping=_late_mapping(table))],
        partitions_def=partitions.of("yearly" if table.cadence == "yearly" else "monthly"),
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"polars", "parquet"},
        metadata={"dagster/column_schema": column_schema(table.columns)},
        check_specs=[
            dg.AssetCheckSpec(
                "one_row_per_key", asset=key, description="每个编号只留一行，各期都已生成"
            )
        ],
    )
    def details(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        wanted = set(context.partition_keys)
        with step(context, installation):
            plan = DetailsPlan(
                installation.warehouse,
                table.name,
                installation.deadlines,
                memory=installation.memory,
            )
            plan.drop_gone()
            periods = [each for each in plan.periods if each in wanted]
            return build_each(
                context,
                installation,
                periods,
                lambda period: _metadata(plan.build(period)),
                check="one_row_per_key",
                rules=1,
            )

    return details


def details_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each dataset."""
    return [_details_asset(table, partitions) for table in EXPORTS.values()]
