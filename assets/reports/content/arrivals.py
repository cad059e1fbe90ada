"""Which export files of a span arrived: what tells a day of zero from a day without data.

Belongs here: questions to the account of files. A day whose file was taken and had no rows is zero;
a day whose file is missing is no data, whatever rows of other files may fall on it.
"""

from collections import defaultdict
from datetime import date, timedelta

import polars as pl

from assets.exports.ledger import TAKEN
from schemas import EXPORTS

# Fact tables that do not bear the name of the dataset that they are counted from.
_SOURCE = {
    "workload": "tickets",
    "focus_tickets": "tickets",
    "repeats": "tickets",
    "seats": "calls",
}


class Arrivals:
    """The files of one release.

    Args:
        files: the `files` table.
    """

    def __init__(self, files: pl.DataFrame) -> None:
        self._files = files
        self._days: dict[str, set[date]] = defaultdict(set)
        taken = files.filter(pl.col("state") == TAKEN)
        for dataset, day in taken.select("dataset", "export_date").iter_rows():
            self._days[dataset].add(day)

    def expected(self, dataset: str, first: date, last: date) -> list[date]:
        """Export dates that a dataset owes for a span, oldest first."""
        cadence = EXPORTS[dataset].cadence
        days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
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

    def any(self, table: str, first: date, last: date) -> bool:
        """Whether a file of the span was taken; of its months where a dataset is not daily."""
        dataset = _SOURCE.get(table, table)
        if EXPORTS[dataset].cadence == "daily":
            return any(first <= day <= last for day in self._days[dataset])
        begin, end = (first.year, first.month), (last.year, last.month)
        return any(begin <= (day.year, day.month) <= end for day in self._days[dataset])

    def of(self, first: date, last: date) -> pl.DataFrame:
        """The account of the files whose export date lies in a span."""
        return self._files.filter(pl.col("export_date").is_between(first, last))
