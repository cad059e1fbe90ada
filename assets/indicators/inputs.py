"""What a year's indicators are computed from: its facts, yearly exports and issued reports.

Facts are scanned, not read: a year need not fit in memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from assets.core import Warehouse, read_reports
from assets.facts import SUMMED, FactRecord, Inputs, intact_path, records
from schemas import FACTS
from schemas.kpis import KPIS, Kpi

KPI: Mapping[str, Kpi] = {kpi.id: kpi for kpi in KPIS}


@dataclass(frozen=True)
class FormItem:
    """An entry of the yearly form."""

    value: float
    unit: str
    evidence: str


class YearInputs:
    """Everything that is known of a year.

    Args:
        warehouse: where everything lies.
        details: the present details.
        year: the year.
    """

    def __init__(self, warehouse: Warehouse, details: Inputs, year: int) -> None:
        self.year = year
        self._warehouse = warehouse
        self._details = details

    def _built(self, table: str) -> list[FactRecord]:
        return records(self._warehouse, table, within=f"{self.year}-")

    def facts(self, table: str) -> pl.LazyFrame:
        """Rows of the year of a fact table; no rows where there are none."""
        paths = [intact_path(self._warehouse, each) for each in self._built(table)]
        if paths:
            return pl.scan_parquet(paths)
        return pl.LazyFrame(schema={c.name: c.polars_type for c in FACTS[table].columns})

    @cached_property
    def kpis(self) -> pl.DataFrame:
        """`kpi_monthly` of the year."""
        return self.facts("kpi_monthly").sort("metric", "month").collect()

    def kpi(self, metric: str) -> pl.DataFrame:
        """The months of one KPI that can be formed: month, numerator, denominator, value, …"""
        return self.kpis.filter(pl.col("metric") == metric).drop_nulls("numerator")

    def kpi_sums(self, metric: str, within: str = "") -> tuple[int | None, int | None]:
        """Numerator and denominator of a KPI, summed over the months that can be formed.

        Args:
            metric: the KPI.
            within: what the months begin with; empty for the whole year.
        """
        months = self.kpi(metric).filter(pl.col("month").str.starts_with(within))
        if not months.height:
            return None, None
        rate = KPI[metric].denominator is not None
        return int(months["numerator"].sum()), int(months["denominator"].sum()) if rate else None

    @cached_property
    def cutoff(self) -> datetime:
        """Moment as of which the year is stated: the latest of its months'."""
        stated: datetime | None = self.kpis["cutoff"].max()  # type: ignore[assignment]
        return stated or self._details.cutoff or datetime.min

    def rows(self, dataset: str) -> pl.LazyFrame:
        """Current rows of a yearly export of the year."""
        return self._details.scan(dataset, [str(self.year)])

    @cached_property
    def form(self) -> dict[tuple[str, str], FormItem]:
        """(indicator, item) -> entry of the yearly form."""
        columns = ("indicator", "item", "value", "unit", "evidence")
        rows = self.rows("annual").select(columns).collect().iter_rows()
        return {(row[0], row[1]): FormItem(*row[2:]) for row in rows}

    @cached_property
    def reports(self) -> pl.DataFrame:
        """Weekly to annual reports due by the cutoff, not backfilled: kind, period, in_time.

        The scheme's rule says nothing of daily reports. A period that was corrected has several
        revisions; the first decides whether it was in time.
        """
        first = read_reports(self._warehouse).unique(
            ["kind", "period"], keep="first", maintain_order=True
        )
        return first.filter(
            pl.col("kind") != "daily",
            pl.col("period").str.starts_with(str(self.year)),
            pl.col("due") < self.cutoff.date(),
            ~pl.col("backfilled"),
        ).select("kind", "period", "in_time")

    def identity(self, datasets: Iterable[str]) -> tuple[object, ...]:
        """What identifies the inputs: facts, yearly exports, and reports where they count."""
        tables = (*SUMMED, "kpi_monthly")
        facts = [(name, each.month, each.sha256) for name in tables for each in self._built(name)]
        details = [(name, self._details.version(name, str(self.year))) for name in datasets]
        return facts, details, self.reports.sort("kind", "period").rows()
