"""Dagster's own record of runs, opened so that what is wrong with it is one sentence.

Belongs here: telling an error of its storage or its settings from one of ours. The record is
history: data and releases do not depend on it, and it may be moved away.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from assets.core import HotlineError
from assets.installation import Postgres
from pipelines.postgres import reach, unreachable


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@contextmanager
def recording(home: Path, server: Postgres | None) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance in a folder.

    Args:
        home: the folder, with a dagster.yaml.
        server: the database that keeps the record; None for files in the folder.

    Raises:
        HotlineError: the record cannot be read or written, or its settings are wrong.
    """
    if server:
        reach(server)
    try:
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield instance
    except dg.DagsterInvalidConfigError as error:
        fields = "、".join(sorted({str(each.reason.value) for each in error.errors}))
        raise HotlineError(
            f"{home / 'dagster.yaml'} 有误（{fields}）：请改正；或移走它，程序会另写一份。"
        ) from None
    except Exception as error:
        if mark := getattr(error, "problem_mark", None):  # Of a YAML parser.
            raise HotlineError(
                f"{home / 'dagster.yaml'} 第 {mark.line + 1} 行无法读懂：请改正；"
                "或移走它，程序会另写一份。"
            ) from None
        said = list(_said(error))
        if not said:
            raise
        if server:
            raise unreachable(server, said[0]) from None
        raise HotlineError(
            f"Dagster 的运行记录 {home} 无法读写（{said[0]}）：请检查磁盘空间和权限；"
            "如已损坏，请把这个目录移走后再运行一次（其中只有运行历史，不影响数据和发布）。"
        ) from None


def _said(error: BaseException) -> Iterator[str]:
    """What the database says; never the statement, which holds what was to be written."""
    for each in _chain(error):
        if isinstance(each, sqlite3.Error):
            yield str(each)
        elif isinstance(each, SQLAlchemyError):
            yield str(getattr(each, "orig", None) or type(each).__name__)
