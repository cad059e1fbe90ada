"""What became of every delivery: taken or refused, and where its rows are.

Belongs here: reading and replacing `ledger/deliveries/<dataset>.parquet`. Replacing it is the
commit of ingestion: rows that were staged and are not named in it do not exist.
"""

from functools import lru_cache
from pathlib import Path

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    make_folder,
    remove_file,
    write_atomically,
)
from assets.exports.archive import Delivery
from schemas import EXPORTS

TAKEN = "taken"
REFUSED = "refused"
LEDGER: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "dataset": pl.String,
    "export_date": pl.Date,
    "path": pl.String,
    "sha256": pl.String,
    "generation": pl.Int64,
    "state": pl.String,
    "rule": pl.String,
    "detail": pl.String,
    "encoding": pl.String,
    "read": pl.Int64,
    "quarantined": pl.Int64,
    "clipped": pl.Int64,
    "ignored": pl.Int64,
    "batch": pl.String,
    "periods": pl.List(pl.String),
    "built_with": pl.String,
}


def read_ledger(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The ledger of a dataset; empty where nothing has arrived."""
    path = warehouse.ledgers / f"{dataset}.parquet"
    try:
        status = path.stat()
    except FileNotFoundError:
        return pl.DataFrame(schema=LEDGER)
    return _read(path, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


@lru_cache(maxsize=2 * len(EXPORTS))
def _read(path: Path, _state: tuple[int, ...]) -> pl.DataFrame:
    """A ledger in one state of its file, which is replaced and never changed.

    Each step of a night asks for those of all datasets.
    """
    return pl.read_parquet(path)


def pending(arrived: list[Delivery], ledger: pl.DataFrame, built_with: str) -> list[Delivery]:
    """Deliveries that have not been ingested by the present code and profile."""
    done = set(ledger.filter(built_with=built_with).select("delivery", "generation").rows())
    return [each for each in arrived if (each.delivery, each.generation) not in done]


def commit(warehouse: Warehouse, dataset: str, outcomes: pl.DataFrame, arrived: set[str]) -> None:
    """Enter outcomes in the ledger, in place of earlier ones of the same deliveries.

    Args:
        warehouse: where the ledger lies.
        dataset: name of the dataset.
        outcomes: rows of the ledger.
        arrived: ids of all deliveries in the catalogue; others leave the ledger.
    """
    make_folder(warehouse.ledgers, PRIVATE_FOLDER)
    kept = read_ledger(warehouse, dataset).filter(
        pl.col("delivery").is_in(list(arrived))
        & ~pl.col("delivery").is_in(outcomes["delivery"].to_list())
    )
    ledger = pl.concat([kept, outcomes.select(*LEDGER)]).sort("export_date", "path", "generation")
    write_atomically(
        warehouse.ledgers / f"{dataset}.parquet", ledger.write_parquet, mode=PRIVATE_FILE
    )


def drop_unnamed(warehouse: Warehouse, dataset: str) -> None:
    """Remove rows of batches that the ledger does not name: never committed, or replaced.

    It looks through the files of all batches: to be asked once after many commits, not after each.
    """
    live = set(read_ledger(warehouse, dataset)["batch"])
    staged = warehouse.staged(dataset, "").glob("*/*.parquet")
    for path in [*staged, *warehouse.quarantine(dataset).glob("*.parquet")]:
        # What details found wrong later ("late-<period>") is theirs to replace.
        if path.stem not in live and not path.stem.startswith("late-"):
            remove_file(path)
