"""A database, by SQLAlchemy: the rows of a period are the content of a file, written as CSV.

It is only ever read from, and its errors become sentences of ours.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from assets.sources.settings import SQL_PASSWORD, SqlSettings, secret
from assets.sources.source import Interrupted, Item, Request, SourceError, T, TooLarge

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
            with self._translated(dataset), self._session(datetime.now()) as session:
                found = session.execute(sa.text(query.watermark or "SELECT NULL")).scalar()
                until[dataset] = _local_time(found, self._zone) if query.watermark else datetime.max
        return [
            Item(each.path, None, each.modified)
            for each in self._requests.values()
            if (filled := until[each.dataset]) is not None and each.end <= filled
        ]

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Ask, and hand on the answer as CSV."""
        request = self._requests[item.path]
        with self._translated(request.dataset), self._session(request.start) as session:
            query = self._settings.queries[request.dataset].query
            result = session.execute(
                sa.text(query),
                {"start": request.start, "end": request.end},
                # Rows as they are read: an answer over the limit is never held whole. PyMySQL
                # cannot leave such an answer before its end.
                execution_options={"stream_results": session.dialect.name == "postgresql"},
            )
            content = sql_to_csv(
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
    def _translated(self, dataset: str) -> Iterator[None]:
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


def _local_time(value: object, zone: ZoneInfo) -> datetime | None:
    """A time as a clock in a zone shows it; None where there is none.

    Raises:
        SourceError: it is no time.
    """
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if value is None:
        return None
    raise SourceError("watermark 查询的结果不是时间：请在 [source.queries] 中改为返回一个时间。")


def _interval(value: timedelta) -> str:
    """As MySQL gives a time of day."""
    seconds = int(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _writers(zone: ZoneInfo) -> dict[type, Callable[[Any], str]]:
    return {
        str: str,
        bool: lambda value: "true" if value else "false",
        int: str,
        float: repr,
        Decimal: lambda value: format(value, "f"),
        datetime: lambda value: str(_local_time(value, zone)),
        date: str,
        time: str,
        timedelta: _interval,
        UUID: str,
        type(None): lambda _: "",
    }


def sql_to_csv(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    zone: ZoneInfo,
    *,
    limit: int,
    dataset: str,
) -> bytes:
    """The result of a query as CSV in UTF-8: a header, then the rows in order of their bytes.

    The same rows in any order give the same bytes. NULL is an empty cell.

    Args:
        columns: names of the columns.
        rows: in whatever order they came.
        zone: in which times that have one are written.
        limit: in bytes.
        dataset: for the message.

    Raises:
        SourceError: a column is of a kind that no text stands for.
        TooLarge: the result is over the limit.
    """
    writers = _writers(zone)
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")

    def written(cells: Iterable[str]) -> bytes:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue().encode()

    lines, size = [], 0
    for row in rows:
        try:
            cells = [writers[type(value)](value) for value in row]
        except KeyError:
            wrong = next(
                n for n, value in zip(columns, row, strict=True) if type(value) not in writers
            )
            raise SourceError(
                f"{dataset} 的查询结果中 {wrong} 列不是文字、数字或时间："
                f"请在 [source.queries.{dataset}] 中改为文字（CAST）。"
            ) from None
        lines.append(written(cells))
        size += len(lines[-1])
        if size > limit:
            raise TooLarge(size)
    return written(columns) + b"".join(sorted(lines))
