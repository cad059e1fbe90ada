"""Releases made by hand: a few rows of facts, written as the pipeline publishes them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from assets.facts.storage import parquet_bytes
from assets.installation import ReportSettings
from assets.reports.content.context import Context
from assets.reports.content.facts import Facts
from assets.reports.content.model import Report
from assets.reports.content.periods import period_of
from assets.reports.content.reports import compose, context_of
from schemas.facts import FACTS
from schemas.fields import Kind

DAILY = ("calls", "tickets", "callbacks", "quality", "knowledge")
_ZONE = ZoneInfo("Asia/Shanghai")
_DEFAULTS: dict[str, dict[str, Any]] = {
    "calls": {"hour": 9, "line": "12345"},
    "tickets": {
        "channel": "电话",
        "ticket_type": "咨询",
        "category": "供水",
        "sector": None,
        "urgency": "一般",
        "region": "汉台区",
        "unit": None,
        "handling": "直接答复",
    },
    "callbacks": {"unit": "水务局", "ticket_type": "求助"},
    "workload": {"unit": "水务局"},
    "repeats": {"sequence": 2, "category": "供水", "region": "汉台区", "unit": "水务局"},
    "focus_tickets": {
        "sector": "欠薪",
        "category": "欠薪",
        "region": "汉台区",
        "unit": "人社局",
        "urgency": "一般",
        "deadline": None,
        "closed_at": None,
        "status": "办理中",
    },
}


def at(text: str) -> datetime:
    """A moment in the hotline's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=_ZONE)


def with_expectations(facts: Facts, rows: pl.DataFrame) -> Facts:
    """A release with a table of expectations."""
    table = FACTS["expectations"]
    path = facts._folder / table.published_path("")
    path.parent.mkdir()
    path.write_bytes(parquet_bytes(rows, table))
    return facts


class Small:
    """Rows of a release to be; days without a file have no data."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"workload": [], "focus_tickets": []}
        self.rows["repeats"] = []
        self.files: list[dict[str, Any]] = []
        self.without: set[str] = set()

    def add(self, table: str, day: str | date, *, month: str = "", **values: Any) -> "Small":
        """A row of a table; measures that are not named are 0."""
        when = day if isinstance(day, date) else date.fromisoformat(day)
        counts = {column.name: 0 for column in FACTS[table].columns if column.kind is Kind.INTEGER}
        row = counts | _DEFAULTS.get(table, {}) | values
        row |= {"date": when, "month": month or f"{when:%Y-%m}"}
        self.rows.setdefault(table, []).append(row)
        return self

    def taken(self, first: str, last: str = "", *, datasets=DAILY, **values: Any) -> "Small":
        """Files of every day of a span, taken unless said otherwise."""
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            for dataset in datasets:
                counts = {c.name: 0 for c in FACTS["files"].columns if c.kind is Kind.INTEGER}
                self.files.append(
                    counts
                    | {
                        "dataset": dataset,
                        "export_date": day,
                        "file": f"{dataset}_{day:%Y%m%d}.csv",
                        "delivery": f"{len(self.files)}",
                        "sha256": "0",
                        "state": "taken",
                        "rule": "",
                    }
                    | values
                )
            day += timedelta(days=1)
        return self

    def release(self, folder: Path) -> Facts:
        """Write the release and open it."""
        root = folder / "20240101-small"
        root.mkdir()
        package = {"cutoff": "2024-01-01T00:00:00+08:00"}
        (root / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        for table, rows in self.rows.items():
            if table in self.without:
                continue
            months = {row["month"] for row in rows} or {"2023-01"}
            for month in months:
                path = root / FACTS[table].published_path(month)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(
                    parquet_bytes(
                        _frame(table, [row for row in rows if row["month"] == month]),
                        FACTS[table],
                    )
                )
        (root / "files.parquet").write_bytes(
            parquet_bytes(_frame("files", self.files), FACTS["files"])
        )
        return Facts(root)


def daily(facts: Facts, key: str = "2023-05-23", **settings: Any) -> Report:
    """The report of a day."""
    return compose(facts, period_of("daily", key), ReportSettings(**settings))


def weekly(facts: Facts, key: str = "2023-05-22", **settings: Any) -> Report:
    """The report of a week."""
    return compose(facts, period_of("weekly", key), ReportSettings(**settings))


def monthly(facts: Facts, key: str = "2023-05", **settings: Any) -> Report:
    """The report of a month."""
    return compose(facts, period_of("monthly", key), ReportSettings(**settings))


def annual(facts: Facts, key: str = "2023", **settings: Any) -> Report:
    """The report of a year."""
    return compose(facts, period_of("annual", key), ReportSettings(**settings))


def context(facts: Facts, kind: str = "monthly", key: str = "2023-05", **settings: Any) -> Context:
    """What a section of a report is made from."""
    return context_of(facts, period_of(kind, key), ReportSettings(**settings))


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column.name: column.polars_type for column in FACTS[table].columns}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
