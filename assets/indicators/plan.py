"""Which yearly tables there should be, from what each is built, and building them.

Belongs here: the fingerprint of the two yearly files. They are stored, checked and published like
the monthly facts, with the year as their period.
"""

import polars as pl

from assets.core import Warehouse, code_version, fingerprint, sha256_of
from assets.facts import (
    SUMMED,
    Built,
    FactsPlan,
    built_path,
    drop_gone,
    read_record,
    records,
    store,
)
from assets.indicators.build import indicators
from assets.indicators.inputs import YearInputs
from assets.indicators.reconcile import reconciliation
from assets.indicators.scheme import scheme_of
from schemas import FACTS

YEARLY = ("indicators", "reconciliation")
_EXPORTS = {"indicators": ("annual", "survey"), "reconciliation": ("declared",)}


class IndicatorsPlan:
    """The yearly tables that the present facts and details call for.

    Args:
        warehouse: where everything lies.
        facts: the facts that the present details call for.
    """

    def __init__(self, warehouse: Warehouse, facts: FactsPlan) -> None:
        self._warehouse = warehouse
        self._facts = facts
        self._inputs = facts.inputs

    def years(self, table: str) -> list[str]:
        """Years that a table should have a file for."""
        if table == "reconciliation":
            return sorted(self._inputs.details["declared"])
        facts = {each.month[:4] for each in records(self._warehouse, "kpi_monthly")}
        known = facts | set(self._inputs.details["annual"]) | set(self._inputs.details["survey"])
        return sorted(year for year in known if scheme_of(int(year)))

    def _year(self, year: str) -> YearInputs:
        return YearInputs(self._warehouse, self._inputs, int(year))

    def expected(self, table: str, year: str) -> str:
        """Fingerprint of what a file should be built from."""
        scheme = scheme_of(int(year)) if table == "indicators" else None
        return fingerprint(
            code_version("schemas", "assets.facts", "assets.indicators"),
            scheme.model_dump(mode="json") if scheme else "",
            self._year(year).identity(_EXPORTS[table]),
        )

    def stale(self, table: str) -> list[str]:
        """Years whose file is not built from what it should be."""
        built = {each.month: each.fingerprint for each in records(self._warehouse, table)}
        return [year for year in self.years(table) if built.get(year) != self.expected(table, year)]

    def drop_gone(self, table: str) -> None:
        """Remove files of years that nothing belongs to any more, or that none records."""
        drop_gone(self._warehouse, table, self.years(table))

    def build(self, table: str, year: str) -> Built:
        """Build one file, from facts that are as they were built."""
        for name in (*SUMMED, "kpi_monthly"):
            for built in records(self._warehouse, name, within=f"{year}-"):
                self._facts.mend(name, built.month)
        known = self._year(year)
        rows = self._rows(table, known)
        return store(
            self._warehouse,
            FACTS[table],
            year,
            rows,
            fingerprint=self.expected(table, year),
            as_of=known.cutoff.isoformat(),
            examined=known.kpis.height,
        )

    def mend(self, table: str, year: str) -> None:
        """Build a file again where its bytes are no longer those recorded."""
        built = read_record(self._warehouse, table, year)
        if built and sha256_of(built_path(self._warehouse, built)) != built.sha256:
            self.build(table, year)

    def _rows(self, table: str, year: YearInputs) -> pl.DataFrame:
        if table == "reconciliation":
            return reconciliation(year)
        scheme = scheme_of(year.year)
        if scheme is None:
            raise ValueError(f"no scheme is in force in {year.year}")
        return indicators(year, scheme)
