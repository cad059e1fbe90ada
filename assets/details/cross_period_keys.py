"""Keys with rows in more than one period, because a correction moved a row.

Their rows can only be resolved together. What was found is recorded beside the staged rows with the
batches that were searched, so that a night only looks for the keys of new batches. The record may
name too many keys (of rows that have gone), never too few, and can be lost.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from assets.core import (
    PRIVATE_FOLDER,
    Warehouse,
    is_whole,
    make_folder,
    passes,
    scan_whole,
    write_rows,
)
from assets.details.resolve import FATE
from assets.details.rows import batch_paths, rows_with_keys, scan_staged
from assets.exports import DELIVERY, LINE
from schemas.table import ExportTable

PERIOD = "__period"
_BATCHES = "batches"


@dataclass(frozen=True)
class CrossPeriodKeys:
    """The keys of a dataset that have rows in more than one period.

    Attributes:
        keys: key and `__period`, a row for each period that such a key has rows in.
        batches: batches that were searched.
    """

    keys: pl.DataFrame
    batches: frozenset[str]


def read_cross_period_keys(warehouse: Warehouse, table: ExportTable) -> CrossPeriodKeys:
    """The record; empty where it is missing or damaged."""
    schema = {name: table.by_name[name].polars_type for name in table.key} | {PERIOD: pl.String()}
    nothing = CrossPeriodKeys(pl.DataFrame(schema=schema), frozenset())
    path = warehouse.moved(table.name)
    if not is_whole(path):
        return nothing
    try:
        keys = pl.read_parquet(path)
        batches = frozenset(json.loads(pl.read_parquet_metadata(path)[_BATCHES]))
    except (ValueError, KeyError, pl.exceptions.PolarsError):
        return nothing
    return CrossPeriodKeys(keys, batches) if keys.schema == nothing.keys.schema else nothing


def write_cross_period_keys(
    warehouse: Warehouse, table: ExportTable, found: CrossPeriodKeys
) -> None:
    """Record what was found."""
    path = warehouse.moved(table.name)
    make_folder(path.parent, PRIVATE_FOLDER)
    write_rows(path, found.keys, metadata={_BATCHES: json.dumps(sorted(found.batches))})


def find_cross_period_keys(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame, memory: int
) -> CrossPeriodKeys:
    """The keys of the record and of the batches that it has not seen.

    Args:
        warehouse: where staged rows and the record lie.
        table: the dataset.
        files: what `live_files` returns.
        memory: bytes that keys may take: as many of them are searched for at a time.
    """
    known = read_cross_period_keys(warehouse, table)
    live = frozenset(files["batch"])
    if table.period in table.key or live <= known.batches:
        return known
    searched = pl.col("batch").is_in(known.batches)
    new = batch_paths(warehouse, table, files.filter(~searched))
    old = batch_paths(warehouse, table, files.filter(searched))
    count = passes([path for paths in new.values() for path in paths], table.key, memory)
    found = [known.keys]
    for share in range(count):
        in_share = pl.struct(table.key).hash() % count == share
        rows = {
            period: scan_whole(paths).filter(in_share).select(table.key).unique().collect()
            for period, paths in new.items()
        }
        wanted = pl.concat(rows.values()).lazy()
        for period, paths in old.items():
            again = rows_with_keys(scan_whole(paths).select(table.key), wanted, table.key)
            both = [rows[period]] if period in rows else []
            rows[period] = pl.concat([*both, again.collect()]).unique()
        keys = pl.concat(
            own.with_columns(pl.lit(period).alias(PERIOD)) for period, own in rows.items()
        )
        found.append(keys.filter(pl.struct(table.key).is_duplicated()))
    return CrossPeriodKeys(pl.concat(found).unique().sort(pl.all()), live)


def resolve_cross_period_rows(
    warehouse: Warehouse,
    table: ExportTable,
    files: pl.DataFrame,
    keys: pl.DataFrame,
    resolve: Callable[[pl.DataFrame, ExportTable], pl.DataFrame],
) -> pl.DataFrame:
    """Rows of keys of several periods, resolved over all of these periods.

    There are few: a call whose corrected day lies in the next month, a ticket whose acceptance
    changed, a call with legs on both sides of midnight.

    Args:
        warehouse: where staged rows lie.
        table: the dataset.
        files: what `live_files` returns.
        keys: the keys.
        resolve: which row of a key stands.

    Returns:
        Rows as `scan_staged` gives them, with `__period` and `__fate`.
    """
    key = list(table.key)
    live = set(files["periods"].explode().drop_nulls())
    scans = [
        scan_staged(warehouse, table, files, str(period))
        # Pushed down into the Parquet reader: the other columns of most rows are never decoded.
        .filter(pl.col(key[0]).is_in(own[key[0]].unique().implode()))
        .join(own.lazy(), on=key, how="semi")
        .with_columns(pl.lit(str(period)).alias(PERIOD))
        for (period,), own in keys.partition_by(PERIOD, as_dict=True).items()
        if period in live
    ]
    if not scans:
        return pl.DataFrame(
            schema=[*keys.schema.items(), *((each, pl.String()) for each in (FATE, DELIVERY, LINE))]
        )
    rows = pl.concat(scans).collect()
    return resolve(rows.filter(pl.col(PERIOD).n_unique().over(key) > 1), table)
