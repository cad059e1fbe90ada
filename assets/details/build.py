"""Build the details of a dataset: for each period one file of current rows.

A period is built from its files, the keys it shares with other periods, the code and, for tickets,
the deadline rules. Rows are resolved range by range of their key, so that memory stays bounded.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl

from assets.core import (
    MEMORY,
    PRIVATE_FOLDER,
    Builds,
    Warehouse,
    code_version,
    fingerprint,
    make_folder,
    passes,
    polars_threads,
    remove_file,
    sealed_json,
    write_rows,
    write_sealed,
)
from assets.deadlines import DEADLINE, Deadlines, with_deadline
from assets.details.cross_period_keys import (
    PERIOD,
    find_cross_period_keys,
    read_cross_period_keys,
    resolve_cross_period_rows,
    write_cross_period_keys,
)
from assets.details.legs import ONE_LEG, STRAY_LEG, resolve_legs
from assets.details.resolve import ACCEPTED, FATE, resolve
from assets.details.rows import (
    batch_paths,
    details_schema,
    has_legs,
    live_files,
    scan_staged,
    write_details,
    zone_of,
)
from assets.details.summary import DetailsSummary, SummaryBuilder, read_details
from assets.exports import (
    DELIVERY,
    LINE,
    QUARANTINE,
    delete_orphans,
    key_text,
    raw_text,
    read_archived,
)
from assets.installation import Installation
from assets.profiles import TextFormat
from schemas import EXPORTS, rules
from schemas.table import ExportTable

# Names of quarantine files that a period writes, not a batch, begin with this.
CROSS_FILE_PREFIX = "late-"
# Keys that are sampled to find where ranges begin.
_SAMPLE = 1 << 16


class DetailsPlan(Builds[DetailsSummary]):
    """The details of one dataset that its files call for.

    Args:
        warehouse: where everything lies.
        dataset: name of the dataset.
        deadlines: rules and calendar, for tickets.
        memory: bytes that rows may take while they are worked on, those of periods that are built
            side by side together.
        form: how the profile says that the exports are written.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        dataset: str,
        deadlines: Deadlines,
        *,
        memory: int = MEMORY,
        form: TextFormat | None = None,
    ) -> None:
        super().__init__(warehouse.details(dataset))
        self.table: ExportTable = EXPORTS[dataset]
        self._warehouse = warehouse
        self._deadlines = deadlines
        self._memory = memory
        self._form = form or TextFormat()
        self._files = live_files(warehouse, dataset)
        by_period = self._files.with_columns(period="periods").explode("period")
        self._files_of: dict[str, pl.DataFrame] = {
            str(period): files
            for (period,), files in by_period.drop_nulls("period")
            .partition_by("period", as_dict=True, maintain_order=True, include_key=False)
            .items()
        }
        self._zone = zone_of(self._files)
        self._resolve = resolve_legs if has_legs(self._files) else resolve
        self._keys = find_cross_period_keys(warehouse, self.table, self._files, memory)
        self._cross_period = resolve_cross_period_rows(
            warehouse, self.table, self._files, self._keys.keys, self._resolve
        )

    @property
    def periods(self) -> list[str]:
        """Periods that any file has rows of."""
        return sorted(self._files_of)

    def record(self, period: str) -> DetailsSummary | None:
        """The summary in the footer of a period's file."""
        return read_details(self._warehouse, self.table.name, period)

    def files(self, period: str) -> list[Path]:
        """The one file of a period."""
        return [self.folder / f"{period}.parquet"]

    def expected(self, period: str) -> str:
        """Fingerprint of what the details of a period should be built from."""
        key, rows = list(self.table.key), self._cross_period
        if rows.height:  # As a rule there are none, and a night asks for every period there is.
            rows = rows.join(rows.filter(pl.col(PERIOD) == period), on=key, how="semi")
        fates = rows.select(*key, PERIOD, FATE, DELIVERY, LINE).rows()
        return fingerprint(
            code_version("schemas", "assets.deadlines", "assets.details"),
            self._deadlines.version if self.table.name == "tickets" else "",
            self._files_of[period].select("delivery", "batch").rows(),
            sorted(fates),
        )

    def delete_orphans(self) -> None:
        """Delete details of periods without rows, and staged rows that no ledger names.

        Where there are new batches, the keys that they share with other periods are recorded.
        """
        delete_orphans(self._warehouse, self.table.name)
        if self._keys.batches != read_cross_period_keys(self._warehouse, self.table).batches:
            write_cross_period_keys(self._warehouse, self.table, self._keys)
        super().delete_orphans()

    def build(self, period: str) -> DetailsSummary:
        """Resolve the rows of a period, range by range, and write those that are accepted."""
        table, files = self.table, self._files_of[period]
        cross_period = self._cross_period.filter(pl.col(PERIOD) == period).drop(PERIOD)
        rows = scan_staged(self._warehouse, table, files, period)
        paths = batch_paths(self._warehouse, table, files)[period]
        count = passes(paths, table.stored_columns, self._memory // polars_threads())
        builder = SummaryBuilder(table)

        def accepted_rows() -> Iterator[pl.DataFrame]:
            for within in key_ranges(rows, table, count):
                fates = self._fates(rows.filter(within).collect(), cross_period.filter(within))
                accepted, years_unknown = self._accepted(fates)
                builder.add(fates, accepted, years_unknown)
                del fates
                yield accepted
            # Before the file whose summary names these rows.
            write_cross_file_quarantine(
                self._warehouse, table, period, builder.quarantined, self._files, form=self._form
            )

        def summary() -> DetailsSummary:
            latest: date = files["export_date"].max()  # type: ignore[assignment]
            return builder.summary(self.expected(period), latest, self._absent(files))

        make_folder(self.folder, PRIVATE_FOLDER)
        write_sealed(
            self.folder / f"{period}.parquet",
            lambda file: write_details(
                file, table, accepted_rows(), lambda: sealed_json(asdict(summary()))
            ),
        )
        return summary()

    def _absent(self, files: pl.DataFrame) -> list[str]:
        """Columns that the platform does not have, and the deadline where it hangs on one."""
        details = map(json.loads, files["detail"])
        absent = {column for each in details for column in each.get("absent", ())}
        if self.table.name == "tickets" and absent & self._deadlines.columns:
            absent.add(DEADLINE)
        return sorted(absent)

    def _fates(self, rows: pl.DataFrame, cross_period: pl.DataFrame) -> pl.DataFrame:
        if not cross_period.height:
            return self._resolve(rows, self.table)
        key = list(self.table.key)
        own = rows.join(cross_period.select(key), on=key, how="anti")
        fates = self._resolve(own, self.table)
        return pl.concat([fates, cross_period.select(fates.columns)])

    def _accepted(self, fates: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
        """The accepted rows, and the years that the calendar lacks for their deadlines."""
        if self.table.name == "calls" and self._resolve is not resolve_legs:
            fates = fates.with_columns(ONE_LEG)
        columns = (*details_schema(self.table.name), DELIVERY, LINE)
        rows = fates.filter(pl.col(FATE) == ACCEPTED).sort(self.table.key)
        years: list[int] = []
        if self.table.name == "tickets":
            rows, years = with_deadline(rows, self._deadlines, self._zone)
        return rows.select(columns), years


def key_ranges(rows: pl.LazyFrame, table: ExportTable, count: int) -> list[pl.Expr]:
    """Conditions that cut rows into ranges of their key; each row meets exactly one.

    All rows of a key lie in one range and the ranges are in order, so that working on one after the
    other gives what working on all rows at once would give.

    Args:
        rows: rows of a dataset.
        table: the dataset.
        count: how many there should be; fewer where there are fewer keys.
    """
    name = table.key[0]
    key = pl.col(name)
    if count <= 1:
        return [pl.lit(value=True)]
    height = rows.select(pl.len()).collect().item()
    sampled = key.hash() % max(1, height // _SAMPLE) == 0
    sample = rows.select(key).filter(sampled).unique().sort(name).collect().to_series()
    starts = sample.gather([n * len(sample) // count for n in range(1, count)]).unique().sort()
    if not len(starts):
        return [pl.lit(value=True)]
    between = [(key >= start) & (key < end) for start, end in pairwise(starts)]
    return [key < starts[0], *between, key >= starts[-1]]


def write_cross_file_quarantine(
    warehouse: Warehouse,
    table: ExportTable,
    period: str,
    rows: pl.DataFrame,
    files: pl.DataFrame,
    *,
    form: TextFormat,
) -> None:
    """Quarantine the rows of a period that broke a rule against rows of other files.

    Such a row is only known once all versions of its key are seen. Staged rows do not carry the raw
    text, which is personal: it is read again from the archive, for few rows.

    Args:
        warehouse: where archive and quarantine lie.
        table: the dataset.
        period: month or year.
        rows: `__delivery`, `__line` and the key.
        files: ledger rows of the files they come from.
        form: how the files are written.
    """
    path = warehouse.quarantine(table.name) / f"{CROSS_FILE_PREFIX}{period}.parquet"
    if not rows.height:
        remove_file(path)
        return
    rule, column = (rules.FIXED_CHANGED.id, table.fixed) if table.fixed else STRAY_LEG
    keyed = rows.select(pl.col(DELIVERY).alias("delivery"), line=LINE, key=key_text(table))
    parts = []
    for own in keyed.sort("delivery", "line").partition_by("delivery", maintain_order=True):
        file = files.row(by_predicate=pl.col("delivery") == own["delivery"][0], named=True)
        content = read_archived(warehouse, file["sha256"], file["path"])
        lines = own["line"].to_list()
        raw = raw_text(content, file["path"], lines, form, file["encoding"])
        parts.append(
            own.with_columns(
                pl.lit(file["export_date"]).alias("export_date"),
                pl.lit(file["path"]).alias("file"),
                pl.lit(file["sha256"]).alias("sha256"),
                pl.Series("raw", raw),
                rules=pl.lit([rule]),
                columns=pl.lit([column]),
            )
        )
    frame = pl.concat(parts).select(pl.col(name).cast(of) for name, of in QUARANTINE.items())
    make_folder(path.parent, PRIVATE_FOLDER)
    write_rows(path, frame)


def details_plans(
    installation: Installation, datasets: Iterable[str] = tuple(EXPORTS)
) -> dict[str, DetailsPlan]:
    """Dataset -> the details that its files call for; of all, or of some."""
    stated = installation.profile.datasets
    return {
        name: DetailsPlan(
            installation.warehouse,
            name,
            installation.deadlines,
            memory=installation.memory,
            form=stated.get(name),
        )
        for name in datasets
    }


def stale_details(plans: Mapping[str, DetailsPlan]) -> list[str]:
    """Details that are not built from what they should be: "dataset period"."""
    return [f"{name} {period}" for name, plan in plans.items() for period in plan.stale()]
