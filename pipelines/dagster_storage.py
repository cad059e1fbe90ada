"""Dagster's SQLite storages with connections that stay open, named in dagster.yaml.

The stock ones compile their SQL for every query, ask Alembic for the revision of every file, and
wait for the disk at every commit: 2 to 3 s of a night, 15 s of a year. Here a power cut can take
the last events and leaves the files sound. A test fails when Dagster's minor version changes.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import Pool, QueuePool, StaticPool

_Data = ConfigurableClassData | None


def has_tables(path: Path) -> bool:
    """Whether a file is there and complete: its revision is the last that is written."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=SQLITE_BUSY_TIMEOUT_SECONDS)) as file:
        named = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        found = file.execute(named).fetchone()
        return bool(found and file.execute("SELECT 1 FROM alembic_version").fetchone())


def _copy_tables(source: Path, target: Path) -> None:
    """Make a new file with the tables, the revision and the mode of another, and no rows."""
    with closing(sqlite3.connect(source)) as known, closing(sqlite3.connect(target)) as file:
        made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        statements = ";".join(sql for (sql,) in known.execute(made))
        revision = known.execute("SELECT version_num FROM alembic_version").fetchone()
        file.executescript(f"PRAGMA journal_mode=WAL; BEGIN; {statements};")
        file.execute("INSERT INTO alembic_version VALUES (?)", revision)
        file.commit()


def _engine(url: str, pool: type[Pool]) -> Engine:
    """An engine whose commits do not wait for the disk."""
    arguments = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, poolclass=pool)
    event.listen(engine, "connect", lambda file, _: file.execute("PRAGMA synchronous=NORMAL"))
    return engine


class ScheduleStorage(SqliteScheduleStorage):
    """The ticks of schedules and sensors."""

    @classmethod
    def from_config_value(cls, inst_data: _Data, config_value: Mapping[str, Any]) -> Self:
        """As dagster.yaml says."""
        if not has_tables(Path(config_value["base_dir"], "schedules.db")):
            cls.from_local(config_value["base_dir"], inst_data)
        return cls(create_db_conn_string(config_value["base_dir"], "schedules"), inst_data)


class RunStorage(SqliteRunStorage):
    """The runs."""

    def __init__(self, conn_string: str, inst_data: _Data = None) -> None:
        super().__init__(conn_string, inst_data)
        self._engine = _engine(conn_string, QueuePool)

    @classmethod
    def from_config_value(cls, inst_data: _Data, config_value: Mapping[str, Any]) -> Self:
        """As dagster.yaml says."""
        if not has_tables(Path(config_value["base_dir"], "runs.db")):
            return cls.from_local(config_value["base_dir"], inst_data)
        return cls(create_db_conn_string(config_value["base_dir"], "runs"), inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction."""
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the storage."""
        self._engine.dispose()


class EventLog(SqliteEventLogStorage):
    """The events: the index and the run in progress have a connection each."""

    def __init__(self, base_dir: str, inst_data: _Data = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: _Data, config_value: Mapping[str, Any]) -> Self:
        """As dagster.yaml says."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                for run in self._engines.keys() - {INDEX_SHARD_NAME}:
                    self._engines.pop(run).dispose()
                self._engines[shard] = _engine(self.conn_string_for_shard(shard), StaticPool)
            if shard not in self._initialized_dbs:
                self._initdb(self._engines[shard])
                self._initialized_dbs.add(shard)
            with self._engines[shard].begin() as connection:
                yield connection

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:
        path, index = Path(str(engine.url.database)), Path(self.path_for_shard(INDEX_SHARD_NAME))
        if not path.exists() and has_tables(index):
            with suppress(sqlite3.DatabaseError):  # Another process is making it, too.
                _copy_tables(index, path)
        if not has_tables(path):
            super()._initdb(engine, for_index_shard)

    def dispose(self) -> None:
        """Close the log."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
