"""The facts of the province, by month, from the releases of its cities.

Belongs here: from which files of the cities each file is made, and making it: rows below each
other, KPIs from their sums.
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from assets.core import Warehouse, code_version, fingerprint, sha256_of
from assets.facts import (
    SUMMED,
    Built,
    built_path,
    drop_gone,
    kpi_facts,
    read_record,
    records,
    store,
)
from assets.province.cities import CityRelease
from schemas import BY_SITE, PROVINCE
from schemas.province import SITE

_KPIS = "kpi_monthly"


class RollUp:
    """The files that the current releases of the cities call for.

    Args:
        warehouse: that of the province.
        cities: the releases.
    """

    def __init__(self, warehouse: Warehouse, cities: Sequence[CityRelease]) -> None:
        self._warehouse = warehouse
        self.cities = cities

    def months(self, table: str) -> list[str]:
        """Months that a table should have a file for."""
        name = BY_SITE[table].of if table in BY_SITE else _KPIS
        return sorted(
            {month for each in self.cities for own, month in each.release.resources if own == name}
        )

    def _expected(self, month: str) -> list[CityRelease]:
        """Cities that should have figures of a month: those whose figures begin by then."""
        first = {
            each.name: min(month for table, month in each.release.resources if table == _KPIS)
            for each in self.cities
        }
        return [each for each in self.cities if first[each.name] <= month]

    def _identity(self, table: str, month: str) -> str:
        names = (BY_SITE[table].of,) if table in BY_SITE else (*SUMMED, "data_quality", _KPIS)
        return fingerprint(
            code_version("schemas", "assets.facts", "assets.province"),
            [(each.name, [each.sha256(name, month) for name in names]) for each in self.cities],
        )

    def stale(self) -> list[tuple[str, str]]:
        """Table and month of each file that is not made of what it should be, in order."""
        found = []
        for table in PROVINCE:
            built = {each.month: each for each in records(self._warehouse, table)}
            for month in self.months(table):
                own = built.get(month)
                if own is None or not self._is_made_of(own, self._identity(table, month)):
                    found.append((table, month))
        return found

    def _is_made_of(self, built: Built, identity: str) -> bool:
        sound = sha256_of(built_path(self._warehouse, built)) == built.sha256
        return sound and built.fingerprint == identity

    def drop_gone(self) -> None:
        """Remove files of months that no city has any more, or that nothing records."""
        for table in PROVINCE:
            drop_gone(self._warehouse, table, self.months(table))

    def build(self, table: str, month: str) -> Built:
        """Build one file."""
        rows = self._by_installation(table, month) if table in BY_SITE else self._kpis(month)
        return store(
            self._warehouse,
            PROVINCE[table],
            month,
            rows,
            fingerprint=self._identity(table, month),
            as_of="",
            examined=rows.height,
        )

    def _by_installation(self, table: str, month: str) -> pl.DataFrame:
        name = BY_SITE[table].of
        found = [(each.name, each.scan(name, month)) for each in self.cities]
        return pl.concat(
            rows.with_columns(pl.lit(city).alias(SITE)) for city, rows in found if rows is not None
        ).collect()

    def _read(self, table: str, month: str) -> pl.DataFrame | None:
        built = read_record(self._warehouse, table, month)
        return pl.read_parquet(built_path(self._warehouse, built)) if built else None

    def _kpis(self, month: str) -> pl.DataFrame:
        found = {name: self._read(f"site_{name}", month) for name in SUMMED}
        facts = {name: rows for name, rows in found.items() if rows is not None}
        own = self._read(f"site_{_KPIS}", month)
        assert own is not None, "the month is one of the KPIs of some city"
        # All figures are known only as far as those of the city that is behind the others.
        cutoff = own["cutoff"].min()
        assert isinstance(cutoff, datetime)
        rows = kpi_facts(facts, complete=self._complete(month), cutoff=cutoff)
        return rows.with_columns(pl.lit(month).alias("month"))

    def _complete(self, month: str) -> dict[str, bool]:
        """Table -> whether every city that should have figures has all of its files."""
        quality = self._read("site_data_quality", month)
        if quality is None:
            return {}
        whole = quality.filter(pl.col("periods_present") == pl.col("periods_expected"))
        have = set(whole.select(SITE, "dataset").rows())
        expected = [each.name for each in self._expected(month)]
        return {name: all((city, name) in have for city in expected) for name in SUMMED}


def accounted(plan: RollUp, built: Sequence[Built]) -> list[str]:
    """Files of the province whose rows are not as many as those of the cities; "table month"."""
    rows = {(each.table, each.month): each.rows for each in built}
    wrong = []
    for table, declared in BY_SITE.items():
        for month in plan.months(table):
            resources = [each.release.resources.get((declared.of, month)) for each in plan.cities]
            if rows.get((table, month)) != sum(each["rows"] for each in resources if each):
                wrong.append(f"{table} {month}")
    return wrong
