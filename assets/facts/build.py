"""Which fact files there should be, from what each is built, and building them.

Belongs here: the fingerprint of every fact file. What a table computes is in the module of its
name; what it computes from is given by `assets.facts.inputs`.
"""

from datetime import datetime

import polars as pl

from assets.core import HotlineError, Warehouse, code_version, fingerprint, sha256_of
from assets.facts.data_quality import COUNTS, data_quality_facts, published_files
from assets.facts.inputs import REFERENCES, Inputs
from assets.facts.invariants import broken
from assets.facts.kpi_monthly import kpi_facts
from assets.facts.recipes import RECIPES
from assets.facts.storage import (
    Built,
    built_path,
    drop_gone,
    read_record,
    records,
    store,
)
from schemas import FACTS

# In the order in which they must be built: data_quality looks at details, the KPIs at facts.
FROM_DETAILS = tuple(RECIPES)
MONTHLY = (*FROM_DETAILS, "data_quality", "kpi_monthly")
# What the KPIs are sums of.
SUMMED = ("calls", "tickets", "callbacks", "quality", "knowledge", "staff")


class FactsPlan:
    """The facts that the present details call for; make a new one after details have changed.

    Args:
        warehouse: where everything lies.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.inputs = Inputs(warehouse)

    def months(self, table: str) -> list[str]:
        """Months that a fact table should have a file for."""
        if table == "kpi_monthly":
            return sorted({month for name in SUMMED for month in self.months(name)})
        if table == "data_quality":
            referring = {month for name in REFERENCES for month in self.inputs.details[name]}
            return sorted(self.inputs.export_months() | referring)
        dataset = RECIPES[table].dataset
        return sorted(set(self.inputs.details[dataset]) | self.inputs.export_months(dataset))

    def _identity(self, table: str, month: str) -> tuple[object, ...]:
        """Everything that decides the file of a table and month, apart from the code."""
        inputs = self.inputs
        if table == "kpi_monthly":
            names = (*SUMMED, "data_quality")
            built = [read_record(self._warehouse, each, month) for each in names]
            return tuple((each.sha256, each.as_of) for each in built if each)
        if table == "data_quality":
            counts = inputs.files_of(month).select("delivery", "state", *COUNTS)
            return counts.sort("delivery").rows(), *(
                (
                    self._fingerprint(dataset, month),
                    inputs.links(other, "known", inputs.until(other, month)),
                )
                for dataset, (other, _) in REFERENCES.items()
            )
        recipe = RECIPES[table]
        own = (self._fingerprint(recipe.dataset, month), self._as_of(table, month))
        return *own, *recipe.links(inputs, month)

    def _as_of(self, table: str, month: str) -> str:
        """Moment as of which a table's month is stated, ISO; empty where there is none."""
        recipe = RECIPES.get(table)
        if recipe is None or not recipe.dated:
            return ""
        return self.inputs.as_of(recipe.dataset, month).isoformat()

    def _fingerprint(self, dataset: str, month: str) -> str:
        details = self.inputs.details[dataset].get(month)
        return details.fingerprint if details else ""

    def expected(self, table: str, month: str) -> str:
        """Fingerprint of what a fact file should be built from."""
        return fingerprint(code_version("schemas", "assets.facts"), self._identity(table, month))

    def stale(self, table: str) -> list[str]:
        """Months whose fact file is not built from what it should be."""
        built = {each.month: each.fingerprint for each in records(self._warehouse, table)}
        return [
            each for each in self.months(table) if built.get(each) != self.expected(table, each)
        ]

    def drop_gone(self, table: str) -> None:
        """Remove fact files of months that nothing belongs to any more, or that none records."""
        drop_gone(self._warehouse, table, self.months(table))

    def build(self, table: str, month: str) -> Built:
        """Build one fact file.

        Raises:
            HotlineError: the rows break an equation that every fact file satisfies.
        """
        rows = self._rows(table, month).with_columns(pl.lit(month).alias("month"))
        examined, details = 0, None
        if recipe := RECIPES.get(table):
            details = self.inputs.scan(recipe.dataset, [month])
            own = self.inputs.details[recipe.dataset].get(month)
            examined = own.rows if own else 0
        if wrong := broken(table, rows, details):
            raise HotlineError(
                f"{month} 的 {table} 不满足恒等式 {'、'.join(wrong)}，未发布："
                "这是程序的错误，请联系维护人员。"
            )
        return store(
            self._warehouse,
            FACTS[table],
            month,
            rows,
            fingerprint=self.expected(table, month),
            as_of=self._as_of(table, month),
            examined=examined,
        )

    def _rows(self, table: str, month: str) -> pl.DataFrame:
        inputs = self.inputs
        if table == "kpi_monthly":
            return self._kpis(month)
        if table == "data_quality":
            return data_quality_facts(inputs.files_of(month), month, inputs.unmatched(month))
        return RECIPES[table].rows(inputs, month).collect()

    def _read(self, table: str, month: str) -> pl.DataFrame | None:
        built = self.mend(table, month)
        return pl.read_parquet(built_path(self._warehouse, built)) if built else None

    def mend(self, table: str, month: str) -> Built | None:
        """The record of a fact file; built again where its bytes are no longer those recorded."""
        built = read_record(self._warehouse, table, month)
        if built is None or sha256_of(built_path(self._warehouse, built)) == built.sha256:
            return built
        return self.build(table, month) if month else self.build_files()

    def _kpis(self, month: str) -> pl.DataFrame:
        found = {name: self._read(name, month) for name in SUMMED}
        facts = {name: rows for name, rows in found.items() if rows is not None}
        quality = self._read("data_quality", month)
        complete: dict[str, bool] = {}
        if quality is not None:
            whole = pl.col("periods_present") == pl.col("periods_expected")
            complete = dict(quality.select("dataset", whole).iter_rows())
        stated = [read_record(self._warehouse, name, month) for name in facts]
        cutoff = max(datetime.fromisoformat(each.as_of) for each in stated if each)
        return kpi_facts(facts, complete=complete, cutoff=cutoff)

    def build_files(self) -> Built:
        """Build the account of all files."""
        rows = published_files(self.inputs.files)
        return store(
            self._warehouse,
            FACTS["files"],
            "",
            rows,
            fingerprint=fingerprint(rows.rows()),
            as_of="",
            examined=rows.height,
        )

    def files_built(self) -> bool:
        """Whether the account of all files is the present one."""
        built = read_record(self._warehouse, "files", "")
        present = published_files(self.inputs.files)
        return built is not None and built.fingerprint == fingerprint(present.rows())
