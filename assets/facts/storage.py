"""Fact files below `built/`: their bytes, their records, and building the files of a table.

A file is named after its content and its record says what it was built from. Bytes depend on the
values alone: rows sorted by the grain, zstd, no time of writing, labels as field metadata.
"""

import hashlib
import io
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assets.core import (
    READ_ONLY_FILE,
    Builds,
    DamagedFile,
    Warehouse,
    code_version,
    fingerprint,
    make_folder,
    open_json,
    present_sha256,
    remove_file,
    sealed_json,
    write_bytes,
)
from schemas.table import FactTable, arrow_schema


@dataclass(frozen=True)
class FactRecord:
    """Record of one fact file.

    Attributes:
        table: fact table.
        month: YYYY-MM, or YYYY for a yearly table; empty for a table that is one file.
        fingerprint: of everything it was built from.
        sha256: of the file.
        rows: number of rows.
        size: bytes.
        as_of: moment as of which the figures are stated, ISO.
        examined: number of detail rows that went in.
        absent: as for `arrow_schema`.
    """

    table: str
    month: str
    fingerprint: str
    sha256: str
    rows: int
    size: int
    as_of: str
    examined: int
    absent: dict[str, str] = field(default_factory=dict, hash=False)


def fact_table(
    rows: pl.DataFrame, table: FactTable, absent: Mapping[str, str] | None = None
) -> pa.Table:
    """Rows in the published form: declared columns, types and labels, sorted by the grain.

    Args:
        rows: the rows.
        table: their table.
        absent: as for `arrow_schema`.

    Raises:
        ValueError: a value is missing where the declaration requires one.
    """
    absent = absent or {}
    ordered = rows.sort(table.grain).select(
        pl.col(column.name).cast(column.polars_type) for column in table.columns
    )
    for column in table.columns:
        if column.required and column.name not in absent and ordered[column.name].null_count():
            raise ValueError(f"{table.name}.{column.name} is empty in a row")
    # Not the cast of a table: that loads all of pyarrow.compute, a twentieth of a second.
    return ordered.to_arrow().to_reader().cast(arrow_schema(table, absent)).read_all()


def parquet_bytes(
    rows: pl.DataFrame, table: FactTable, absent: Mapping[str, str] | None = None
) -> bytes:
    """The published file; `absent` as for `arrow_schema`."""
    buffer = io.BytesIO()
    pq.write_table(fact_table(rows, table, absent), buffer, compression="zstd", store_schema=True)
    return buffer.getvalue()


def built_path(warehouse: Warehouse, built: FactRecord) -> Path:
    """Where the file of a record lies."""
    name = f"{built.month or 'all'}.{built.sha256[:16]}.parquet"
    return warehouse.built(built.table) / name


def intact_path(warehouse: Warehouse, built: FactRecord) -> Path:
    """Where the file of a record lies; raises DamagedFile where it is not as it was recorded."""
    path = built_path(warehouse, built)
    if present_sha256(path) != built.sha256:
        raise DamagedFile(path)
    return path


def read_record(warehouse: Warehouse, table: str, month: str) -> FactRecord | None:
    """The record of a month's fact file; None where it was never built.

    A record is also None where it is damaged, of another version of the program, or without file.
    """
    try:
        content = (warehouse.built(table) / f"{month or 'all'}.json").read_bytes()
        built = FactRecord(**open_json(content))
    except (FileNotFoundError, IsADirectoryError, TypeError, ValueError):
        return None
    return built if built_path(warehouse, built).exists() else None


def records(warehouse: Warehouse, table: str, within: str = "") -> list[FactRecord]:
    """Records of the fact files of a table, in order of month.

    Args:
        warehouse: where everything lies.
        table: fact table.
        within: what the wanted months begin with, such as a year; empty for all there are.
    """
    names = sorted(path.stem for path in warehouse.built(table).glob(f"{within}*.json"))
    found = (read_record(warehouse, table, "" if name == "all" else name) for name in names)
    return [built for built in found if built]


class FactBuilds(Builds[FactRecord]):
    """The files of one published table.

    Args:
        warehouse: where everything lies.
        table: the published table.
    """

    # Packages whose code decides what the rows are.
    code: ClassVar[tuple[str, ...]] = ("schemas", "assets.facts")

    def __init__(self, warehouse: Warehouse, table: FactTable) -> None:
        super().__init__(warehouse.built(table.name))
        self.warehouse = warehouse
        self.table = table

    @abstractmethod
    def inputs(self, period: str) -> object:
        """Everything but the code that decides the rows of a period; JSON-able."""

    @abstractmethod
    def rows(self, period: str) -> pl.DataFrame:
        """Compute the rows of a period."""

    def as_of(self, period: str) -> str:
        """Moment as of which a period is stated, ISO; empty where there is none."""
        return ""

    def examined(self, period: str) -> int:
        """Number of detail rows that go in."""
        return 0

    def lacking(self, period: str) -> str:
        """Why columns of a period may be empty that the contract fills, in Chinese; as a rule "".

        The platform does not have what they are made of.
        """
        return ""

    def expected(self, period: str) -> str:
        """Fingerprint of the code and the inputs."""
        return fingerprint(code_version(*self.code), self.inputs(period))

    def record(self, period: str) -> FactRecord | None:
        """The record of a period's file."""
        return read_record(self.warehouse, self.table.name, period)

    def files(self, period: str) -> list[Path]:
        """The file of a period and its record."""
        built = self.record(period)
        return [self._record_path(period), built_path(self.warehouse, built)] if built else []

    def _record_path(self, period: str) -> Path:
        return self.folder / f"{period or 'all'}.json"

    def build(self, period: str) -> FactRecord:
        """Write the file of a period, then the record that makes it the one to publish."""
        rows = self.rows(period)
        why = self.lacking(period)
        empty = [name for name in rows.columns if why and rows[name].has_nulls()]
        required = {column.name for column in self.table.columns if column.required}
        absent = {name: why for name in empty if name in required}
        content = parquet_bytes(rows, self.table, absent)
        built = FactRecord(
            table=self.table.name,
            month=period,
            fingerprint=self.expected(period),
            sha256=hashlib.sha256(content).hexdigest(),
            rows=rows.height,
            size=len(content),
            as_of=self.as_of(period),
            examined=self.examined(period),
            absent=absent,
        )
        target = built_path(self.warehouse, built)
        make_folder(self.folder)
        # Releases are further names of this file: nobody should edit it by accident.
        write_bytes(target, content, mode=READ_ONLY_FILE)
        write_bytes(self._record_path(period), sealed_json(asdict(built)).encode())
        for old in self.folder.glob(f"{period or 'all'}.*.parquet"):
            if old != target:
                remove_file(old)
        return built

    def is_intact(self, built: FactRecord) -> bool:
        """Whether the bytes of a file are those recorded."""
        return present_sha256(built_path(self.warehouse, built)) == built.sha256

    def repair(self, period: str) -> FactRecord | None:
        """The record of a period, built again where the file's bytes are not those recorded."""
        built = self.record(period)
        return built if built is None or self.is_intact(built) else self.build(period)

    def read(self, period: str) -> pl.DataFrame | None:
        """The rows of a period as they were built; None where it was not."""
        built = self.repair(period)
        return pl.read_parquet(built_path(self.warehouse, built)) if built else None


class FactTables:
    """Several published tables, each named in the questions about it.

    Args:
        tables: the files of each, in the order in which they must be built.
    """

    def __init__(self, tables: Mapping[str, FactBuilds]) -> None:
        self.tables = tables

    def months(self, table: str) -> list[str]:
        """Months (or years) that a table should have a file for."""
        return list(self.tables[table].periods)

    def stale(self, table: str) -> list[str]:
        """Months (or years) whose file is not built from what it should be."""
        return self.tables[table].stale()

    def delete_orphans(self, table: str) -> None:
        """Delete files that nothing calls for any more, or that no record names."""
        self.tables[table].delete_orphans()

    def build(self, table: str, month: str) -> FactRecord:
        """Build the file of a month (or year)."""
        return self.tables[table].build(month)

    def repair(self, table: str, month: str) -> FactRecord | None:
        """Build a file again where its bytes are no longer those recorded."""
        return self.tables[table].repair(month)
