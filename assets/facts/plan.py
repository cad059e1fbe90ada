"""The fact files that there should be, and what each kind of table is built from.

Tables made of details follow their recipe (`recipes`); `data_quality` and `files` are made of the
account of all files; `kpi_monthly` is made of the other tables of its month; `expectations`
(`expected`) is made of the counts of all days.
"""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from assets.core import HotlineError, Warehouse
from assets.facts.data_quality import COUNTS, data_quality_facts, published_files
from assets.facts.expected import ExpectationBuilds
from assets.facts.inputs import REFERENCES, Inputs
from assets.facts.invariants import broken
from assets.facts.kpi_monthly import kpi_facts
from assets.facts.merges import merge_faults
from assets.facts.recipes import RECIPES
from assets.facts.storage import FactBuilds, FactTables
from assets.installation import Installation
from schemas import EXPORTS, FACTS

# In the order in which they must be built: data_quality looks at details, the KPIs at facts.
FROM_DETAILS = tuple(RECIPES)
MONTHLY = (*FROM_DETAILS, "data_quality", "kpi_monthly")
# One file for all months.
WHOLE = ("files", "expectations")
# What the KPIs are sums of.
SUMMED = ("calls", "tickets", "callbacks", "quality", "knowledge", "staff")


def _checked(
    table: str, rows: pl.DataFrame, month: str, details: pl.LazyFrame | None = None
) -> pl.DataFrame:
    """Rows with their month.

    Raises:
        HotlineError: the rows break an equation that every fact file satisfies.
    """
    if wrong := broken(table, rows, details):
        raise HotlineError(
            f"{month} 的 {table} 不满足恒等式 {'、'.join(wrong)}，未发布："
            "这是程序的错误，请联系维护人员。"
        )
    return rows.with_columns(pl.lit(month).alias("month"))


class _FromDetails(FactBuilds):
    """A table made of details by its recipe."""

    def __init__(self, warehouse: Warehouse, name: str, inputs: Inputs) -> None:
        super().__init__(warehouse, FACTS[name])
        self._recipe = RECIPES[name]
        self._inputs = inputs

    @property
    def periods(self) -> list[str]:
        dataset = self._recipe.dataset
        if any(column in self._inputs.absent(of) for of, column in self._recipe.needs):
            return []
        return sorted({*self._inputs.details[dataset], *self._inputs.export_months(dataset)})

    def inputs(self, month: str) -> object:
        return (
            self._inputs.version(self._recipe.dataset, month),
            self.as_of(month),
            *self._recipe.links(self._inputs, month),
        )

    def as_of(self, month: str) -> str:
        if not self._recipe.dated:
            return ""
        return self._inputs.as_of(self._recipe.dataset, month).isoformat()

    def examined(self, month: str) -> int:
        details = self._inputs.details[self._recipe.dataset].get(month)
        return details.rows if details else 0

    def lacking(self, month: str) -> str:
        columns = EXPORTS[self._recipe.dataset].by_name
        absent = self._inputs.absent(self._recipe.dataset) & columns.keys()
        titles = "、".join(columns[name].title for name in sorted(absent))
        years = self._inputs.years_unknown(self._recipe.dataset, month)
        return "；".join(
            [
                *([f"平台没有{titles}"] if titles else []),
                *(f"工作日历没有{year}年，有工单的时限算不出" for year in years),
            ]
        )

    def rows(self, month: str) -> pl.DataFrame:
        rows = self._recipe.rows(self._inputs, month).collect()
        details = self._inputs.scan(self._recipe.dataset, [month])
        return _checked(self.table.name, rows, month, details)


class _DataQuality(FactBuilds):
    """What arrived for each month, by dataset."""

    def __init__(self, warehouse: Warehouse, inputs: Inputs) -> None:
        super().__init__(warehouse, FACTS["data_quality"])
        self._inputs = inputs

    @property
    def periods(self) -> list[str]:
        details = self._inputs.details
        referring = {month for name in REFERENCES for month in details[name]}
        noted = {month for month, found in details["tickets"].items() if any(found.noted.values())}
        return sorted(self._inputs.export_months() | referring | noted)

    def inputs(self, month: str) -> object:
        counts = self._inputs.files_of(month).select("delivery", "state", *COUNTS)
        references = [
            (
                self._inputs.version(dataset, month),
                self._inputs.links(other, "known", self._inputs.until(other, month)),
            )
            for dataset, (other, _) in REFERENCES.items()
        ]
        noted = self._noted(month)
        merges = noted.get("merged") and [
            self._inputs.links("tickets", purpose, self._inputs.until_next("tickets", month))
            for purpose in ("known", "merges")
        ]
        return counts.sort("delivery").rows(), references, noted, merges

    def _noted(self, month: str) -> dict[str, int]:
        summary = self._inputs.details["tickets"].get(month)
        return summary.noted if summary else {}

    def rows(self, month: str) -> pl.DataFrame:
        found = {name: {"unmatched": n} for name, n in self._inputs.unmatched(month).items()}
        noted = dict(self._noted(month))
        if noted.pop("merged", 0):
            noted |= merge_faults(self._inputs, month)
        found["tickets"] = noted
        rows = data_quality_facts(self._inputs.files_of(month), month, found)
        return _checked(self.table.name, rows, month)


class _Kpis(FactBuilds):
    """The KPIs of each month."""

    def __init__(self, warehouse: Warehouse, tables: Mapping[str, FactBuilds]) -> None:
        super().__init__(warehouse, FACTS["kpi_monthly"])
        self._summed = {name: tables[name] for name in SUMMED}
        self._quality = tables["data_quality"]

    @property
    def periods(self) -> list[str]:
        return sorted({month for table in self._summed.values() for month in table.periods})

    def inputs(self, month: str) -> object:
        found = [table.record(month) for table in (*self._summed.values(), self._quality)]
        return [(built.sha256, built.as_of) for built in found if built]

    def rows(self, month: str) -> pl.DataFrame:
        records = {name: table.record(month) for name, table in self._summed.items()}
        waits = [
            FACTS[name].title
            for name, table in self._summed.items()
            if records[name] is None and month in table.periods
        ]
        if waits:
            raise HotlineError(f"{'、'.join(waits)} 没有算出，指标等它们。")
        facts = {name: table.read(month) for name, table in self._summed.items()}
        quality = self._quality.read(month)
        rows = kpi_facts(
            {name: rows for name, rows in facts.items() if rows is not None},
            complete=_complete_tables(quality) if quality is not None else {},
            cutoff=max(datetime.fromisoformat(each.as_of) for each in records.values() if each),
        )
        return _checked(self.table.name, rows, month)


def _complete_tables(quality: pl.DataFrame) -> dict[str, bool]:
    """Dataset -> whether every expected file of the month was ingested."""
    complete = pl.col("periods_present") == pl.col("periods_expected")
    return dict(quality.select("dataset", complete).iter_rows())


class _Files(FactBuilds):
    """The account of all files: one file, for all months."""

    periods = ("",)

    def __init__(self, warehouse: Warehouse, inputs: Inputs) -> None:
        super().__init__(warehouse, FACTS["files"])
        self._inputs = inputs

    def inputs(self, period: str) -> object:
        return self.rows(period).rows()

    def rows(self, period: str) -> pl.DataFrame:
        return published_files(self._inputs.files)


class FactsPlan(FactTables):
    """The facts that the present details call for; make a new one after details have changed.

    Args:
        installation: whose facts they are.
    """

    def __init__(self, installation: Installation) -> None:
        warehouse = installation.warehouse
        self.inputs = Inputs(warehouse)
        tables: dict[str, FactBuilds] = {
            name: _FromDetails(warehouse, name, self.inputs) for name in FROM_DETAILS
        }
        tables["data_quality"] = _DataQuality(warehouse, self.inputs)
        tables["kpi_monthly"] = _Kpis(warehouse, tables)
        tables["files"] = _Files(warehouse, self.inputs)
        tables["expectations"] = ExpectationBuilds(
            self.inputs,
            tables["calls"],
            installation.deadlines.calendar,
            installation.reports.week_start,
        )
        super().__init__(tables)

    def build_whole(self) -> None:
        """Build what is stale of the tables that are one file for all months."""
        for table in self.stale_whole():
            self.build(table, "")

    def stale_whole(self) -> list[str]:
        """Those of them that are not built from what they should be."""
        return [table for table in WHOLE if self.stale(table)]
