"""SQLite files of Dagster's record: how they are opened.

Belongs here: what its storages (`pipelines.event_log`, `pipelines.storages`) have in common. The
stock ones ask Alembic for the revision of a file whenever they open it, which loads every migration
there ever was, and use the answer for one thing only: to make the tables of a file without one.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import Pool, QueuePool

_BUSY_SECONDS = 30


def has_tables(path: Path) -> bool:
    """Whether a file is there and complete: its revision is the last that is written."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as file:
        named = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        return bool(
            file.execute(named).fetchone()
            and file.execute("SELECT 1 FROM alembic_version").fetchone()
        )


def copy_tables(source: Path, target: Path) -> None:
    """Make a new file with the tables, the revision and the mode of another, and no rows."""
    with (
        closing(sqlite3.connect(source, timeout=_BUSY_SECONDS)) as known,
        closing(sqlite3.connect(target, timeout=_BUSY_SECONDS)) as file,
    ):
        made = known.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        (revision,) = known.execute("SELECT version_num FROM alembic_version").fetchone()
        statements = ";".join(sql for (sql,) in made)
        file.executescript(f"PRAGMA journal_mode=WAL; BEGIN; {statements};")
        file.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        file.commit()


def engine_of(url: str, pool: type[Pool] = QueuePool) -> Engine:
    """An engine whose commits do not wait for the disk: a power cut can take the last events.

    Args:
        url: of the file.
        pool: how its connections are kept.
    """
    arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, poolclass=pool)
    event.listen(engine, "connect", _wait_for_no_disk)
    return engine


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
