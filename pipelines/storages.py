"""Dagster's SQLite storages of runs and of ticks, as the stock ones but opened once.

Belongs here: this one change. The stock storages build an engine for every query, and with it
compile their SQL anew. `from_local` and `connect` are not public; pyproject.toml pins Dagster below
1.14, and a test asks for these classes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection

from pipelines.sqlite_files import engine_of, has_tables


class RunStorage(SqliteRunStorage):
    """The runs of an installation; named in dagster.yaml."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the storage.

        Args:
            conn_string: URL of its file.
            inst_data: how Dagster found this class.
        """
        super().__init__(conn_string, inst_data)
        self._engine = engine_of(conn_string)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Make the storage from dagster.yaml, and its file where there is none."""
        folder = config_value["base_dir"]
        if not has_tables(Path(folder, "runs.db")):
            cls.from_local(folder, inst_data).dispose()
        return cls(create_db_conn_string(folder, "runs"), inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        """Close the storage."""
        super().dispose()
        self._engine.dispose()


class ScheduleStorage(SqliteScheduleStorage):
    """The ticks of an installation; named in dagster.yaml."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Make the storage from dagster.yaml, and its file where there is none."""
        folder = config_value["base_dir"]
        if not has_tables(Path(folder, "schedules.db")):
            cls.from_local(folder, inst_data)
        return cls(create_db_conn_string(folder, "schedules"), inst_data)
