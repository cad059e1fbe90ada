"""Write a synthetic year of any size.

Belongs here: the two forms that the rows of `synthetic_year` are written in: exports as CSV, or the
rows of a warehouse as ingestion stages them, so that what follows can be measured at a size whose
CSV would not fit. Run as
`python -m tests.bench.large_rows csv|staged ROWS FOLDER [DAYS]`; with DAYS only the first of them.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from assets.core.warehouse import Warehouse
from assets.exports.deliveries import LEDGER, commit
from assets.exports.protect import protect
from schemas import EXPORTS
from schemas.fields import Kind, Protection
from schemas.table import ExportTable
from schemas.wall_clock import TIME_ZONE
from tests.bench.synthetic_year import DAYS, FIRST, Year

_BATCH_ROWS = 1 << 19
_KEY = "bench"
DATASETS = ("calls", "tickets", "callbacks", "quality", "knowledge", "staff")


def exports(dataset: str, rows: int, days: int = DAYS) -> Iterator[tuple[date, pl.DataFrame]]:
    """The exports of a dataset, in order: export date and rows, times without zone.

    A monthly export is dated as its last day.

    Args:
        dataset: name of the dataset.
        rows: about how many rows the whole year has.
        days: for how many of its days there are exports.
    """
    make = getattr(Year(rows), dataset)
    for number in range(days):
        day = FIRST + timedelta(days=number)
        if EXPORTS[dataset].cadence == "daily" or (day + timedelta(days=1)).day == 1:
            yield day, make(day).select(*EXPORTS[dataset].by_name).collect()


def write_csv(landing: Path, rows: int, days: int = DAYS) -> None:
    """Write the exports of a platform."""
    for dataset in DATASETS:
        table = EXPORTS[dataset]
        titles = {column.name: column.title for column in table.columns}
        stamp = "%Y%m%d" if table.cadence == "daily" else "%Y%m"
        for day, frame in exports(dataset, rows, days):
            path = landing / f"{dataset}_{day.strftime(stamp)}.csv"
            frame.rename(titles).write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")


def _staged(table: ExportTable, delivery: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as ingestion stages them."""
    moments = [each.name for each in table.columns if each.kind is Kind.TIMESTAMP]
    typed = rows.with_columns(pl.col(moments).dt.replace_time_zone(TIME_ZONE))
    period = pl.col(table.period)
    if table.period in moments:
        period = period.dt.strftime(table.period_format)
    # The texts hold no numbers to mask.
    personal = any(each.protection is Protection.PSEUDONYM for each in table.columns)
    protected = protect(typed, table, key=_KEY) if personal else typed
    return protected.with_columns(
        pl.lit(delivery).alias("__delivery"),
        (2 + pl.int_range(pl.len())).cast(pl.Int64).alias("__line"),
        period.alias("__period"),
    )


def write_staged(warehouse: Warehouse, rows: int, days: int = DAYS) -> None:
    """Write staged rows and the ledgers that name them."""
    for dataset in DATASETS:
        table = EXPORTS[dataset]
        outcomes: list[dict[str, object]] = []
        waiting: list[pl.DataFrame] = []
        for day, frame in exports(dataset, rows, days):
            delivery, batch = f"{dataset}-{day}", f"{len(outcomes):08d}"
            if not waiting:
                name = batch
            waiting.append(_staged(table, delivery, frame))
            outcomes.append(
                {
                    "delivery": delivery,
                    "dataset": dataset,
                    "export_date": day,
                    "path": f"{dataset}_{day:%Y%m%d}.csv",
                    "sha256": delivery,
                    "content": delivery,
                    "arrived": day,
                    "generation": 1,
                    "rule": "",
                    "detail": "{}",
                    "encoding": "utf-8",
                    "read": frame.height,
                    **dict.fromkeys(("quarantined", "clipped", "ignored"), 0),
                    "batch": name,
                    "periods": sorted(waiting[-1]["__period"].unique()),
                    "built_with": _KEY,
                }
            )
            if sum(each.height for each in waiting) >= _BATCH_ROWS:
                _write_batch(warehouse, dataset, name, waiting)
                waiting = []
        _write_batch(warehouse, dataset, name, waiting)
        ledger = pl.DataFrame(outcomes, schema=LEDGER)
        commit(warehouse, dataset, ledger, set(ledger["delivery"]))


def _write_batch(
    warehouse: Warehouse, dataset: str, name: str, waiting: list[pl.DataFrame]
) -> None:
    if not waiting:
        return
    parts = pl.concat(waiting).partition_by("__period", as_dict=True)
    for (period,), rows in parts.items():
        folder = warehouse.staged(dataset, str(period))
        folder.mkdir(parents=True, exist_ok=True)
        named = rows.drop("__period").with_columns(pl.lit(name).alias("__batch"))
        named.write_parquet(folder / f"{name}.parquet")


if __name__ == "__main__":
    form, size, target = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    until = int(sys.argv[4]) if len(sys.argv) > 4 else DAYS
    target.mkdir(parents=True, exist_ok=True)
    if form == "csv":
        write_csv(target, size, until)
    else:
        write_staged(Warehouse(target), size, until)
