"""Dagster's SQLite event log, with connections that stay open from one event to the next.

Belongs here: this one change. The stock storage builds an engine for every query, and with it
compiles its SQL anew, and opens and closes a connection, at which SQLite moves its log into the
file and waits for the disk; so it does at every commit. A night stores some two hundred events, and
that took half of its time. Here the index and the run in progress have a connection each, used by
one thread at a time as before, and a commit does not wait for the disk: a power cut can take the
last events with it, which are history and nothing that data or releases depend on, and leaves the
file sound. The file of a run is made at the revision that the first one of the process was given:
finding it out loads all migrations there ever were, which was half of the cost of a short run.
`_connect` is not public; pyproject.toml pins Dagster below 1.14, and a test asks for this class.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._serdes import ConfigurableClassData
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

_BUSY_SECONDS = 30
# Alembic's own table: which revision a file has.
_VERSIONS = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)


class EventLog(SqliteEventLogStorage):
    """The event log of an installation; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the log.

        Args:
            base_dir: folder of its SQLite files.
            inst_data: how Dagster found this class.
        """
        self._engines: dict[str, Engine] = {}
        self._revision = ""
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
        """Give a new file its tables and its revision; see to the revision of an old one."""
        new = not Path(self.path_for_shard(shard)).exists()
        if new and self._revision:
            try:
                with engine.connect() as connection, connection.begin():
                    connection.execute(text("PRAGMA journal_mode=WAL"))
                    SqlEventLogStorageMetadata.create_all(connection)
                    _VERSIONS.create(connection)
                    connection.execute(_VERSIONS.insert().values(version_num=self._revision))
            except DatabaseError:
                pass  # Another process is making it, too: the inherited method waits for that.
            else:
                return
        self._initdb(engine)
        if new:
            with engine.connect() as connection:
                self._revision = connection.execute(select(_VERSIONS)).scalar_one()

    def _engine(self, shard: str) -> Engine:
        """The engine of a file; those of other runs are closed, for a log has thousands of runs."""
        if shard not in self._engines:
            self._close(keep={shard, INDEX_SHARD_NAME})
            engine = self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _wait_for_no_disk)
        return self._engines[shard]

    def _close(self, keep: set[str]) -> None:
        for shard in self._engines.keys() - keep:
            self._engines.pop(shard).dispose()

    def dispose(self) -> None:
        """Close the log."""
        super().dispose()
        with self._db_lock:
            self._close(keep=set())


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
