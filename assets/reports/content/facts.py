"""Read the facts of one release for a span of days: sums of measures by day and attribute.

Nothing else of a report touches the disk. A day whose file arrived and had no rows is zero; a day
whose file is missing is no data, whatever rows of other files may fall on it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow.parquet as pq

from assets.exports import State
from assets.masking import mask_title
from assets.reports.content.periods import Span, days_of
from schemas import EXPORTS
from schemas.facts import FACTS
from schemas.kpis import Sum
from schemas.table import absent_columns

# Fact tables that do not bear the name of the dataset that they are counted from.
_SOURCE = {
    "workload": "tickets",
    "focus_tickets": "tickets",
    "repeats": "tickets",
    "seats": "calls",
}


class Counts(NamedTuple):
    """Rows read, rows that broke a rule, and files refused as a whole."""

    read: int = 0
    quarantined: int = 0
    refused: int = 0


class Arrivals:
    """Which export files a release was made from.

    Args:
        files: the `files` table of the release.
    """

    def __init__(self, files: pl.DataFrame) -> None:
        self._days: dict[str, set[date]] = defaultdict(set)
        self._held: dict[str, set[date]] = defaultdict(set)
        self._counts: dict[str, list[tuple[date, Counts]]] = defaultdict(list)
        for dataset, day, state, read, quarantined in files.select(
            "dataset", "export_date", "state", "read", "quarantined"
        ).iter_rows():
            if state == State.IN_FORCE:
                self._days[dataset].add(day)
                self._counts[dataset].append((day, Counts(read, quarantined)))
            elif state == State.HELD:
                self._held[dataset].add(day)
            elif state == State.REFUSED:
                self._counts[dataset].append((day, Counts(refused=1)))

    def expected(self, dataset: str, first: date, last: date) -> list[date]:
        """Export dates that a dataset owes for a span, oldest first."""
        cadence = EXPORTS[dataset].cadence
        days = days_of(Span(first, last))
        if cadence == "daily":
            return days
        ends = [day for day in days if (day + timedelta(days=1)).day == 1]
        return ends if cadence == "monthly" else [day for day in ends if day.month == 12]

    def missing(self, table: str, first: date, last: date) -> list[date]:
        """Export dates of a span whose file was not taken, for a fact table or its dataset."""
        dataset = _SOURCE.get(table, table)
        return [
            day for day in self.expected(dataset, first, last) if day not in self._days[dataset]
        ]

    def held(self, dataset: str, first: date, last: date) -> list[date]:
        """Export dates of a span for which there is only a file that waits for a decision."""
        missing = self.missing(dataset, first, last)
        return [day for day in missing if day in self._held[dataset]]

    def any(self, table: str, first: date, last: date) -> bool:
        """Whether a file of the span was taken; of its months where a dataset is not daily."""
        dataset = _SOURCE.get(table, table)
        if EXPORTS[dataset].cadence == "daily":
            return any(first <= day <= last for day in self._days[dataset])
        begin, end = (first.year, first.month), (last.year, last.month)
        return any(begin <= (day.year, day.month) <= end for day in self._days[dataset])

    def counts(self, dataset: str, first: date, last: date) -> Counts:
        """What the files of a dataset held whose export date lies in a span."""
        found = [counts for day, counts in self._counts[dataset] if first <= day <= last]
        return Counts(*(sum(each) for each in zip(*found, strict=True))) if found else Counts()


class Facts:
    """The facts of one release.

    A release never changes and a year of reports asks for the same days again and again: sums are
    remembered, without which the content of a day takes forty times as long (1.1 s for 25 ms).

    Args:
        folder: the release; resolve `current` once before, so that two releases never mix.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._month = cache(self._read_month)
        self._daily = cache(self._sum_daily)
        self._by_day = cache(self._group_by_day)
        self.months = cache(self._list_months)
        self._absent = cache(self._read_absent)
        self.total = cache(self._add)
        self.grouped = cache(self._group)

    @property
    def release(self) -> str:
        """Id of the release."""
        return self._folder.name

    @cached_property
    def cutoff(self) -> datetime:
        """Data cutoff of the release."""
        package = json.loads((self._folder / "datapackage.json").read_bytes())
        return datetime.fromisoformat(package["cutoff"])

    @cached_property
    def arrivals(self) -> Arrivals:
        """Which files the release was made from."""
        return Arrivals(pl.read_parquet(self._folder / "files.parquet"))

    @cached_property
    def expectations(self) -> pl.DataFrame:
        """What was expected of days and hours; no rows where the release does not say."""
        table = FACTS["expectations"]
        if self.published(table.name):
            return pl.read_parquet(self._folder / table.published_path(""))
        return pl.DataFrame(schema={c.name: c.polars_type for c in table.columns})

    def arrived(self, table: str, span: Span) -> bool:
        """Whether a file of a span was taken for a table: if so, no row means zero."""
        return self.arrivals.any(table, span.first, span.last)

    def missing_days(self, table: str, span: Span) -> int:
        """Number of files that a span lacks for a table."""
        return len(self.arrivals.missing(table, span.first, span.last))

    def published(self, table: str) -> bool:
        """Whether the release has the table at all: an older release may lack a newer table."""
        return bool(self.months(table))

    def _list_months(self, table: str) -> list[str]:
        """Months for which a table has a file."""
        folder = (self._folder / FACTS[table].published_path("_")).parent
        return sorted(path.stem for path in folder.glob("*.parquet"))

    def absent(self, table: str, span: Span | None = None) -> dict[str, str]:
        """Columns of a table that cannot be filled in a span, or at all -> why, in Chinese."""
        months = self.months(table) if span is None else self._months_of(table, span)
        return {name: why for month in months for name, why in self._absent(table, month).items()}

    def _read_absent(self, table: str, month: str) -> dict[str, str]:
        path = self._folder / FACTS[table].published_path(month)
        return absent_columns(pq.read_schema(path))

    def lacks(self, table: str, *columns: str, span: Span | None = None) -> str:
        """Why one of some columns of a table cannot be filled in a span; empty where all can."""
        absent = self.absent(table, span)
        return next((absent[name] for name in columns if name in absent), "")

    def why_unknown(self, total: Sum, span: Span) -> str:
        """Why a declared sum cannot be formed of a span; empty where it can."""
        conditions = (column for column, _ in total.where)
        return self.lacks(total.table, *total.add, *total.subtract, *conditions, span=span)

    def yearly(self, folder: str, year: int) -> pl.DataFrame | None:
        """A table that is one file a year, such as indicators; None where it is not there."""
        path = self._folder / folder / f"{year}.parquet"
        return pl.read_parquet(path) if path.exists() else None

    def _read_month(self, table: str, month: str) -> pl.DataFrame:
        return pl.read_parquet(self._folder / FACTS[table].published_path(month))

    def titles(self, tickets: Iterable[str], months: Iterable[str]) -> dict[str, str]:
        """Ticket -> its title, for an office that shows titles in its own reports.

        Titles are in no release: they are read from the private details of the warehouse that the
        release lies in, as they now stand, and masked once more (`assets.masking.mask_title`).

        Args:
            tickets: the tickets.
            months: in which they were accepted.
        """
        details = self._folder.parents[1] / "details" / "tickets"
        paths = [path for month in months if (path := details / f"{month}.parquet").exists()]
        rows = pl.scan_parquet(paths).filter(pl.col("ticket_id").is_in(list(tickets)))
        found = rows.select("ticket_id", "title").collect() if paths else pl.DataFrame()
        return {ticket: mask_title(title) for ticket, title in found.iter_rows() if title}

    def of_months(self, table: str, months: Iterable[str]) -> pl.DataFrame:
        """All rows of some months of a table; no rows where there are none."""
        empty = pl.DataFrame(schema={c.name: c.polars_type for c in FACTS[table].columns})
        return pl.concat([self._month(table, month) for month in months] or [empty])

    def _months_of(self, table: str, span: Span) -> list[str]:
        """Months whose files may hold rows of a span.

        `workload` is filed by month of acceptance, which may be long before the day of an event.
        """
        first = "" if table == "workload" else span.first.isoformat()[:7]
        last = span.last.isoformat()[:7]
        return [month for month in self.months(table) if first <= month <= last]

    def rows(self, table: str, span: Span) -> pl.DataFrame:
        """Rows of a span; of whole months where a table knows no days."""
        rows = self.of_months(table, self._months_of(table, span))
        if "date" in rows.columns:
            return rows.filter(pl.col("date").is_between(span.first, span.last))
        return rows

    def _group(self, table: str, keys: tuple[str, ...], span: Span) -> pl.DataFrame:
        """Sums of all measures of a table over a span, by attributes (`date` may be one)."""
        inner = tuple(key for key in keys if key != "date")
        measures = FACTS[table].measures
        parts = [self._by_day(table, inner, month) for month in self._months_of(table, span)]
        rows = pl.concat(parts or [self.of_months(table, ()).select("date", *inner, *measures)])
        within = rows.filter(pl.col("date").is_between(span.first, span.last))
        return within.group_by(keys).agg(*self._sums(table, self.absent(table, span)))

    def _group_by_day(self, table: str, keys: tuple[str, ...], month: str) -> pl.DataFrame:
        """Sums of all measures of a month's file by day and attributes."""
        rows = self._month(table, month).group_by("date", *keys)
        return rows.agg(*self._sums(table, self._absent(table, month)))

    def _sums(self, table: str, absent: Collection[str]) -> list[pl.Expr]:
        """The sums of all measures; of those that cannot be filled, nothing."""
        nothing = pl.lit(None, pl.Int64)
        return [
            (nothing if name in absent else pl.col(name).sum()).alias(name)
            for name in FACTS[table].measures
        ]

    def tally(self, table: str, key: str, measure: str, span: Span) -> dict[Any, int]:
        """A measure by the values of one attribute over a span, zeros left out.

        Nothing where the platform has no such attribute or measure.
        """
        if self.lacks(table, key, measure, span=span):
            return {}
        rows = self.grouped(table, (key,), span).select(key, measure)
        return {name: value for name, value in rows.iter_rows() if value}

    def standing(self, table: str, keys: tuple[str, ...], day: date) -> pl.DataFrame:
        """Sums of all measures of a table over all rows up to the end of a day, by attributes.

        A table of flows gives the state at that moment.
        """
        return self.grouped(table, keys, Span(date.min, day))

    def _add(self, total: Sum, span: Span) -> int | None:
        """A declared sum over a span; None where no file of the span arrived, or it is unknown."""
        if self.why_unknown(total, span) or not self.arrived(total.table, span):
            return None
        if "date" not in FACTS[total.table].grain:
            return int(self.rows(total.table, span).select(_value(total).sum()).item())
        days = [self._daily(total, month) for month in self._months_of(total.table, span)]
        return sum(
            value for each in days for day, value in each.items() if span.first <= day <= span.last
        )

    def _sum_daily(self, total: Sum, month: str) -> dict[date, int]:
        rows = self._month(total.table, month)
        return dict(rows.group_by("date").agg(_value(total).sum()).iter_rows())


def _value(total: Sum) -> pl.Expr:
    """What each row adds to a declared sum; 0 for rows that it does not count."""
    value = pl.sum_horizontal(total.add)
    if total.subtract:
        value -= pl.sum_horizontal(total.subtract)
    counted = pl.all_horizontal(pl.lit(True), *(pl.col(c) == v for c, v in total.where))
    return pl.when(counted).then(value).otherwise(0)


@lru_cache(maxsize=1)
def facts_of(release: Path) -> Facts:
    """The facts of a release, which never change: the runs of a night read them once."""
    return Facts(release)
