"""When each row entered and left the quarantine: the trace that a row leaves when it goes.

Belongs here: the record `ledger/quarantine/history/<dataset>.parquet`. It is brought up to date at
the end of each night, from what is in quarantine then. A row leaves when its file is read again by
other rules, codes or another profile (a row that was corrected stays in its file's account and does
not leave).
"""

from datetime import datetime

import polars as pl

from assets.core import PRIVATE_FILE, PRIVATE_FOLDER, Warehouse, make_folder, write_atomically
from assets.exports import TAKEN, read_ledger
from assets.quarantine.rows import quarantined_rows
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE

_MOMENT = pl.Datetime("us", TIME_ZONE)
HISTORY: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "export_date": pl.Date,
    "file": pl.String,
    "line": pl.Int64,
    "rules": pl.List(pl.String),
    "columns": pl.List(pl.String),
    "entered": _MOMENT,
    "left": _MOMENT,
    "how": pl.String,
}
PASSED, FILE_GONE = "passed", "file_gone"
_PLACE = ["delivery", "line"]


def read_history(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The record of a dataset; `left` and `how` are null while a row is in quarantine."""
    path = warehouse.quarantine_history(dataset)
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=HISTORY)


def updated(
    known: pl.DataFrame, rows: pl.DataFrame, taken: pl.DataFrame, at: datetime
) -> pl.DataFrame:
    """The record after a look at the quarantine.

    Args:
        known: the record before.
        rows: what is in quarantine now.
        taken: `delivery` of the files that are taken; a row of any other went with its file.
        at: now.
    """
    now = pl.lit(at, _MOMENT)
    here = rows.select(*_PLACE, "export_date", "file", "rules", "columns").join(
        known.select(*_PLACE, "entered"), on=_PLACE, how="left"
    )
    here = here.with_columns(
        pl.col("entered").fill_null(now),
        left=pl.lit(None, _MOMENT),
        how=pl.lit(None, pl.String),
    )
    how = (
        pl.when(pl.col("delivery").is_in(taken["delivery"].to_list()))
        .then(pl.lit(PASSED))
        .otherwise(pl.lit(FILE_GONE))
    )
    gone = known.join(rows, on=_PLACE, how="anti").with_columns(
        pl.col("left").fill_null(now), pl.col("how").fill_null(how)
    )
    return pl.concat([here.select(list(HISTORY)), gone]).sort(
        "export_date", "file", "delivery", "line"
    )


def keep_history(warehouse: Warehouse, *, at: datetime) -> None:
    """Enter what has come into quarantine and what has left it, of every dataset.

    Args:
        warehouse: held for writing.
        at: now.
    """
    # There even before the first row is: a backup names it.
    make_folder(warehouse.quarantine_history("").parent, PRIVATE_FOLDER)
    for dataset in EXPORTS:
        known = read_history(warehouse, dataset)
        taken = read_ledger(warehouse, dataset).filter(state=TAKEN)
        after = updated(known, quarantined_rows(warehouse, dataset), taken, at)
        if not after.equals(known):
            path = warehouse.quarantine_history(dataset)
            write_atomically(path, after.write_parquet, mode=PRIVATE_FILE)
