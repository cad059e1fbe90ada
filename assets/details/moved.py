"""Keys that stand in more than one period: a correction moved them.

Belongs here: finding them without holding all keys. What was found is kept beside the staged rows
with the batches that it was sought in: only the keys of new batches are looked for, while those of
the old ones stream past. The record may name too many keys (rows that have gone),
never too few, and can be lost.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    make_folder,
    shares,
    write_atomically,
)
from assets.details.staged import PERIOD, batch_paths, scan_period
from schemas.table import ExportTable

_BATCHES = "batches"
_NUMBER = "__number"


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
        memory: bytes that what is known of keys may take.
    """
    known = read_moved(warehouse, table)
    live = frozenset(files["batch"])
    if table.period in table.key or live <= known.batches:
        return known
    new = batch_paths(warehouse, table, files.filter(~pl.col("batch").is_in(known.batches)))
    old = batch_paths(warehouse, table, files.filter(pl.col("batch").is_in(known.batches)))
    if not new:
        return Moved(known.keys, live)
    near = _near(new, table.key[0])
    several = _in_several(new, old, table.key, near, memory)
    if not several.height:
        return Moved(known.keys, live)
    # One period after the other: side by side they would hold the keys of a year.
    stands = [
        _numbered([*new.get(period, []), *old.get(period, [])], table.key)
        .filter(near)
        .join(several.lazy(), on=_NUMBER, how="semi")
        .select(*table.key, pl.lit(period).alias(PERIOD))
        .unique()
        .collect()
        for period in sorted({*new, *old})
    ]
    found = pl.concat(stands).filter(pl.len().over(table.key) > 1)
    return Moved(pl.concat([known.keys, found]).unique().sort(pl.all()), live)


def _numbered(paths: list[Path], key: tuple[str, ...]) -> pl.LazyFrame:
    """The keys of some rows, each with a number that stands for it.

    Two keys may have the same one: both are then looked at, and found to stand where they stood.
    """
    return pl.scan_parquet(paths).select(*key, pl.struct(key).hash().alias(_NUMBER))


def _near(files: Mapping[str, list[Path]], name: str) -> pl.Expr:
    """Whether a row's key lies between the first and the last of some files.

    Files state between which keys theirs lie: where ids begin with a date, most of history is
    passed over.
    """
    paths = [path for each in files.values() for path in each]
    first, last = pl.col(name).min().alias("first"), pl.col(name).max().alias("last")
    ends = pl.scan_parquet(paths).select(first, last).collect()
    return pl.col(name).is_between(pl.lit(ends["first"].item()), pl.lit(ends["last"].item()))


def _in_several(
    new: Mapping[str, list[Path]],
    old: Mapping[str, list[Path]],
    key: tuple[str, ...],
    near: pl.Expr,
    memory: int,
) -> pl.DataFrame:
    """Numbers of keys of new rows that stand in several periods.

    Args:
        new: period -> files of new rows.
        old: the same of the others, which stream past.
        key: columns of the key.
        near: which of the others may have a key of new rows.
        memory: bytes that numbers may take: a share of them is looked at at a time.
    """
    count = shares([path for each in new.values() for path in each], memory)
    found = []
    for share in range(count):
        own = pl.col(_NUMBER) % count == share
        stands = {
            period: _numbered(files, key).filter(own).select(_NUMBER).unique().collect()
            for period, files in new.items()
        }
        sought = pl.concat(stands.values()).lazy()
        for period, files in old.items():
            rows = _numbered(files, key).filter(near, own).select(_NUMBER)
            more = rows.join(sought, on=_NUMBER, how="semi").collect()
            stands[period] = pl.concat([stands.get(period, more.clear()), more]).unique()
        numbers = pl.concat(stands.values()).sort(_NUMBER)
        found.append(numbers.filter(pl.col(_NUMBER) == pl.col(_NUMBER).shift()).unique())
    return pl.concat(found)


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
