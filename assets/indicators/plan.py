"""The yearly files that there should be, and what each is built from.

They are stored, checked and published like the monthly facts, with the year as their period.
"""

import polars as pl

from assets.core import Warehouse
from assets.facts import SUMMED, FactBuilds, FactRecord, FactsPlan, FactTables, records
from assets.indicators.build import indicators
from assets.indicators.inputs import YearInputs
from assets.indicators.reconcile import reconciliation
from assets.indicators.scheme import scheme_of
from schemas import FACTS

# Table -> yearly exports that it is built from, beside the facts.
EXPORTS_OF = {"indicators": ("annual", "survey"), "reconciliation": ("declared",)}
YEARLY = tuple(EXPORTS_OF)


class _Yearly(FactBuilds):
    """A table of figures of a year."""

    code = ("schemas", "assets.facts", "assets.indicators")

    def __init__(self, warehouse: Warehouse, name: str, facts: FactsPlan) -> None:
        super().__init__(warehouse, FACTS[name])
        self._facts = facts
        self._exports = EXPORTS_OF[name]

    def year(self, year: str) -> YearInputs:
        return YearInputs(self.warehouse, self._facts.inputs, int(year))

    def inputs(self, year: str) -> object:
        return self.year(year).identity(self._exports)

    def as_of(self, year: str) -> str:
        return self.year(year).cutoff.isoformat()

    def build(self, year: str) -> FactRecord:
        """Build the file of a year, from facts that are as they were built."""
        for name in (*SUMMED, "kpi_monthly"):
            for built in records(self.warehouse, name, within=f"{year}-"):
                self._facts.repair(name, built.month)
        return super().build(year)


class _Indicators(_Yearly):
    """The indicator inputs of each year that a scheme is in force in."""

    @property
    def periods(self) -> list[str]:
        known = {each.month[:4] for each in records(self.warehouse, "kpi_monthly")}
        for name in self._exports:
            known |= set(self._facts.inputs.details[name])
        return sorted(year for year in known if scheme_of(int(year)))

    def inputs(self, year: str) -> object:
        scheme = scheme_of(int(year))
        return scheme.model_dump(mode="json") if scheme else "", super().inputs(year)

    def rows(self, year: str) -> pl.DataFrame:
        scheme = scheme_of(int(year))
        if scheme is None:
            raise ValueError(f"no scheme is in force in {year}")
        return indicators(self.year(year), scheme)


class _Reconciliation(_Yearly):
    """The declared figures of each year beside the computed ones."""

    @property
    def periods(self) -> list[str]:
        return sorted(self._facts.inputs.details["declared"])

    def rows(self, year: str) -> pl.DataFrame:
        return reconciliation(self.year(year))


class IndicatorsPlan(FactTables):
    """The yearly tables that the present facts and details call for.

    Args:
        warehouse: where everything lies.
        facts: the facts that the present details call for.
    """

    def __init__(self, warehouse: Warehouse, facts: FactsPlan) -> None:
        super().__init__(
            {
                "indicators": _Indicators(warehouse, "indicators", facts),
                "reconciliation": _Reconciliation(warehouse, "reconciliation", facts),
            }
        )
