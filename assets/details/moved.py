"""Keys that stand in more than one period: a correction moved them.

Belongs here: finding them without holding all keys. What was found is kept beside the staged rows
with the batches that it was sought in: only the keys of new batches are looked for, range by range,
while those of the old ones stream past. The record may name too many keys (rows that have gone),
never too few, and can be lost.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.details.ranges import key_ranges
from assets.details.staged import PERIOD, batch_paths, scan_period
from assets.files import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, write_atomically
from assets.memory import passes
from assets.warehouse import Warehouse
from schemas.tables import ExportTable

_BATCHES = "batches"


@dataclass(frozen=True)
class Moved:
    """What is known of moved keys.

    Attributes:
        keys: key and `__period`, a row for each period that a moved key stands in.
        batches: batches whose rows were looked at.
    """

    keys: pl.DataFrame
    batches: frozenset[str]


def read_moved(warehouse: Warehouse, table: ExportTable) -> Moved:
    """What was found before; nothing where the record is missing or damaged."""
    schema = {name: table.by_name[name].polars_type for name in table.key} | {PERIOD: pl.String()}
    nothing = Moved(pl.DataFrame(schema=schema), frozenset())
    path = warehouse.moved(table.name)
    if not path.exists():
        return nothing
    try:
        keys = pl.read_parquet(path)
        batches = frozenset(json.loads(pl.read_parquet_metadata(path)[_BATCHES]))
    except (ValueError, KeyError, pl.exceptions.ComputeError):
        return nothing
    return Moved(keys, batches) if keys.schema == nothing.keys.schema else nothing


def keep_moved(warehouse: Warehouse, table: ExportTable, moved: Moved) -> None:
    """Remember what was found."""
    metadata = {_BATCHES: json.dumps(sorted(moved.batches))}
    path = warehouse.moved(table.name)
    make_folder(path.parent, PRIVATE_FOLDER)
    write_atomically(
        path,
        lambda file: moved.keys.write_parquet(file, metadata=metadata),
        mode=PRIVATE_FILE,
    )


def find_moved(warehouse: Warehouse, table: ExportTable, files: pl.DataFrame, memory: int) -> Moved:
    """Bring what is known up to date.

    Args:
        warehouse: where staged rows and the record lie.
        table: the dataset.
        files: what `live_files` returns.
        memory: bytes that the keys of a range may take.
    """
    known = read_moved(warehouse, table)
    live = frozenset(files["batch"])
    if table.period in table.key or live <= known.batches:
        return known
    key = list(table.key)
    new = batch_paths(warehouse, table, files.filter(~pl.col("batch").is_in(known.batches)))
    old = batch_paths(warehouse, table, files.filter(pl.col("batch").is_in(known.batches)))
    paths = [path for each in new.values() for path in each]
    found = [known.keys]
    if paths:
        rows = pl.scan_parquet(paths)
        for part in key_ranges(rows, table, passes(paths, key, memory)):
            # One period after the other, so that no key is held twice.
            own = [_keys(key, period, new[period], part) for period in sorted(new)]
            sought = pl.concat(own).select(key).unique()
            first, last = (pl.lit(each) for each in (sought[key[0]].min(), sought[key[0]].max()))
            near = pl.col(key[0]).is_between(first, last)
            elsewhere = [
                _keys(key, period, old[period], near, among=sought) for period in sorted(old)
            ]
            stands = pl.concat([*own, *elsewhere]).unique()
            found.append(stands.filter(pl.len().over(key) > 1))
    keys = pl.concat(found).unique().sort(pl.all())
    return Moved(keys, live)


def moved_rows(
    warehouse: Warehouse, table: ExportTable, files: pl.DataFrame, moved: Moved
) -> pl.DataFrame:
    """Rows of the moved keys, which can only be resolved together.

    There are few: a file that corrects the day of a call across the end of a month, a ticket whose
    acceptance changed.

    Returns:
        Rows as `scan_period` gives them, with `__period`.
    """
    key = list(table.key)
    live = set(files["periods"].explode().drop_nulls())
    scans = [
        scan_period(warehouse, table, files, str(period))
        # Decides early which rows are decoded at all.
        .filter(pl.col(key[0]).is_in(own[key[0]].unique().implode()))
        .join(own.lazy(), on=key, how="semi")
        .with_columns(pl.lit(str(period)).alias(PERIOD))
        for (period,), own in moved.keys.partition_by(PERIOD, as_dict=True).items()
        if period in live
    ]
    if not scans:
        return pl.DataFrame(schema=moved.keys.schema)
    rows = pl.concat(scans).collect()
    return rows.filter(pl.col(PERIOD).n_unique().over(key) > 1)


def _keys(
    key: list[str],
    period: str,
    paths: list[Path],
    part: pl.Expr,
    *,
    among: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Different keys of a period that meet a condition, with the period."""
    rows = pl.scan_parquet(paths).filter(part).select(key)
    if among is not None:
        rows = rows.join(among.lazy(), on=key, how="semi")
    return rows.unique().with_columns(pl.lit(period).alias(PERIOD)).collect()
