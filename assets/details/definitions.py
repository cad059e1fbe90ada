"""Details as Dagster assets, and the asset that every table built period by period becomes.

A period that cannot be built does not stop the others: it is named in the failed run, stays stale
and closes the gate of the release.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import dagster as dg

from assets.core import Builds, Record
from assets.details.build import DetailsPlan
from assets.details.resolve import ACCEPTED, DUPLICATE, QUARANTINED, SUPERSEDED
from assets.details.summary import DetailsSummary
from assets.exports.definitions import export_key
from assets.graph import Partitions, build_each, column_schema, warehouse_step
from assets.installation import Installation
from schemas import EXPORTS
from schemas.fields import Column
from schemas.table import ExportTable

GROUP = "details"
R = TypeVar("R", bound=Record)
_FATES = {
    ACCEPTED: "入库行数",
    DUPLICATE: "重复行数",
    SUPERSEDED: "被取代行数",
    QUARANTINED: "隔离行数",
}


def table_asset(
    key: dg.AssetKey,
    *,
    description: str,
    columns: tuple[Column, ...],
    deps: Iterable[dg.AssetKey | dg.AssetDep],
    partitions: dg.PartitionsDefinition,
    builds: Callable[[Installation], Builds[R]],
    metadata: Callable[[R], Mapping[str, int | str]],
    check: tuple[str, str],
    rules: int,
) -> dg.AssetsDefinition:
    """The asset of a table that is built period by period.

    Args:
        key: of the asset.
        description: of the asset, in Chinese.
        columns: of the table.
        deps: what it is built from.
        partitions: the periods.
        builds: gives the files that should exist.
        metadata: what a period's record says, for the materialization.
        check: name and description of the check that all periods are built.
        rules: rules evaluated for each period.
    """
    name, title = check

    @dg.asset(
        key=key,
        description=description,
        deps=deps,
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"polars", "parquet"},
        metadata={"dagster/column_schema": column_schema(columns)},
        check_specs=[dg.AssetCheckSpec(name, asset=key, description=title)],
    )
    def table(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        wanted = set(context.partition_keys)
        with warehouse_step(context, installation):
            files = builds(installation)
            files.delete_orphans()
            return build_each(
                context,
                installation,
                [each for each in files.periods if each in wanted],
                lambda period: metadata(files.build(period)),
                check=name,
                rules=rules,
            )

    return table


def details_key(dataset: str) -> dg.AssetKey:
    """Asset key of the details of a dataset."""
    return dg.AssetKey([GROUP, dataset])


def _metadata(details: DetailsSummary) -> dict[str, int | str]:
    fates = dict.fromkeys(_FATES.values(), 0)
    for counted in details.fates.values():
        for fate, count in counted.items():
            fates[_FATES[fate]] += count
    return {"dagster/row_count": details.rows, **fates}


def _details_asset(table: ExportTable, partitions: Partitions) -> dg.AssetsDefinition:
    # A ticket changes for weeks after its month: its details come from later days, too.
    later = dg.TimeWindowPartitionMapping(end_offset=2, allow_nonexistent_upstream_partitions=True)
    mapping = later if table.name == "tickets" else None
    return table_asset(
        details_key(table.name),
        description=f"{table.title}的当前记录：每个编号只留一行，以最新的为准。",
        columns=table.columns,
        deps=[dg.AssetDep(export_key(table.name), partition_mapping=mapping)],
        partitions=partitions.of("yearly" if table.cadence == "yearly" else "monthly"),
        builds=lambda installation: DetailsPlan(
            installation.warehouse,
            table.name,
            installation.deadlines,
            memory=installation.memory,
        ),
        metadata=_metadata,
        check=("one_row_per_key", "每个编号只留一行，各期都已生成"),
        rules=1,
    )


def details_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each dataset."""
    return [_details_asset(table, partitions) for table in EXPORTS.values()]
