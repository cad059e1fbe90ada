"""The tables of the province, from the current release of each city.

A release is read as any reader reads it; nothing else of a city's warehouse is looked at. Rows of
the cities are concatenated; the KPIs are formed from their sums, never from averages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

import polars as pl
import pyarrow.parquet as pq

from assets.core import HotlineError, Warehouse, sha256_of
from assets.facts import SUMMED, FactBuilds, kpi_facts
from assets.installation import Installation
from assets.releases import DESCRIPTOR, Release, current_release
from schemas import BY_SITE, FACTS, PROVINCE
from schemas.province import SITE
from schemas.table import absent_columns

_KPIS = "kpi_monthly"
# What of a city's release is read: its descriptor, and counts.
_READ = (
    DESCRIPTOR,
    *(FACTS[table.of].path.format(table=table.of, period="*") for table in BY_SITE.values()),
)


@dataclass(frozen=True)
class CityRelease:
    """The current release of a city.

    Attributes:
        name: name of the city.
        title: the same for people.
        release: its release.
    """

    name: str
    title: str
    release: Release

    @property
    def description(self) -> dict[str, str]:
        """What the descriptor of the province says of it."""
        return {"site": self.name, "title": self.title, "release": self.release.folder.name}

    def months(self, table: str) -> list[str]:
        """Months that there is a fact file of."""
        return [month for name, month in self.release.resources if name == table]

    def height(self, table: str, month: str) -> int:
        """Number of rows of a fact file; 0 where there is none."""
        resource = self.release.resources.get((table, month))
        return resource["rows"] if resource else 0

    def absent(self, table: str, month: str) -> dict[str, str]:
        """Columns of a fact file that the platform of the city cannot fill -> why."""
        resource = self.release.resources.get((table, month))
        if resource is None:
            return {}
        return absent_columns(pq.read_schema(self.release.folder / resource["path"]))

    def sha256(self, table: str, month: str) -> str | None:
        """SHA-256 of a fact file; None where there is none."""
        resource = self.release.resources.get((table, month))
        return resource["hash"] if resource else None

    def scan(self, table: str, month: str) -> pl.LazyFrame | None:
        """The rows of a fact file; None where there is none.

        Raises:
            HotlineError: its bytes are not those that were published.
        """
        resource = self.release.resources.get((table, month))
        if resource is None:
            return None
        path = self.release.folder / resource["path"]
        if not path.exists() or f"sha256:{sha256_of(path)}" != resource["hash"]:
            raise HotlineError(
                f"城市 {self.name} 的发布 {self.release.folder.name} 不完整或被改动过："
                f"请运行 hotline run --city {self.name}，再汇总。"
            )
        return pl.scan_parquet(path)


def is_read(path: str) -> bool:
    """Whether the roll-up reads a file of a city's release.

    On several machines nothing else of a city comes to the one that rolls up: single tickets
    stay where they are.
    """
    return any(fnmatchcase(path, pattern) for pattern in _READ)


def current_releases(installations: Sequence[Installation]) -> list[CityRelease]:
    """The current release of every city that has one."""
    found = []
    for installation in installations:
        name = current_release(installation.warehouse)
        if name is not None:
            release = Release.open(installation.warehouse.releases / name)
            found.append(CityRelease(installation.name, installation.title, release))
    return found


class _ProvinceTable(FactBuilds):
    """A table that is made of tables of the cities.

    Args:
        warehouse: that of the province.
        name: of the table.
        cities: the releases.
        sources: tables of the cities; the last one says which months there are.
    """

    code = ("schemas", "assets.facts", "assets.province")

    def __init__(
        self, warehouse: Warehouse, name: str, cities: Sequence[CityRelease], *sources: str
    ) -> None:
        super().__init__(warehouse, PROVINCE[name])
        self.cities = cities
        self._sources = sources

    @property
    def periods(self) -> list[str]:
        """Months that any city has."""
        return sorted({month for each in self.cities for month in each.months(self._sources[-1])})

    def inputs(self, month: str) -> object:
        """The files of every city."""
        return [
            (each.name, [each.sha256(name, month) for name in self._sources])
            for each in self.cities
        ]

    def is_current(self, month: str) -> bool:
        """Whether a file is built from the present releases, and its bytes are those recorded."""
        built = self.record(month)
        return built is not None and super().is_current(month) and self.is_intact(built)


class SiteTable(_ProvinceTable):
    """The rows of all cities, concatenated."""

    def rows(self, month: str) -> pl.DataFrame:
        """The rows with the name of their city."""
        found = [(each.name, each.scan(self.table.of, month)) for each in self.cities]
        return pl.concat(
            rows.with_columns(pl.lit(city).alias(SITE)) for city, rows in found if rows is not None
        ).collect()

    def lacking(self, month: str) -> str:
        """What the cities lack."""
        found = [each.absent(self.table.of, month) for each in self.cities]
        return "；".join(dict.fromkeys(why for of_city in found for why in of_city.values()))

    def is_whole(self, month: str) -> bool:
        """Whether a file has as many rows as those of the cities together."""
        built = self.record(month)
        return built is not None and built.rows == sum(
            each.height(self.table.of, month) for each in self.cities
        )


class ProvinceKpis(_ProvinceTable):
    """The KPIs of the province, from the sums over all cities."""

    def __init__(
        self, warehouse: Warehouse, cities: Sequence[CityRelease], sites: Mapping[str, SiteTable]
    ) -> None:
        super().__init__(warehouse, _KPIS, cities, *SUMMED, "data_quality", _KPIS)
        self._sites = sites

    def rows(self, month: str) -> pl.DataFrame:
        """The KPIs, stated as of the moment that the last of the cities is known up to."""
        found = {name: self._sites[f"site_{name}"].read(month) for name in SUMMED}
        facts = {name: rows for name, rows in found.items() if rows is not None}
        cities = self._sites[f"site_{_KPIS}"].read(month)
        assert cities is not None, "the month is one of the KPIs of some city"
        cutoff = cities["cutoff"].min()
        assert isinstance(cutoff, datetime)
        rows = kpi_facts(facts, complete=self._complete(month), cutoff=cutoff)
        return rows.with_columns(pl.lit(month).alias("month"))

    def _complete(self, month: str) -> dict[str, bool]:
        """Table -> whether every city whose figures begin by then has all of its files."""
        quality = self._sites["site_data_quality"].read(month)
        if quality is None:
            return {}
        whole = quality.filter(pl.col("periods_present") == pl.col("periods_expected"))
        have = set(whole.select(SITE, "dataset").rows())
        expected = [each.name for each in self.cities if min(each.months(_KPIS)) <= month]
        return {name: all((city, name) in have for city in expected) for name in SUMMED}


def province_tables(warehouse: Warehouse, cities: Sequence[CityRelease]) -> dict[str, FactBuilds]:
    """The tables that the releases of the cities call for, in the order in which they are built.

    Args:
        warehouse: that of the province.
        cities: the releases.
    """
    sites = {name: SiteTable(warehouse, name, cities, table.of) for name, table in BY_SITE.items()}
    return {**sites, _KPIS: ProvinceKpis(warehouse, cities, sites)}
