"""Read the facts of one release for a span of days.

Belongs here: which files of a release a report needs, KPIs over any span, from the sums that
`schemas.kpis` declares, and sums of measures by day and attribute. Nothing else of a report touches
the disk. Months are summed by day once: a year of reports asks for the same days again and again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from assets.reports.content.arrivals import Arrivals
from assets.reports.content.figures import count, mean, nothing, rate
from assets.reports.content.model import Figure, Form
from schemas.facts import FACTS
from schemas.kpis import KPIS, Kpi, Sum

_KPIS = {kpi.id: kpi for kpi in KPIS}


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def months(self) -> list[str]:
        """The months that it touches, YYYY-MM."""
        first, last = self.first, self.last
        count_ = (last.year - first.year) * 12 + last.month - first.month + 1
        return [
            f"{first.year + (first.month - 1 + i) // 12}-{(first.month - 1 + i) % 12 + 1:02d}"
            for i in range(count_)
        ]


class Facts:
    """The facts of one release.

    Args:
        folder: the release; resolve `current` once before, so that two releases never mix.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._months: dict[tuple[str, str], pl.DataFrame | None] = {}
        self._added: dict[tuple[Sum, Span], int | None] = {}
        self._listed: dict[str, list[str]] = {}
        self._daily: dict[tuple[Sum, str], dict[date, int]] = {}
        self._tallied: dict[tuple[str, str, str, str], dict[date, list[tuple[Any, int]]]] = {}
        self._grouped: dict[tuple[str, tuple[str, ...], str], pl.DataFrame] = {}
        self._spans: dict[tuple[str, tuple[str, ...], Span], pl.DataFrame] = {}
        self._standing: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = {}

    @cached_property
    def _package(self) -> dict[str, str]:
        content: dict[str, str] = json.loads((self._folder / "datapackage.json").read_bytes())
        return content

    @property
    def release(self) -> str:
        """Id of the release."""
        return self._folder.name

    @property
    def cutoff(self) -> datetime:
        """Data cutoff of the release."""
        return datetime.fromisoformat(self._package["cutoff"])

    def _month(self, table: str, month: str) -> pl.DataFrame | None:
        asked = (table, month)
        if asked not in self._months:
            path = self._folder / "facts" / table / f"{month}.parquet"
            self._months[asked] = pl.read_parquet(path) if path.exists() else None
        return self._months[asked]

    @cached_property
    def arrivals(self) -> Arrivals:
        """Which files the release was made from."""
        return Arrivals(pl.read_parquet(self._folder / "files.parquet"))

    def arrived(self, table: str, span: Span) -> bool:
        """Whether a file of a span was taken for a table: if so, no row means zero."""
        return self.arrivals.any(table, span.first, span.last)

    def missing_days(self, table: str, span: Span) -> int:
        """Number of files that a span lacks for a table."""
        return len(self.arrivals.missing(table, span.first, span.last))

    def published(self, table: str) -> bool:
        """Whether the release has the table at all: an older release may lack a newer table."""
        return bool(self.months(table))

    def has(self, table: str, span: Span) -> bool:
        """Whether any month of a span has a file of a table: missing is not zero."""
        return any(self._month(table, month) is not None for month in span.months)

    def yearly(self, folder: str, year: int) -> pl.DataFrame | None:
        """A table that is one file a year, such as indicators; None where it is not there."""
        path = self._folder / folder / f"{year}.parquet"
        return pl.read_parquet(path) if path.exists() else None

    def months(self, table: str) -> list[str]:
        """Months for which a table has a file."""
        if table not in self._listed:
            folder = self._folder / "facts" / table
            self._listed[table] = sorted(path.stem for path in folder.glob("*.parquet"))
        return self._listed[table]

    def of_months(self, table: str, months: Iterable[str]) -> pl.DataFrame:
        """All rows of some months of a table; no rows where there are none."""
        found = [rows for month in months if (rows := self._month(table, month)) is not None]
        if found:
            return pl.concat(found)
        return pl.DataFrame(schema={c.name: c.polars_type for c in FACTS[table].columns})

    def rows(self, table: str, span: Span) -> pl.DataFrame:
        """Rows of a span; of whole months where a table knows no days."""
        rows = self.of_months(table, self._months_of(table, span))
        if "date" in rows.columns:
            return rows.filter(pl.col("date").is_between(span.first, span.last))
        return rows

    def sums(self, metric: str, span: Span) -> tuple[int | None, int | None]:
        """Numerator and denominator of a KPI over a span; None where there is no data."""
        kpi = _KPIS[metric]
        top = self.total(kpi.numerator, span)
        return top, self.total(kpi.denominator, span) if kpi.denominator else None

    def total(self, total: Sum, span: Span) -> int | None:
        """A declared sum over a span, remembered: None where no file of the span arrived."""
        asked = (total, span)
        if asked not in self._added:
            self._added[asked] = self._add(total, span)
        return self._added[asked]

    def _add(self, total: Sum, span: Span) -> int | None:
        if not self.arrived(total.table, span):
            return None
        if "date" not in FACTS[total.table].grain:
            return sum(
                _signed(self.of_months(total.table, [month]), total) for month in span.months
            )
        days = [self._by_day(total, month) for month in self._months_of(total.table, span)]
        return sum(
            value for each in days for day, value in each.items() if span.first <= day <= span.last
        )

    def _by_day(self, total: Sum, month: str) -> dict[date, int]:
        asked = (total, month)
        if asked not in self._daily:
            rows = self._of_days(total.table, tuple(column for column, _ in total.where), month)
            for column, value in total.where:
                rows = rows.filter(pl.col(column) == value)
            days: dict[date, int] = dict.fromkeys(rows["date"], 0)
            for sign, names in ((1, total.add), (-1, total.subtract)):
                for name in names:
                    for day, value in rows.select("date", name).iter_rows():
                        days[day] += sign * value
            self._daily[asked] = days
        return self._daily[asked]

    def tally(self, table: str, key: str, measure: str, span: Span) -> dict[Any, int]:
        """A measure by the values of one attribute over a span, zeros left out."""
        added: dict[Any, int] = {}
        for month in self._months_of(table, span):
            days = self._tallies(table, key, measure, month)
            for day, values in days.items():
                if span.first <= day <= span.last:
                    for name, value in values:
                        added[name] = added.get(name, 0) + value
        return added

    def _tallies(
        self, table: str, key: str, measure: str, month: str
    ) -> dict[date, list[tuple[Any, int]]]:
        """What `tally` adds up, by day: a few values are added faster than a frame is made."""
        asked = (table, key, measure, month)
        if asked not in self._tallied:
            days: dict[date, list[tuple[Any, int]]] = {}
            rows = self.of_months(table, [month]).group_by("date", key).agg(pl.col(measure).sum())
            for day, name, value in rows.filter(pl.col(measure) != 0).iter_rows():
                days.setdefault(day, []).append((name, value))
            self._tallied[asked] = days
        return self._tallied[asked]

    def grouped(self, table: str, keys: tuple[str, ...], span: Span) -> pl.DataFrame:
        """Sums of all measures of a table over a span, by attributes (`date` may be one)."""
        asked = (table, keys, span)
        if asked not in self._spans:
            self._spans[asked] = self._group(table, keys, span)
        return self._spans[asked]

    def _group(self, table: str, keys: tuple[str, ...], span: Span) -> pl.DataFrame:
        inner = tuple(key for key in keys if key != "date")
        measures = FACTS[table].measures
        parts = [self._of_days(table, inner, month) for month in self._months_of(table, span)]
        within = pl.col("date").is_between(span.first, span.last)
        found = pl.concat(parts or [self.of_months(table, ()).select("date", *inner, *measures)])
        return found.filter(within).group_by(keys).agg(pl.col(measures).sum())

    def _of_days(self, table: str, keys: tuple[str, ...], month: str) -> pl.DataFrame:
        """Sums of all measures of a month's file by day and attributes, remembered."""
        asked = (table, keys, month)
        if asked not in self._grouped:
            rows = self.of_months(table, [month]).group_by("date", *keys)
            self._grouped[asked] = rows.agg(pl.col(FACTS[table].measures).sum())
        return self._grouped[asked]

    def _months_of(self, table: str, span: Span) -> list[str]:
        """Months whose files may hold rows of a span.

        `workload` is filed by month of acceptance, which may be long before the day of an event.
        """
        if table != "workload":
            return span.months
        return [month for month in self.months(table) if month <= span.months[-1]]

    def standing(self, table: str, keys: tuple[str, ...], day: date) -> pl.DataFrame:
        """Sums of all measures of a table over all rows up to the end of a day, by attributes.

        A table of flows gives the state at that moment. Kept as running sums, so that a day costs a
        look-up and not a sum over all months.
        """
        asked = (table, keys)
        measures = FACTS[table].measures
        if asked not in self._standing:
            rows = self.of_months(table, self.months(table))
            self._standing[asked] = (
                rows.group_by("date", *keys)
                .agg(pl.col(measures).sum())
                .sort("date")
                .with_columns(pl.col(measures).cum_sum().over(keys))
            )
        rows = self._standing[asked].filter(pl.col("date") <= day)
        return rows.group_by(keys).agg(pl.col(measures).last())

    def kpi(self, metric: str, span: Span) -> Figure:
        """A KPI over a span, by the display rule."""
        kpi = _KPIS[metric]
        return kpi_figure(kpi, *self.sums(metric, span))


def _signed(rows: pl.DataFrame, total: Sum) -> int:
    """A declared sum over rows."""
    for column, value in total.where:
        rows = rows.filter(pl.col(column) == value)
    added = sum(int(rows[name].sum()) for name in total.add)
    return added - sum(int(rows[name].sum()) for name in total.subtract)


def kpi_figure(kpi: Kpi, numerator: int | None, denominator: int | None) -> Figure:
    """A KPI from its two sums."""
    if kpi.denominator is None:
        return count(numerator)
    form = Form.RATE if kpi.unit == "%" else Form.MEAN
    if numerator is None or denominator is None:
        return nothing(form, "没有数据")
    return rate(numerator, denominator) if form is Form.RATE else mean(numerator, denominator)


@lru_cache(maxsize=1)
def facts_of(release: Path) -> Facts:
    """The facts of a release, which never change: the runs of a night read them once."""
    return Facts(release)
