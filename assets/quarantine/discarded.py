"""Rows that somebody has given up: who, when, and why.

Belongs here: the record `ledger/quarantine/discarded/<dataset>.parquet`. It names rows by delivery
and line, which a file keeps however often it is read again.
"""

from datetime import datetime

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    HotlineError,
    Warehouse,
    make_folder,
    write_atomically,
)
from assets.masking import mask
from schemas.wall_clock import TIME_ZONE

_LONGEST_REASON = 200
DISCARDED: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "rules": pl.List(pl.String),
    "reason": pl.String,
    "who": pl.String,
    "at": pl.Datetime("us", TIME_ZONE),
}


def read_discarded(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The record of a dataset; empty where nothing was discarded."""
    path = warehouse.discarded(dataset)
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=DISCARDED)


def discard(
    warehouse: Warehouse, dataset: str, rows: pl.DataFrame, *, reason: str, who: str, at: datetime
) -> int:
    """Enter rows in the record; rows that are in it stay as they were entered first.

    Args:
        warehouse: where the record lies.
        dataset: the dataset of the rows.
        rows: at least `delivery`, `file`, `line`, `rules`.
        reason: why; numbers of people in it are masked.
        who: the system user.
        at: now.

    Returns:
        How many rows are new in the record.

    Raises:
        HotlineError: there is no reason, or it is a text and no reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise HotlineError("作废必须写明理由：--reason “……”。")
    if len(reason) > _LONGEST_REASON:
        raise HotlineError(f"理由超过 {_LONGEST_REASON} 个字，请写短些。")
    known = read_discarded(warehouse, dataset)
    new = rows.join(known, on=["delivery", "line"], how="anti")
    if not new.height:
        return 0
    record = new.select("delivery", "file", "line", "rules").with_columns(
        reason=pl.lit(mask(reason)), who=pl.lit(who), at=pl.lit(at, DISCARDED["at"])
    )
    path = warehouse.discarded(dataset)
    make_folder(path.parent, PRIVATE_FOLDER)
    record = pl.concat([known, record.select(list(DISCARDED))]).sort("file", "delivery", "line")
    write_atomically(path, record.write_parquet, mode=PRIVATE_FILE)
    return new.height
