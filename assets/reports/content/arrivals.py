"""Which export files of a span arrived: what tells a day of zero from a day without data.

Belongs here: questions to the account of files. A day whose file was taken and had no rows is zero;
a day whose file is missing is no data, whatever rows of other files may fall on it.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from assets.exports import TAKEN
from schemas import EXPORTS

# Fact tables that do not bear the name of the dataset that they are counted from.
_SOURCE = {
    "workload": "tickets",
    "focus_tickets": "tickets",
    "repeats": "tickets",
    "seats": "calls",
}


class Counts(NamedTuple):
    """What files held.

    Attributes:
        read: rows read.
        quarantined: rows that broke a rule.
        refused: files refused as a whole.
    """

    read: int = 0
    quarantined: int = 0
    refused: int = 0


class Arrivals:
    """The files of one release.

    Args:
        files: the `files` table.
    """

    def __init__(self, files: pl.DataFrame) -> None:
        self._days: dict[str, set[date]] = defaultdict(set)
        self._counts: dict[str, list[tuple[date, Counts]]] = defaultdict(list)
        for dataset, day, state, read, quarantined in files.select(
            "dataset", "export_date", "state", "read", "quarantined"
        ).iter_rows():
            taken = state == TAKEN
            if taken:
                self._days[dataset].add(day)
            self._counts[dataset].append((day, Counts(read, quarantined, int(not taken))))

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

    def counts(self, dataset: str, first: date, last: date) -> Counts:
        """What the files of a dataset held whose export date lies in a span."""
        found = [counts for day, counts in self._counts[dataset] if first <= day <= last]
        return Counts(*(sum(each) for each in zip(*found, strict=True))) if found else Counts()
