"""The details and ledgers that facts are computed from, and what is known of both without rows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from assets.core import Warehouse, scan_whole
from assets.details import (
    DetailsSummary,
    details_schema,
    read_details,
    rows_with_keys,
    zone_of,
)
from assets.exports import TAKEN, read_ledger
from assets.facts.data_quality import account
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE

# Rows that name a row of another dataset: dataset -> (other dataset, column).
REFERENCES = {"callbacks": ("tickets", "ticket_id"), "quality": ("calls", "call_id")}


def next_month(month: str) -> date:
    """The first day of the month after a month, YYYY-MM."""
    return (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)


class _Summaries(dict[str, dict[str, DetailsSummary]]):
    """Dataset -> period -> summary of its details; a dataset is read when it is first asked for."""

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__()
        self._warehouse = warehouse

    def __missing__(self, dataset: str) -> dict[str, DetailsSummary]:
        periods = sorted(path.stem for path in self._warehouse.details(dataset).glob("*.parquet"))
        found = {each: read_details(self._warehouse, dataset, each) for each in periods}
        self[dataset] = {period: summary for period, summary in found.items() if summary}
        return self[dataset]


class Inputs:
    """The details and ledgers of a warehouse; make a new one after either has changed.

    Args:
        warehouse: where everything lies.

    Attributes:
        details: dataset -> period -> summary of its details.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._ledgers = {name: read_ledger(warehouse, name) for name in EXPORTS}
        self.details = _Summaries(warehouse)

    @cached_property
    def zone(self) -> str:
        """Zone of the days, hours and months."""
        taken = [ledger.filter(state=TAKEN) for ledger in self._ledgers.values()]
        return zone_of(pl.concat(each.select("detail") for each in taken))

    def start_of(self, day: date) -> datetime:
        """The midnight that begins a day."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))

    def end_of(self, day: date) -> datetime:
        """The midnight that ends a day: a data cutoff."""
        return self.start_of(day + timedelta(days=1))

    @cached_property
    def files(self) -> pl.DataFrame:
        """The account of every file of every dataset."""
        return pl.concat(
            [account(self._ledgers[name], self.details[name].values()) for name in EXPORTS]
        )

    def files_of(self, month: str) -> pl.DataFrame:
        """The account of the files that belong to a month: see `_files_by_month`."""
        return self._files_by_month.get(month, self.files.clear())

    @cached_property
    def _files_by_month(self) -> dict[str, pl.DataFrame]:
        """Files by the month of their export date, or of their arrival where that came before.

        A yearly file bears the date of a month that may be far ahead and cannot be built yet.
        """
        day = pl.min_horizontal("export_date", "arrived")
        month = day.dt.strftime("%Y-%m").alias("month")
        parts = self.files.with_columns(month).partition_by(
            "month", as_dict=True, include_key=False
        )
        return {str(month): part for (month,), part in parts.items()}

    @cached_property
    def _last_ingested(self) -> dict[tuple[str, str], date]:
        """Last export date of the files that were ingested, by dataset and month."""
        month = pl.col("export_date").dt.strftime("%Y-%m").alias("month")
        last = [
            ledger.lazy().filter(state=TAKEN).group_by("dataset", month).agg(pl.max("export_date"))
            for ledger in self._ledgers.values()
        ]
        return {(name, month): day for name, month, day in pl.concat(last).collect().iter_rows()}

    @cached_property
    def cutoff(self) -> datetime | None:
        """The end of the last day with an ingested daily export; None before the first."""
        last = self._last_ingested.items()
        days = [day for (name, _), day in last if EXPORTS[name].cadence == "daily"]
        return self.end_of(max(days)) if days else None

    def export_months(self, dataset: str | None = None) -> set[str]:
        """Months of the export dates of one dataset's ingested files, or of all files."""
        if dataset is None:
            return set(self._files_by_month)
        return {month for name, month in self._last_ingested if name == dataset}

    def until(self, dataset: str, month: str, *, before: bool = False) -> list[str]:
        """Periods of a dataset up to a month, or before it."""
        periods = self.details[dataset]
        return [each for each in periods if each < month or (each == month and not before)]

    def until_next(self, dataset: str, month: str) -> list[str]:
        """Periods of a dataset up to the month after a month."""
        return self.until(dataset, f"{next_month(month):%Y-%m}")

    def since(self, dataset: str, day: date, month: str) -> list[str]:
        """Periods of a dataset from that of a day up to a month."""
        return [each for each in self.details[dataset] if f"{day:%Y-%m}" <= each <= month]

    def scan(self, dataset: str, periods: Iterable[str]) -> pl.LazyFrame:
        """Details of some periods, their moments in the zone; no rows where there are none."""
        folder = self._warehouse.details(dataset)
        paths = [folder / f"{each}.parquet" for each in periods if each in self.details[dataset]]
        rows = scan_whole(paths) if paths else pl.LazyFrame(schema=details_schema(dataset))
        if self.zone == TIME_ZONE:
            return rows
        moments = pl.selectors.datetime(time_zone="*")
        return rows.with_columns(moments.dt.convert_time_zone(self.zone))

    def absent(self, dataset: str) -> frozenset[str]:
        """Columns that the platform does not have, as the details of a dataset say."""
        return frozenset(each for found in self.details[dataset].values() for each in found.absent)

    def years_unknown(self, dataset: str, period: str) -> list[int]:
        """Years that deadlines of a period fall in and the working-day calendar does not have."""
        summary = self.details[dataset].get(period)
        return summary.years_unknown if summary else []

    def version(self, dataset: str, period: str) -> str:
        """Fingerprint of the details of a period; empty where there are none."""
        summary = self.details[dataset].get(period)
        return summary.fingerprint if summary else ""

    def links(self, dataset: str, purpose: str, periods: Iterable[str]) -> list[tuple[str, str]]:
        """Fingerprints of the columns that are looked up for a purpose, period by period."""
        return [(each, self.details[dataset][each].links[purpose]) for each in periods]

    def as_of(self, dataset: str, month: str) -> datetime:
        """Moment as of which a month of a dataset is stated.

        Open tickets are in time or overdue at the release's cutoff, until the last of them is
        overdue. Everything else is known as of the last export that it came from, so that a
        finished month does not change each night.
        """
        summary = self.details[dataset].get(month)
        days = [date.fromisoformat(summary.latest)] if summary else []
        if summary and summary.open_until and self.cutoff:
            deadline = datetime.fromisoformat(summary.open_until)
            if deadline >= self.cutoff:
                return self.cutoff
            days.append(deadline.astimezone(ZoneInfo(self.zone)).date())
        if own := self._last_ingested.get((dataset, month)):
            days.append(own)
        known_until = self.end_of(max(days))
        # A monthly file is named after a day that may not have come yet.
        return min(known_until, self.cutoff) if self.cutoff else known_until

    def unmatched(self, month: str) -> dict[str, int]:
        """Dataset -> rows of a month whose ticket or call is unknown up to that month."""
        found = {}
        for dataset, (other, key) in REFERENCES.items():
            rows = self.scan(dataset, [month]).select(key).collect().lazy()
            known = rows_with_keys(self.scan(other, self.until(other, month)), rows, [key])
            missing = rows.join(known.select(key), on=key, how="anti").select(pl.len())
            found[dataset] = int(missing.collect().item())
        return found
