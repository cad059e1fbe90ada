"""Exports from a database: PostgreSQL and MariaDB, and what goes wrong with them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from assets.core.files import make_folder
from assets.exports.deliveries import catalogue
from assets.exports.discover import list_exports
from assets.exports.stage import ingest_dataset, pending_exports
from assets.installation.installation import Installation
from assets.sources.settings import Query, SqlSettings
from assets.sources.source import Interrupted, SourceError, TooLarge
from assets.sources.sql import sql_to_csv
from schemas import EXPORTS
from schemas.fields import Kind
from tests.driver import (
    NIGHT,
    bring_up_to_date,
    change,
    deliver,
    digests,
    make_installation,
    set_profile,
)
from tests.samples import csv_text, row
from tests.servers import HOST, SECRET, Server, mysql, postgres, wire

SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC_PLUS_1 = timezone(timedelta(hours=1))
FIRST, LAST = date(2023, 1, 5), date(2023, 1, 8)
CALLS = [
    row("calls"),
    row("calls", call_id="2", caller='说"好",再见', answered_at="", outcome="用户挂断"),
    row("calls", call_id="007", offered_at="2023-01-06 00:00:00", answered_at="2023-01-06 00:00:09",
        ended_at="2023-01-06 00:01:00", rating=""),
]  # fmt: skip
TICKETS = [row("tickets", title="两\n行", content='逗号,引号"，换行\r\n和空格 ', unit="市水务局")]
STAFF = [row("staff")]


@dataclass
class Base:
    """A database with exports in it.

    Attributes:
        server: its server.
        kind: first part of its URL.
        engine: to change it.
    """

    server: Server
    kind: str
    engine: sa.Engine

    def settings(self, port: int | None = None, **changes: Any) -> SqlSettings:
        """Of a profile."""
        database = self.engine.url.database
        own = {
            "kind": "sql",
            "url": f"{self.kind}://{self.server.user}@{HOST}:{port or self.server.port}/{database}",
            "queries": {name: Query(query=asked(self.kind, name)) for name in MOMENTS},
            "retry_seconds": 0,
        }
        return SqlSettings(**{**own, **changes})

    def run(self, *statements: str) -> None:
        """Change the database."""
        with self.engine.begin() as session:
            for statement in statements:
                session.execute(sa.text(statement))


MOMENTS = {"calls": "offered_at", "tickets": "updated_at", "staff": "month_start"}


def asked(kind: str, dataset: str) -> str:
    """The query of a dataset: its columns under their Chinese titles."""
    quote = '"' if kind == "postgresql" else "`"
    columns = (f"{each.name} AS {quote}{each.title}{quote}" for each in EXPORTS[dataset].columns)
    moment = MOMENTS[dataset]
    return (
        f"SELECT {', '.join(columns)} FROM {dataset} WHERE {moment} >= :start AND {moment} < :end"
    )


def table(dataset: str) -> list[str]:
    """Statements that make the table of a dataset: texts, apart from the moments."""
    columns = [
        f"{each.name} {'TIMESTAMP NULL' if each.kind is Kind.TIMESTAMP else 'TEXT'}"
        for each in EXPORTS[dataset].columns
    ]
    extra = ["month_start DATE"] if dataset == "staff" else []
    return [
        f"DROP TABLE IF EXISTS {dataset}",
        f"CREATE TABLE {dataset} ({', '.join(columns + extra)})",
    ]


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def server(request) -> Iterator[Base]:
    kind = request.param
    with (postgres if kind == "postgresql" else mysql)() as running:
        driver, name = {"postgresql": ("psycopg", "postgres"), "mysql": ("pymysql", "test")}[kind]
        address = f"{running.user}:{SECRET}@{HOST}:{running.port}/{name}"
        engine = sa.create_engine(f"{kind}+{driver}://{address}", poolclass=sa.NullPool)
        yield Base(running, kind, engine)


@pytest.fixture
def base(server, monkeypatch) -> Base:
    """A database with a few rows, as the platform's clock in Shanghai wrote them."""
    monkeypatch.setenv("HOTLINE_SQL_PASSWORD", SECRET)
    clock = {"postgresql": "SET TIME ZONE 'Asia/Shanghai'", "mysql": "SET time_zone = '+08:00'"}
    with server.engine.begin() as session:
        session.execute(sa.text(clock[server.kind]))
        for dataset, rows in (("calls", CALLS), ("tickets", TICKETS), ("staff", STAFF)):
            for statement in table(dataset):
                session.execute(sa.text(statement))
            for each in rows:
                values = {name: value or None for name, value in each.items()}
                if dataset == "staff":
                    values["month_start"] = date(2023, 1, 1)
                names = ", ".join(values)
                marks = ", ".join(f":{name}" for name in values)
                session.execute(
                    sa.text(f"INSERT INTO {dataset} ({names}) VALUES ({marks})"), values
                )
    return server


def installation_of(
    folder: Path, settings: SqlSettings | None, *, today: date = LAST, **profile: Any
) -> Installation:
    """An installation whose exports come from there, on the night to a day."""
    now = datetime.combine(today, NIGHT.time(), NIGHT.tzinfo)
    installation = make_installation(folder, now=now, start=FIRST)
    datasets = {name: installation.profile.datasets[name] for name in MOMENTS}
    make_folder(installation.root)
    set_profile(
        installation, datasets=datasets, **({"source": settings} if settings else {}), **profile
    )
    return installation


def every_day(_: date) -> bool:
    return True


def content(installation: Installation, path: str) -> str:
    """The newest bytes that the archive holds of a file."""
    dataset = path.partition("_")[0]
    kept = [each for each in catalogue(installation.warehouse, dataset) if each.path == path]
    return installation.warehouse.archived(kept[-1].sha256).read_bytes().decode()


def test_rows_give_the_same_facts_as_the_same_rows_in_files(base, tmp_path):
    installation, folder = (
        installation_of(tmp_path / "site", base.settings()),
        installation_of(tmp_path / "folder", None),
    )
    for day in range(5, 8):
        rows = [each for each in CALLS if each["offered_at"].startswith(f"2023-01-0{day}")]
        deliver(folder, f"calls_2023010{day}.csv", rows)
        deliver(folder, f"tickets_2023010{day}.csv", TICKETS if day == 5 else [])
    deliver(folder, "staff_202301.csv", csv_text("staff", STAFF))
    bring_up_to_date(installation)
    bring_up_to_date(folder)
    assert digests(installation) == digests(folder)
    assert pending_exports(installation).count() == 0


def test_a_day_without_rows_is_a_day_of_zero(base, tmp_path):
    installation = installation_of(tmp_path / "site", base.settings())
    outcomes = ingest_dataset(installation, "calls", every_day).outcomes
    read = dict(outcomes.select("path", "read").rows())
    assert read == {"calls_20230105.csv": 2, "calls_20230106.csv": 1, "calls_20230107.csv": 0}


def test_texts_and_moments_survive(base, tmp_path):
    installation = installation_of(tmp_path / "site", base.settings())
    ingest_dataset(installation, "calls", every_day)
    ingest_dataset(installation, "tickets", every_day)
    read = list(csv.reader(io.StringIO(content(installation, "tickets_20230105.csv"), newline="")))
    titles = [each.title for each in EXPORTS["tickets"].columns]
    assert read == [titles, list(TICKETS[0].values())]
    lines = list(
        csv.DictReader(io.StringIO(content(installation, "calls_20230105.csv"), newline=""))
    )
    assert {each["话单编号"]: each["主叫号码"] for each in lines}["2"] == CALLS[1]["caller"]
    assert lines[0]["呼入时间"] == "2023-01-05 08:00:00"


def test_the_same_answer_is_nothing_new_and_a_changed_one_is(base, tmp_path):
    settings = base.settings(
        queries={"calls": Query(query=asked(base.kind, "calls"), again_days=2)}
    )
    installation = installation_of(tmp_path / "site", settings, today=date(2023, 1, 7))
    assert ingest_dataset(installation, "calls", every_day).outcomes.height == 2
    change(installation, now=lambda: datetime(2023, 1, 8, 2, tzinfo=NIGHT.tzinfo))
    assert pending_exports(installation).dates["calls"] == (
        date(2023, 1, 5),
        date(2023, 1, 6),
        date(2023, 1, 7),
    )
    assert ingest_dataset(installation, "calls", every_day).outcomes["path"].to_list() == [
        "calls_20230107.csv"
    ]
    assert pending_exports(installation).count() == 0

    base.run(
        "UPDATE calls SET rating = '不满意' WHERE call_id = '007'",
        "DELETE FROM calls WHERE call_id = '2'",
    )
    change(installation, now=lambda: datetime(2023, 1, 9, 2, tzinfo=NIGHT.tzinfo))
    # The 5th is asked no more, the 6th for the last time.
    outcomes = ingest_dataset(installation, "calls", every_day).outcomes
    assert sorted(outcomes["path"]) == ["calls_20230106.csv", "calls_20230108.csv"]


def test_a_database_that_lags_has_no_days_of_zero(base, tmp_path):
    query = Query(query=asked(base.kind, "calls"), watermark="SELECT max(offered_at) FROM calls")
    installation = installation_of(tmp_path / "site", base.settings(queries={"calls": query}))
    assert [each.path for each in list_exports(installation).files] == ["calls_20230105.csv"]
    base.run("DELETE FROM calls")
    assert list_exports(installation).files == ()


def test_an_answer_over_the_limit_is_refused_until_the_limit_is_raised(base, tmp_path):
    settings = base.settings()
    installation = installation_of(tmp_path / "site", settings, max_file_bytes=300)
    rules = dict(
        ingest_dataset(installation, "calls", every_day).outcomes.select("path", "rule").rows()
    )
    assert rules == {
        "calls_20230105.csv": "too_large",
        "calls_20230106.csv": "",
        "calls_20230107.csv": "",
    }
    set_profile(installation, source=settings, max_file_bytes=10_000)
    assert (
        "calls_20230105.csv"
        in ingest_dataset(installation, "calls", every_day).outcomes.filter(rule="")["path"]
    )


# --- refused at once, tried again ---------------------------------------------------------------


def broken(installation: Installation) -> str:
    """The sentence of a source that cannot be had, whatever is tried."""
    caught = ingest_dataset(installation, "calls", every_day).broken
    assert isinstance(caught, SourceError)
    assert not isinstance(caught, Interrupted)
    assert SECRET not in str(caught)
    assert "13800138000" not in str(caught)
    return str(caught)


def test_a_wrong_password_is_refused_at_once(base, tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_SQL_PASSWORD", "wrong")
    with wire(base.server.port) as line:
        installation = installation_of(tmp_path / "site", base.settings(line.port))
        assert "拒绝登录" in broken(installation)
        assert line.connections == 1
    monkeypatch.delenv("HOTLINE_SQL_PASSWORD")
    assert "没有设置环境变量 HOTLINE_SQL_PASSWORD" in broken(installation)


def test_a_database_that_is_not_there(base, tmp_path):
    url = base.settings().url.rpartition("/")[0] + "/nothing"
    assert "拒绝登录" in broken(installation_of(tmp_path / "site", base.settings(url=url)))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * FROM nothing WHERE x >= :start AND x < :end", {"42P01", "1146"}),
        ("SELECT nothing FROM calls WHERE offered_at BETWEEN :start AND :end", {"42703", "1054"}),
        ("SELEC :start :end", {"42601", "1064"}),
    ],
)
def test_a_query_that_the_database_does_not_take(base, tmp_path, query, code):
    settings = base.settings(queries={"calls": Query(query=query)})
    said = broken(installation_of(tmp_path / "site", settings))
    assert "[source.queries.calls]" in said
    assert any(each in said for each in code), said


def test_nothing_is_ever_written(base, tmp_path):
    changing = "DELETE FROM calls WHERE offered_at BETWEEN :start AND :end"
    changing += " RETURNING *" if base.kind == "postgresql" else ""
    settings = base.settings(queries={"calls": Query(query=changing)})
    broken(installation_of(tmp_path / "site", settings))
    with base.engine.connect() as session:
        assert session.execute(sa.text("SELECT count(*) FROM calls")).scalar() == len(CALLS)


def test_a_column_that_is_no_text(base, tmp_path):
    value = "'\\x00'::bytea" if base.kind == "postgresql" else "x'00'"
    query = (
        f"SELECT call_id, {value} AS picture FROM calls WHERE offered_at BETWEEN :start AND :end"
    )
    settings = base.settings(queries={"calls": Query(query=query)})
    assert "picture" in broken(installation_of(tmp_path / "site", settings))


def test_a_query_that_takes_too_long_is_ended_and_given_up(base, tmp_path):
    sleep = {"postgresql": "pg_sleep(60) IS NULL", "mysql": "sleep(60) = 9"}[base.kind]
    query = f"SELECT call_id FROM calls WHERE {sleep} AND offered_at BETWEEN :start AND :end"
    settings = base.settings(queries={"calls": Query(query=query)}, attempts=1, timeout_seconds=1)
    assert isinstance(
        ingest_dataset(installation_of(tmp_path / "site", settings), "calls", every_day).broken,
        Interrupted,
    )


def test_a_session_that_breaks_off_is_tried_again_and_given_up(base, tmp_path):
    with wire(base.server.port) as line:
        line.cut(1500, times=1)
        installation = installation_of(tmp_path / "once", base.settings(line.port, attempts=2))
        assert ingest_dataset(installation, "calls", every_day).broken is None
        assert line.connections == 2
        line.cut(0, times=9)
        installation = installation_of(tmp_path / "always", base.settings(line.port, attempts=2))
        assert "请检查网络和服务器" in pending_exports(installation).unreachable
        assert line.connections == 4


# --- rows as CSV ------------------------------------------------------------------------------


def csv_of(*rows: tuple, columns: tuple[str, ...] = ("a", "b"), limit: int = 10**6) -> str:
    return sql_to_csv(columns, rows, SHANGHAI, limit=limit, dataset="calls").decode()


def test_every_kind_of_value_has_one_text():
    assert csv_of(
        ("NULL", None),
        ("text", ""),
        ("quoted", 'a,"b"\r\nc'),
        ("id", "000123456789012345678"),
        ("decimal", Decimal("1E+3")),
        ("exact", Decimal("96.50")),
        ("float", 0.1),
        ("true", True),
        ("naive", datetime(2023, 1, 5, 8)),
        ("zoned", datetime(2023, 1, 5, 1, tzinfo=UTC_PLUS_1)),
        ("fraction", datetime(2023, 1, 5, 8, 0, 0, 120000)),
        ("date", date(2023, 1, 5)),
        ("interval", -timedelta(hours=25, seconds=1)),
    ).splitlines() == [
        "a,b",
        "NULL,",
        "date,2023-01-05",
        "decimal,1000",
        "exact,96.50",
        "float,0.1",
        "fraction,2023-01-05 08:00:00.120000",
        "id,000123456789012345678",
        "interval,-25:00:01",
        "naive,2023-01-05 08:00:00",
        'quoted,"a,""b""',
        'c"',
        "text,",
        "true,true",
        "zoned,2023-01-05 08:00:00",
    ]


def test_the_same_rows_in_any_order_are_the_same_bytes():
    rows = [("b", 1), ("a", 2), ("a", 1), ("a", 1)]
    assert csv_of(*rows) == csv_of(*reversed(rows)) == "a,b\na,1\na,1\na,2\nb,1\n"


def test_what_no_text_stands_for_is_named_by_its_column():
    with pytest.raises(SourceError, match="b 列"):
        csv_of(("a", b"secret"))


def test_an_answer_is_not_held_over_the_limit():
    with pytest.raises(TooLarge):
        csv_of(*[("a", "b")] * 100, limit=50)
