"""Dagster's record of runs: its folder, its settings (dagster.yaml), opening it, cleaning it.

The record is history: data and releases do not depend on it, and it may be moved away. Dagster is
loaded when the record is opened, not before.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    HotlineError,
    fingerprint,
    make_folder,
    remove_file,
    remove_folder,
    write_bytes,
)
from assets.installation import Installation, Postgres
from pipelines.config import POSTGRES_PASSWORD

if TYPE_CHECKING:
    from dagster import DagsterInstance

FILE_NAME = "dagster.yaml"
# SQLAlchemy 2.1 would take another driver than the one that dagster-postgres brings.
_SCHEME = "postgresql+psycopg2"
_SECONDS = 10
_SETTINGS = """\
telemetry:
  enabled: false
# No step prints anything, and copying that would take four processes for each run. What a process
# says of itself is where the process writes: the terminal, or the journal of its service.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
# No window that asks whoever opens the interface to join a mailing list.
nux:
  enabled: false
# Of commands, too: their runs name the process that executes them.
run_launcher:
  module: pipelines.dagster_launcher
  class: Launcher
run_monitoring:
  enabled: true
  poll_interval_seconds: 10
  cancel_timeout_seconds: 60
  max_runtime_seconds: 14400
freshness:
  enabled: true
# A run whose process died is started again; one that failed has said why.
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: 30
"""
_SQLITE = """\
run_storage:
  module: pipelines.dagster_storage
  class: RunStorage
  config:
    base_dir: {history}
event_log_storage:
  module: pipelines.dagster_storage
  class: EventLog
  config:
    base_dir: {history}
schedule_storage:
  module: pipelines.dagster_storage
  class: ScheduleStorage
  config:
    base_dir: {schedules}
"""
_POSTGRES = f"""\
storage:
  postgres:
    postgres_db:
      hostname: {{host}}
      port: {{port}}
      username: {{user}}
      password:
        env: {POSTGRES_PASSWORD}
      db_name: {{database}}
      scheme: {_SCHEME}
      params:
        connect_timeout: {_SECONDS}
"""
# Where a dagster.yaml of an earlier version looks for the storages.
_EARLIER = re.compile(r"\bpipelines\.(event_log|storages)\b")


# --- its folder and its settings ------------------------------------------------------------------


def home_of(installation: Installation) -> Path:
    """DAGSTER_HOME: as set, or `<warehouse>/dagster`.

    The cities of an installation have one each, below it where it is set: their assets have the
    same names.
    """
    above = os.environ.get("DAGSTER_HOME")
    return Path(above, installation.name) if above else installation.root / "dagster"


def prepare_home(installation: Installation) -> Path:
    """DAGSTER_HOME with its settings, which are renewed unless somebody changed them.

    In a changed file only the module of our storages is, if an earlier version wrote it.

    Raises:
        HotlineError: PostgreSQL is to be used, and a file that is not ours does not.
    """
    home = home_of(installation)
    make_folder(home.parent)
    make_folder(home, PRIVATE_FOLDER)
    for each in ("history", "schedules"):
        # Dagster would make them as the umask lets it.
        make_folder(home / each, PRIVATE_FOLDER)
    path, wanted = home / FILE_NAME, settings_of(installation, home)
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    if not found or (is_ours(found) and found != wanted):
        write_bytes(path, wanted.encode())
    elif installation.postgres and found != wanted and "postgres" not in found:
        raise HotlineError(
            f"hotline.toml 设了 [postgres]，但 {path} 是改过的或旧版本写的，没有用它："
            "请移走这个文件，程序会另写一份。"
        )
    elif (moved := _EARLIER.sub("pipelines.dagster_storage", found)) != found:
        write_bytes(path, moved.encode())
    return home


def settings_of(installation: Installation, home: Path) -> str:
    """What dagster.yaml says for an installation."""
    if server := installation.postgres:
        storage = _POSTGRES.format(
            host=json.dumps(server.host),
            port=server.port,
            user=json.dumps(server.user),
            database=json.dumps(server.database),
        )
    else:
        history, schedules = (json.dumps(str(home / each)) for each in ("history", "schedules"))
        storage = _SQLITE.format(history=history, schedules=schedules)
    return _headed(_SETTINGS + storage)


def is_ours(text: str) -> bool:
    """Whether a dagster.yaml is as this or another version of the program wrote it."""
    return text == _headed(text.partition("\n")[2])


def _headed(settings: str) -> str:
    """Settings below a line that tells whether they are still as they were written."""
    mark = fingerprint(settings)
    return f"# Written by hotline ({mark}). Once changed, it is yours and left alone.\n{settings}"


# --- opening it -----------------------------------------------------------------------------------


@contextmanager
def recording(home: Path, server: Postgres | None) -> Iterator["DagsterInstance"]:
    """Dagster's instance in a folder.

    Args:
        home: the folder, with a dagster.yaml.
        server: the database that keeps the record; None for files in the folder.

    Raises:
        HotlineError: the record cannot be read or written, or its settings are wrong.
    """
    import dagster as dg
    from filelock import FileLock

    if server:
        reach(server)
    path = home / FILE_NAME
    try:
        # Several processes that make its tables at once can spoil them for good.
        with FileLock(home / ".opening", mode=PRIVATE_FILE):
            opened = dg.DagsterInstance.from_config(str(home))
        with opened as instance:
            yield instance
    except dg.DagsterInvalidConfigError as error:
        fields = "、".join(sorted({str(each.reason.value) for each in error.errors}))
        raise HotlineError(f"{path} 有误（{fields}）：请改正；或移走它，程序会另写一份。") from None
    except Exception as error:
        if mark := getattr(error, "problem_mark", None):  # Of a YAML parser.
            raise HotlineError(
                f"{path} 第 {mark.line + 1} 行无法读懂：请改正；或移走它，程序会另写一份。"
            ) from None
        said = _said_by_database(error)
        if said is None:
            raise
        if server:
            raise _unreachable(server, said) from None
        raise HotlineError(
            f"Dagster 的运行记录 {home} 无法读写（{said}）：请检查磁盘空间和权限；"
            "如已损坏，请把这个目录移走后再运行一次（其中只有运行历史，不影响数据和发布）。"
        ) from None


def _said_by_database(error: BaseException | None) -> str | None:
    """What the database says; never the statement, which holds what was to be written."""
    from sqlalchemy.exc import SQLAlchemyError

    while error is not None:
        if isinstance(error, sqlite3.Error):
            return str(error)
        if isinstance(error, SQLAlchemyError):
            return str(getattr(error, "orig", None) or type(error).__name__)
        error = error.__cause__ or error.__context__
    return None


def reach(server: Postgres) -> None:
    """Log in to the PostgreSQL server once.

    Raises:
        HotlineError: something is missing for it, or the server refuses or does not answer.
    """
    if find_spec("dagster_postgres") is None:
        raise HotlineError(
            "hotline.toml 设了 [postgres]，但没有安装 dagster-postgres："
            "请执行 .venv/bin/pip install -c constraints.txt -e '.[ui,postgres]'。"
        )
    if not os.environ.get(POSTGRES_PASSWORD):
        raise HotlineError(
            f"hotline.toml 设了 [postgres]，但环境变量 {POSTGRES_PASSWORD} 没有口令："
            "请在运行 hotline 的环境（或 hotline.env）中设置。"
        )
    from sqlalchemy import URL, create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    url = URL.create(
        _SCHEME,
        username=server.user,
        password=os.environ[POSTGRES_PASSWORD],
        host=server.host,
        port=server.port,
        database=server.database,
    )
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _SECONDS})
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        raise _unreachable(server, _said_by_database(error) or "") from None


def _unreachable(server: Postgres, said: str) -> HotlineError:
    """What to say where the server refuses, does not answer, or goes away."""
    # The driver's first line; the others repeat it for every address it tried.
    cause = said.strip().partition("\n")[0]
    return HotlineError(
        f"记录运行的 PostgreSQL {server} 连不上（{cause}）：请检查它是否在运行、"
        f"[postgres] 各项和 {POSTGRES_PASSWORD}，再运行一次；数据和发布未受影响。"
    )


# --- runs that are old ---------------------------------------------------------------------------


@dataclass
class Pruned:
    """What was removed.

    Attributes:
        runs: runs that had something to remove.
        size: bytes freed.
    """

    runs: int = 0
    size: int = 0


def prune(instance: "DagsterInstance", home: Path, before: datetime) -> Pruned:
    """Remove the logs of runs that were created before a moment and have ended.

    A run itself is never deleted: its materializations would go with it, and Dagster would no
    longer know which days it has. Those stand in files of their own (`history/index.db`), which are
    not touched; in PostgreSQL all events stand in one table, and nothing is removed but what
    earlier versions copied of what runs printed.

    Args:
        instance: Dagster's record.
        home: its folder, DAGSTER_HOME.
        before: aware moment.
    """
    import dagster as dg

    status = dg.DagsterRunStatus
    finished = [status.SUCCESS, status.FAILURE, status.CANCELED]
    pruned = Pruned()
    for run_id in instance.get_run_ids(dg.RunsFilter(statuses=finished, created_before=before)):
        printed, log = home / "storage" / run_id, home / "history" / f"{run_id}.db"
        files = [each for each in (*printed.rglob("*"), log) if each.is_file()]
        pruned.size += sum(each.stat().st_size for each in files)
        pruned.runs += bool(files)
        remove_folder(printed)
        remove_file(log)
    return pruned
