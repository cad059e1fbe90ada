"""What arrived for the days of a report, as a release says.

Belongs here: three questions about a period: whether there is any data, whether all exports are
there, and by which exports it is to be recognised. Tickets change for weeks after their day, and
with them the fact files of past months; that is life, not a correction, and the next report tells
it. So a report is held against the exports of its own days: one that is late, replaced or corrected
is a reason to look at an issued report again, a ticket that was closed since is none.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from assets.core import fingerprint
from assets.exports import TAKEN
from assets.reports.content import Arrivals, Facts, Period, days_of, span_of
from schemas import EXPORTS
from schemas.reports import ReportKind
from schemas.table import Cadence

# Exports that a report of a kind waits for.
_AWAITED: dict[ReportKind, tuple[Cadence, ...]] = {
    "daily": ("daily",),
    "weekly": ("daily",),
    "monthly": ("daily", "monthly"),
    "annual": ("daily", "monthly", "yearly"),
}


class Arrived:
    """The account of the exports of one release.

    Args:
        folder: the release.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        files = pl.read_parquet(folder / "files.parquet")
        self._arrivals = Arrivals(files)
        rows = files.filter(state=TAKEN).select("export_date", "dataset", "delivery").rows()
        self._deliveries: dict[date, list[tuple[str, str]]] = {}
        for day, dataset, delivery in sorted(rows):
            self._deliveries.setdefault(day, []).append((dataset, delivery))

    @property
    def release(self) -> str:
        """Id of the release."""
        return self._folder.name

    @cached_property
    def cutoff(self) -> date:
        """The first day that the release knows nothing of."""
        return Facts(self._folder).cutoff.date()

    @cached_property
    def days(self) -> list[date]:
        """Days for which there is data: calls arrived, or a ticket was accepted."""
        days = self._deliveries.items()
        found = {day for day, each in days if any(name == "calls" for name, _ in each)}
        tickets = self._folder / "facts" / "tickets"
        if any(tickets.glob("*.parquet")):
            accepted = pl.scan_parquet(tickets / "*.parquet").select(pl.col("date").unique())
            found |= set(accepted.collect()["date"])
        return sorted(found)

    def has_data(self, period: Period) -> bool:
        """Whether there is data for any day of a period."""
        return any(period.first <= day <= period.last for day in self.days)

    def deliveries(self, period: Period) -> str:
        """Fingerprint of the exports of the days of a period."""
        days = [day for day in days_of(span_of(period)) if day in self._deliveries]
        return fingerprint([(day, self._deliveries[day]) for day in days])

    def is_complete(self, period: Period, datasets: Iterable[str]) -> bool:
        """Whether every export that a report waits for has arrived.

        Args:
            period: the period.
            datasets: those that the platform exports at all.
        """
        awaited = [name for name in datasets if EXPORTS[name].cadence in _AWAITED[period.kind]]
        return not any(self._arrivals.missing(name, period.first, period.last) for name in awaited)
