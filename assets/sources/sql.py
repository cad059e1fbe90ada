"""A database, by SQLAlchemy: the answer to a question about a period is the content of a file.

Belongs here: asking, read-only, and what the database's errors mean. How an answer is written down
is in `answer.py`; which periods there are is decided by whoever makes the requests.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from assets.sources.answer import as_csv, moment
from assets.sources.request import Request
from assets.sources.secrets import SQL_PASSWORD, secret
from assets.sources.settings import SqlSettings
from assets.sources.source import Interrupted, Item, SourceError, T

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
# PostgreSQL: lost, shutting down, starting, too many connections, cancelled, deadlocks.
_PASSING_STATES = ("08", "57P", "57014", "53300", "40001", "40P01")
# Before there is a session libpq gives no code, only its own English text.
_PASSING_TEXTS = (
    "connection refused",
    "timeout",
    "timed out",
    "closed the connection",
    "reset by peer",
    "could not receive",
    "could not translate",
    "unreachable",
    "starting up",
    "shutting down",
    "too many",
    "connection slots",
)
# MySQL: cannot connect, gone, lost, too many connections, shutting down, lock wait, deadlock.
_PASSING_NUMBERS = (2002, 2003, 2005, 2006, 2013, 1040, 1053, 1205, 1213)


class Database:
    """Answers of a database to requests."""

    at_once = 1

    def __init__(
        self, settings: SqlSettings, requests: Sequence[Request], *, zone: str, limit: int
    ) -> None:
        """Name what is asked.

        Args:
            settings: the database and the queries.
            requests: the periods.
            zone: in which zone days begin and times are written.
            limit: size of an answer in bytes from which on it is refused.
        """
        self._settings = settings
        self._requests = {each.path: each for each in requests}
        self._zone = ZoneInfo(zone)
        self._limit = limit
        url = sa.make_url(settings.url)
        self._where = f"数据库 {url.host}:{url.port or '默认端口'}/{url.database}"
        self._connection: sa.Connection | None = None

    def close(self) -> None:
        """End the session, whatever state it is in."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None

    def items(self) -> list[Item]:
        """The periods up to which the database is filled."""
        until: dict[str, datetime | None] = {}
        for dataset, query in self._settings.queries.items():
            with self._said(dataset), self._session(datetime.now()) as session:
                found = session.execute(sa.text(query.watermark or "SELECT NULL")).scalar()
                until[dataset] = moment(found, self._zone) if query.watermark else datetime.max
        return [
            Item(each.path, None, each.modified)
            for each in self._requests.values()
            if (filled := until[each.dataset]) is not None and each.end <= filled
        ]

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Ask, and hand on the answer as CSV."""
        request = self._requests[item.path]
        with self._said(request.dataset), self._session(request.start) as session:
            query = self._settings.queries[request.dataset].query
            result = session.execute(
                sa.text(query),
                {"start": request.start, "end": request.end},
                # Rows as they are read: an answer over the limit is never held whole. PyMySQL
                # cannot leave such an answer before its end.
                execution_options={"stream_results": session.dialect.name == "postgresql"},
            )
            content = as_csv(
                list(result.keys()), result, self._zone, limit=self._limit, dataset=request.dataset
            )
        return receive(iter([content]))

    @contextmanager
    def _session(self, at: datetime) -> Iterator[sa.Connection]:
        """A read-only transaction whose clock is the profile's, as it was set at some time.

        No statement of it may take longer than an answer may.
        """
        if self._connection is None:
            self._connection = self._connect()
        offset = at.replace(tzinfo=self._zone).strftime("%z")
        # PyMySQL has its timeout from the connection.
        manner = {
            "postgresql": (
                f"SET TIME ZONE '{self._zone.key}'",
                f"SET statement_timeout = '{self._settings.timeout_seconds * 1000:.0f}ms'",
            ),
            "mysql": (f"SET time_zone = '{offset[:3]}:{offset[3:]}'",),
        }
        with self._connection.begin():
            for statement in manner[self._connection.dialect.name]:
                self._connection.execute(sa.text(statement))
            yield self._connection

    def _connect(self) -> sa.Connection:
        url = sa.make_url(self._settings.url)
        kind, seconds = url.get_backend_name(), int(self._settings.timeout_seconds) or 1
        arguments: dict[str, Any] = {"connect_timeout": seconds}
        if kind == "mysql":
            arguments["read_timeout"] = seconds
            arguments["init_command"] = "SET SESSION TRANSACTION READ ONLY"
        else:
            arguments["tcp_user_timeout"] = seconds * 1000
        engine = sa.create_engine(
            url.set(drivername=_DRIVERS[kind], password=secret(SQL_PASSWORD)),
            connect_args=arguments,
            poolclass=sa.NullPool,
            hide_parameters=True,
        )
        connection = engine.connect()
        return connection.execution_options(postgresql_readonly=True)

    @contextmanager
    def _said(self, dataset: str) -> Iterator[None]:
        """Turn the errors of the database into ours; their texts may hold values."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            if _is_passing(error):
                raise Interrupted(self._where) from None
            if self._connection is None:
                raise SourceError(
                    f"{self._where} 拒绝登录：请核对 [source] 的 url 和环境变量 {SQL_PASSWORD}。"
                ) from None
            raise SourceError(
                f"{self._where} 不接受 {dataset} 的查询（错误代码 {_code(error)}）："
                f"请核对 [source.queries.{dataset}] 的表名、列名和读取权限。"
            ) from None


def _code(error: sa.exc.DBAPIError) -> int | str | None:
    """What the database calls its error: a number of MySQL, a state of PostgreSQL, or nothing."""
    arguments = error.orig.args if error.orig else ()
    if arguments and isinstance(arguments[0], int):
        return arguments[0]
    return getattr(error.orig, "sqlstate", None)


def _is_passing(error: sa.exc.DBAPIError) -> bool:
    code = _code(error)
    if error.connection_invalidated or code in _PASSING_NUMBERS:
        return True
    if isinstance(code, str):
        return code.startswith(_PASSING_STATES)
    said = str(error.orig).lower()
    return code is None and any(text in said for text in _PASSING_TEXTS)
