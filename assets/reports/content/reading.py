"""Read the facts of one release for a span of days.

Belongs here: which files of a release a report needs, and KPIs over any span, from the sums that
`schemas.kpis` declares. Nothing else of a report touches the disk.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

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

    def has(self, table: str, span: Span) -> bool:
        """Whether any month of a span has a file of a table: missing is not zero."""
        return any(self._month(table, month) is not None for month in span.months)

    def yearly(self, folder: str, year: int) -> pl.DataFrame | None:
        """A table that is one file a year, such as indicators; None where it is not there."""
        path = self._folder / folder / f"{year}.parquet"
        return pl.read_parquet(path) if path.exists() else None

    def months(self, table: str) -> list[str]:
        """Months for which a table has a file."""
        return sorted(path.stem for path in (self._folder / "facts" / table).glob("*.parquet"))

    def of_months(self, table: str, months: Iterable[str]) -> pl.DataFrame:
        """All rows of some months of a table; no rows where there are none."""
        found = [rows for month in months if (rows := self._month(table, month)) is not None]
        if found:
            return pl.concat(found)
        return pl.DataFrame(schema={c.name: c.polars_type for c in FACTS[table].columns})

    def rows(self, table: str, span: Span) -> pl.DataFrame:
        """Rows of a span; of whole months where a table knows no days."""
        rows = self.of_months(table, span.months)
        if "date" in rows.columns:
            return rows.filter(pl.col("date").is_between(span.first, span.last))
        return rows

    def sums(self, metric: str, span: Span) -> tuple[int | None, int | None]:
        """Numerator and denominator of a KPI over a span; None where there is no data."""
        kpi = _KPIS[metric]
        top = self._sum(kpi.numerator, span)
        return top, self._sum(kpi.denominator, span) if kpi.denominator else None

    def _sum(self, total: Sum, span: Span) -> int | None:
        """A sum over a span; asked for by every report of the year, so remembered."""
        asked = (total, span)
        if asked not in self._added:
            self._added[asked] = self._add(total, span)
        return self._added[asked]

    def _add(self, total: Sum, span: Span) -> int | None:
        rows = self.rows(total.table, span)
        # A day without a row in a month that is there is a day that did not arrive or was zero.
        if not rows.height:
            return None
        for column, value in total.where:
            rows = rows.filter(pl.col(column) == value)
        added = sum(int(rows[name].sum()) for name in total.add)
        return added - sum(int(rows[name].sum()) for name in total.subtract)

    def kpi(self, metric: str, span: Span) -> Figure:
        """A KPI over a span, by the display rule."""
        kpi = _KPIS[metric]
        return kpi_figure(kpi, *self.sums(metric, span))


def kpi_figure(kpi: Kpi, numerator: int | None, denominator: int | None) -> Figure:
    """A KPI from its two sums."""
    if kpi.denominator is None:
        return count(numerator)
    form = Form.RATE if kpi.unit == "%" else Form.MEAN
    if numerator is None or denominator is None:
        return nothing(form, "没有数据")
    return rate(numerator, denominator) if form is Form.RATE else mean(numerator, denominator)
