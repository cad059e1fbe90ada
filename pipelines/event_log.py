"""Dagster's SQLite event log, with connections that stay open from one event to the next.

Belongs here: this one change. The stock storage builds an engine for every query, and with it
compiles its SQL anew, and opens and closes a connection, at which SQLite moves its log into the
file and waits for the disk; so it does at every commit; and it asks the file for its tables and
columns at every event. A night stores some two hundred events, and that took half of its time. Here
the index and the run in progress have a connection each, used by one thread at a time as before,
and a commit does not wait for the disk: a power cut can take the last events with it, which are
history and nothing that data or releases depend on, and leaves the file sound. The file of a run is
made like that of the index.
`_connect` is not public; pyproject.toml pins Dagster below 1.14, and a test asks for this class.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine
from sqlalchemy.pool import StaticPool

from pipelines.sqlite_files import copy_tables, engine_of, has_tables


class EventLog(SqliteEventLogStorage):
    """The event log of an installation; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the log.

        Args:
            base_dir: folder of its SQLite files.
            inst_data: how Dagster found this class.
        """
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        self._columns: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "EventLog":
        """Make the log from dagster.yaml; the inherited method would make the stock class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._prepare(shard, engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _prepare(self, shard: str, engine: Engine) -> None:
        """Give a new file its tables."""
        path, index = (Path(self.path_for_shard(each)) for each in (shard, INDEX_SHARD_NAME))
        if not path.exists() and has_tables(index):
            # Where another process is making it, too, the inherited method waits for that.
            with suppress(DatabaseError):
                copy_tables(index, path)
        if not has_tables(path):
            self._initdb(engine)

    def _engine(self, shard: str) -> Engine:
        """The engine of a file; those of other runs are closed, for a log has thousands of runs."""
        if shard not in self._engines:
            self._close(keep={shard, INDEX_SHARD_NAME})
            url = self.conn_string_for_shard(shard)
            self._engines[shard] = engine_of(url, StaticPool)
        return self._engines[shard]

    def _close(self, keep: set[str]) -> None:
        for shard in self._engines.keys() - keep:
            self._engines.pop(shard).dispose()

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; those that were seen stay."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        if column_name not in self._columns:
            if not super()._has_asset_key_col_on_connection(conn, column_name):
                return False
            self._columns.add(column_name)
        return True

    def dispose(self) -> None:
        """Close the log."""
        super().dispose()
        with self._db_lock:
            self._close(keep=set())
