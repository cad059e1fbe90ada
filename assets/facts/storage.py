"""Write a fact file and remember what it was built from.

Belongs here: the content-named Parquet files below `built/` and their records. Bytes depend on the
values alone: rows sorted by the grain, zstd, no time of writing, labels as field metadata.
"""

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assets.core import (
    READ_ONLY_FILE,
    Warehouse,
    make_folder,
    remove_file,
    sync_folder,
    write_bytes,
)
from assets.facts.order import sort_keys
from schemas.table import FactTable, arrow_schema


@dataclass(frozen=True)
class Built:
    """Record of one fact file.

    Attributes:
        table: fact table.
        month: YYYY-MM; empty for a table that is one file.
        fingerprint: of everything it was built from.
        sha256: of the file.
        rows: number of rows.
        size: bytes.
        as_of: moment as of which the figures are stated, ISO.
        examined: number of detail rows that went in.
    """

    table: str
    month: str
    fingerprint: str
    sha256: str
    rows: int
    size: int
    as_of: str
    examined: int


def fact_table(rows: pl.DataFrame, table: FactTable) -> pa.Table:
    """Rows in the published form: declared columns, types and labels, sorted by the grain.

    Raises:
        ValueError: a value is missing where the declaration requires one.
    """
    ordered = rows.sort(sort_keys(rows, table.grain)).select(
        pl.col(column.name).cast(column.polars_type) for column in table.columns
    )
    for column in table.columns:
        if column.required and ordered[column.name].null_count():
            raise ValueError(f"{table.name}.{column.name} is empty in a row")
    # Not the cast of a table: that loads all of pyarrow.compute, a twentieth of a second.
    return ordered.to_arrow().to_reader().cast(arrow_schema(table)).read_all()


def parquet_bytes(rows: pl.DataFrame, table: FactTable) -> bytes:
    """The published file."""
    buffer = io.BytesIO()
    pq.write_table(fact_table(rows, table), buffer, compression="zstd", store_schema=True)
    return buffer.getvalue()


def read_record(warehouse: Warehouse, table: str, month: str) -> Built | None:
    """The record of a month's fact file, or None where it was never built."""
    path = warehouse.built(table) / f"{month or 'all'}.json"
    return _record(warehouse, path) if path.exists() else None


def records(warehouse: Warehouse, table: str, within: str = "") -> list[Built]:
    """Records of the fact files of a table, in order of month.

    Args:
        warehouse: where everything lies.
        table: fact table.
        within: what the wanted months begin with, such as a year; empty for all there are.
    """
    paths = sorted(warehouse.built(table).glob(f"{within}*.json"))
    return [built for path in paths if (built := _record(warehouse, path)) is not None]


def _record(warehouse: Warehouse, path: Path) -> Built | None:
    """A record, unless it is damaged, of another version of the program, or without its file."""
    try:
        built = Built(**json.loads(path.read_bytes()))
    except (TypeError, ValueError):
        return None
    return built if built_path(warehouse, built).exists() else None


def built_path(warehouse: Warehouse, built: Built) -> Path:
    """Where the file of a record lies."""
    name = f"{built.month or 'all'}.{built.sha256[:16]}.parquet"
    return warehouse.built(built.table) / name


def store(
    warehouse: Warehouse,
    table: FactTable,
    month: str,
    rows: pl.DataFrame,
    *,
    fingerprint: str,
    as_of: str,
    examined: int,
) -> Built:
    """Write a fact file, then the record that makes it the one to publish."""
    content = parquet_bytes(rows, table)
    built = Built(
        table=table.name,
        month=month,
        fingerprint=fingerprint,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=rows.height,
        size=len(content),
        as_of=as_of,
        examined=examined,
    )
    folder = warehouse.built(table.name)
    make_folder(folder)
    target = built_path(warehouse, built)
    # Releases are further names of this file: nobody should edit it by accident.
    write_bytes(target, content, mode=READ_ONLY_FILE)
    write_bytes(
        folder / f"{month or 'all'}.json", json.dumps(asdict(built), sort_keys=True).encode()
    )
    for old in folder.glob(f"{month or 'all'}.*.parquet"):
        if old != target:
            remove_file(old)
    return built


def drop_gone(warehouse: Warehouse, table: str, months: Iterable[str]) -> None:
    """Remove the files of a table that nothing calls for any more.

    Args:
        warehouse: where everything lies.
        table: fact table.
        months: those that it should have a file for.
    """
    wanted = set(months)
    found = records(warehouse, table)
    folder = warehouse.built(table)
    for built in found:
        if built.month not in wanted:
            remove_file(folder / f"{built.month}.json")
    # Also what a process left that died between a file and its record.
    kept = {built_path(warehouse, built) for built in found if built.month in wanted}
    gone = [path for path in folder.glob("*.parquet") if path not in kept]
    for path in gone:
        remove_file(path)
    if gone:
        sync_folder(folder)
