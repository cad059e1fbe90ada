"""The nine exports as Dagster assets: days, months or years that arrived, were checked and staged.

A partition is materialized when a file of its date was ingested; a day without a file stays
missing, and that is what the operator should see.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.exports.deliveries import REFUSED, TAKEN, drift_sentences, merge_drift, refusal_sentence
from assets.exports.stage import ingest_dataset
from assets.graph import Partitions, column_schema, warehouse_step
from assets.installation import Installation
from schemas import EXPORTS
from schemas.table import ExportTable, rule_sentences

GROUP = "exports"


def export_key(dataset: str) -> dg.AssetKey:
    """Asset key of an export."""
    return dg.AssetKey([GROUP, dataset])


def _events(outcomes: pl.DataFrame, table: ExportTable) -> Iterator[dg.AssetMaterialization]:
    """One materialization for each date of which a file was ingested."""
    taken = (
        outcomes.filter(state=TAKEN)
        .group_by("export_date")
        .agg(pl.len().alias("files"), pl.col("read", "quarantined", "clipped").sum(), "detail")
    )
    for row in taken.sort("export_date").iter_rows(named=True):
        yield dg.AssetMaterialization(
            export_key(table.name),
            partition=Partitions.key(table.cadence, row["export_date"]),
            metadata={
                "dagster/row_count": row["read"] - row["quarantined"],
                "文件数": row["files"],
                "读取行数": row["read"],
                "隔离行数": row["quarantined"],
                "时钟修正行数": row["clipped"],
                "提示": "\n".join(drift_sentences(merge_drift(row["detail"]))) or "无",
            },
        )


def _checks(outcomes: pl.DataFrame, table: ExportTable) -> Iterator[dg.AssetCheckResult]:
    taken, refused = outcomes.filter(state=TAKEN), outcomes.filter(state=REFUSED)
    read, quarantined = int(taken["read"].sum()), int(taken["quarantined"].sum())
    yield dg.AssetCheckResult(
        asset_key=export_key(table.name),
        check_name="rows_accepted",
        passed=True if not taken.height else quarantined < max(read, 1),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "检查行数": read,
            "规则数": len(rule_sentences(table)),
            "隔离行数": quarantined,
        },
    )
    refusals = [" ".join(refusal_sentence(row)) for row in refused.iter_rows(named=True)]
    yield dg.AssetCheckResult(
        asset_key=export_key(table.name),
        check_name="files_taken",
        passed=not refusals,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "检查文件数": outcomes.height,
            "拒收文件数": refused.height,
            "拒收原因": "\n".join(refusals[:50]) or "无",
        },
    )


def _export_asset(table: ExportTable, partitions: Partitions) -> dg.AssetsDefinition:
    @dg.asset(
        key=export_key(table.name),
        description=f"{table.title}：{table.zh}接收导出文件，逐行检查，合格的入库，不合格的隔离。",
        partitions_def=partitions.of(table.cadence),
        backfill_policy=dg.BackfillPolicy.single_run(),
        # Only the dates that arrived are materialized, by the events below.
        output_required=False,
        kinds={"polars", "pandera"},
        metadata={"dagster/column_schema": column_schema(table.columns)},
        check_specs=[
            dg.AssetCheckSpec(
                "rows_accepted",
                asset=export_key(table.name),
                description="收到的文件里有合格的行；不合格的行已隔离，见“隔离行数”",
            ),
            dg.AssetCheckSpec(
                "files_taken",
                asset=export_key(table.name),
                description="最近一次接收的文件没有整个拒收的",
            ),
        ],
    )
    def export(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[dg.AssetCheckResult]:
        keys = set(context.partition_keys)
        with warehouse_step(context, installation):
            result = ingest_dataset(
                installation, table.name, lambda day: Partitions.key(table.cadence, day) in keys
            )
            for event in _events(result.outcomes, table):
                context.log_event(event)
            if result.broken is not None:
                raise result.broken
        yield from _checks(result.outcomes, table)

    return export


def export_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each dataset."""
    return [_export_asset(table, partitions) for table in EXPORTS.values()]
