"""Read the staged rows that the ledger names, with the precedence of their files.

Belongs here: which staged rows exist, by period, and which keys stand in more than one period.
"""

from collections.abc import Iterable

import polars as pl

from assets.details.resolve import RANK
from assets.exports.ledger import TAKEN, read_ledger
from assets.warehouse import Warehouse
from schemas.tables import ExportTable

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
    batches = named["batch"].unique().sort()
    paths = [warehouse.staged(table.name, period) / f"{batch}.parquet" for batch in batches]
    return (
        pl.scan_parquet(paths)
        .join(
            named.lazy().select(
                pl.col("delivery").alias("__delivery"), pl.col("batch").alias("__batch"), RANK
            ),
            on=["__delivery", "__batch"],
        )
        .select(*table.stored_columns, "__delivery", "__line", RANK)
    )


def moved_rows(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame, periods: Iterable[str]
) -> pl.DataFrame:
    """Rows of the keys that stand in more than one period: a correction moved them.

    They can only be resolved together, whatever period each is in. There are few: a file that
    corrects the day of a call across the end of a month, a ticket whose acceptance changed.

    Returns:
        Rows as `scan_period` gives them, with `__period`.
    """
    key = list(table.key)
    if table.period in key:
        return pl.DataFrame(schema={name: pl.String for name in (*key, PERIOD)})
    scans = {period: scan_period(warehouse, table, files, period) for period in periods}
    if len(scans) < 2:
        return pl.DataFrame(schema={name: pl.String for name in (*key, PERIOD)})
    keys = pl.concat(
        [scan.select(*key).unique().with_columns(n=pl.lit(1)) for scan in scans.values()]
    )
    moved = keys.group_by(key).len().filter(pl.col("len") > 1).select(key).collect()
    if not moved.height:
        return pl.DataFrame(schema={name: pl.String for name in (*key, PERIOD)})
    return pl.concat(
        [
            scan.join(moved.lazy(), on=key, how="semi").with_columns(pl.lit(period).alias(PERIOD))
            for period, scan in scans.items()
        ]
    ).collect()
