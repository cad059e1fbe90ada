"""Read the staged rows that the ledger names, with the precedence of their files.

Belongs here: which staged rows exist, by period.
"""

from pathlib import Path

import polars as pl

from assets.core import Warehouse
from assets.details.resolve import RANK
from assets.exports import TAKEN, read_ledger
from schemas.table import ExportTable

PERIOD = "__period"


def live_files(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """Files that were taken, in order of precedence.

    Returns:
        The ledger's rows with `__rank`: later export date, then later name, path, generation.
    """
    name = pl.col("path").str.split("/").list.last()
    return (
        read_ledger(warehouse, dataset)
        .filter(state=TAKEN)
        .sort("export_date", name, "path", "generation")
        .with_row_index(RANK)
        .with_columns(pl.col(RANK).cast(pl.Int64))
    )


def batch_paths(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame
) -> dict[str, list[Path]]:
    """Period -> files of staged rows, which may hold rows of other deliveries, too."""
    named = files.select("batch", period="periods").explode("period").drop_nulls().unique()
    paths: dict[str, list[Path]] = {}
    for batch, period in named.sort("batch").rows():
        path = warehouse.staged(table.name, period) / f"{batch}.parquet"
        paths.setdefault(period, []).append(path)
    return paths


def scan_period(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame, period: str
) -> pl.LazyFrame:
    """Staged rows of a period: stored columns, `__delivery`, `__line`, `__rank`.

    Args:
        warehouse: where they lie.
        table: the dataset.
        files: what `live_files` returns.
        period: month or year.
    """
    named = files.filter(pl.col("periods").list.contains(period))
    return (
        pl.scan_parquet(batch_paths(warehouse, table, named)[period])
        .join(
            named.lazy().select(
                pl.col("delivery").alias("__delivery"), pl.col("batch").alias("__batch"), RANK
            ),
            on=["__delivery", "__batch"],
        )
        .select(*table.stored_columns, "__delivery", "__line", RANK)
    )
