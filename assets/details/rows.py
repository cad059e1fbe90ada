"""Rows on their way in and out: staged rows are read, details are written.

Parquet statistics decide what is read at all, so both sides of that are here: which columns get
them, and how rows are looked up by their key.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assets.core import SEAL, Warehouse, scan_whole
from assets.deadlines import DEADLINE
from assets.details.legs import LEGS
from assets.details.resolve import RANK
from assets.exports import DELIVERY, LINE, TAKEN, read_ledger
from schemas import EXPORTS
from schemas.table import ExportTable
from schemas.wall_clock import TIME_ZONE

# Key of the Parquet footer that holds the summary of a details file.
META = "hotline"
# Small enough that a reader of one range of keys can skip the others.
_ROW_GROUP = 1 << 18
_RECURRING = [DELIVERY, DEADLINE]


def live_files(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """Deliveries in force, in order of precedence.

    Returns:
        The ledger's rows with `__rank`: later export date, then later name.
    """
    return (
        read_ledger(warehouse, dataset)
        .filter(state=TAKEN)
        .sort("export_date", "order_name", "content")
        .with_row_index(RANK)
        .with_columns(pl.col(RANK).cast(pl.Int64))
    )


def has_legs(files: pl.DataFrame) -> bool:
    """Whether rows of one id are legs of one call in these files, as their profile says."""
    return "legs" in _stated(files, "same_id")


def zone_of(files: pl.DataFrame) -> str:
    """Zone of the days of these files, as their profile says."""
    return next(iter(_stated(files, "time_zone")), TIME_ZONE)


def _stated(files: pl.DataFrame, statement: str) -> list[str]:
    return files["detail"].str.json_path_match(f"$.{statement}").drop_nulls().unique().to_list()


def batch_paths(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame
) -> dict[str, list[Path]]:
    """Period -> files of staged rows; a batch may hold rows of other deliveries, too."""
    named = files.select("batch", period="periods").explode("period").drop_nulls().unique()
    paths: dict[str, list[Path]] = {}
    for batch, period in named.sort("batch").rows():
        path = warehouse.staged(table.name, period) / f"{batch}.parquet"
        paths.setdefault(period, []).append(path)
    return paths


def scan_staged(
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
    ranks = named.lazy().select(
        pl.col("delivery").alias(DELIVERY), pl.col("batch").alias("__batch"), RANK
    )
    return (
        scan_whole(batch_paths(warehouse, table, named)[period])
        .join(ranks, on=[DELIVERY, "__batch"])
        .select(*table.stored_columns, DELIVERY, LINE, RANK)
    )


def rows_with_keys(rows: pl.LazyFrame, wanted: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """Rows whose key is among the wanted ones, which stay in memory while the rows stream past.

    Where ids begin with a date, Parquet statistics skip whole months.
    """
    first = pl.col(key[0])
    ends = wanted.select(first=first.min(), last=first.max()).collect()
    near = first.is_between(pl.lit(ends["first"].item()), pl.lit(ends["last"].item()))
    return rows.filter(near).join(wanted.select(key), on=key, how="semi")


def details_schema(dataset: str) -> dict[str, pl.DataType]:
    """Columns of a details file, except those that say where a row came from."""
    schema = {column.stored_name: column.detail_type for column in EXPORTS[dataset].columns}
    if dataset == "calls":
        schema |= LEGS
    if dataset == "tickets":
        schema[DEADLINE] = pl.Datetime("us", TIME_ZONE)
    return schema


def write_details(
    file: IO[bytes], table: ExportTable, parts: Iterable[pl.DataFrame], footer: Callable[[], str]
) -> None:
    """Write the rows of a period, part by part.

    Args:
        file: open for writing.
        table: the dataset.
        parts: rows in order of the key; each part is made once the one before is written.
        footer: gives the text of the footer, asked for after the last part.
    """
    schema = details_schema(table.name) | {DELIVERY: pl.String(), LINE: pl.Int64()}
    arrow: pa.Schema = pl.DataFrame(schema=schema).to_arrow().schema
    with pq.ParquetWriter(
        file,
        arrow,
        compression="zstd",
        # Only columns whose values recur: a dictionary of others costs time and saves nothing.
        use_dictionary=[name for name, of in schema.items() if of == pl.Categorical] + _RECURRING,
        write_statistics=[*table.key, table.period],
        column_encoding={
            name: "DELTA_BINARY_PACKED"
            for name, of in schema.items()
            if name not in _RECURRING and (of == pl.Datetime or of.is_integer())
        },
    ) as writer:
        for part in parts:
            rows = part.select(pl.col(name).cast(of) for name, of in schema.items())
            for group in rows.iter_slices(_ROW_GROUP):
                writer.write_table(group.to_arrow().cast(arrow))
        writer.add_key_value_metadata({META: footer(), **SEAL})
