"""Deliveries: which files have arrived, what became of each, and where its rows are.

The catalogue (`archive/<dataset>.parquet`) says what arrived under which name; the ledger
(`ledger/deliveries/<dataset>.parquet`) says what ingestion made of it. Replacing the ledger is the
commit of ingestion: rows that were staged and are not named in it do not exist. The state of each
delivery is not stored: `read_ledger` forms it anew from the ledger, people's decisions
(`decisions`) and findings (`states`).

Whoever judges deliveries calls `enter_findings` after ingestion and before details are built, with
all findings of a dataset, which replace those of before: a row for each, by export date and
content, with a rule of `schemas.file_rules.FINDING_RULES`, whether it holds or is only a notice,
what was expected and what was found. `read_findings` gives them to whoever shows notices.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from assets.core import (
    PRIVATE_FOLDER,
    Warehouse,
    make_folder,
    read_record,
    read_whole,
    remove_file,
    remove_folder,
    write_rows,
)
from assets.exports.decisions import verdicts
from assets.exports.states import FINDINGS, Candidate, candidates, with_states
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE

CATALOGUE: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "dataset": pl.String,
    "export_date": pl.Date,
    "path": pl.String,
    "sha256": pl.String,
    "size": pl.Int64,
    "modified": pl.Int64,
    "generation": pl.Int64,
    "barred": pl.String,
    "content": pl.String,
    "arrived": pl.Date,
    "former": pl.List(pl.String),
}
LEDGER: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "dataset": pl.String,
    "export_date": pl.Date,
    "path": pl.String,
    "sha256": pl.String,
    "content": pl.String,
    "arrived": pl.Date,
    "generation": pl.Int64,
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
_ORDER = ("export_date", "path", "generation")

# Column that names the delivery of a staged row.
DELIVERY = "__delivery"


@dataclass(frozen=True)
class Delivery:
    """One file content under one name.

    Attributes:
        delivery: id, made from dataset, path and content.
        dataset: name of the dataset.
        export_date: the day it is about, or the last day of its month or year.
        path: relative to the source.
        sha256: of the bytes; empty where they could not be copied.
        size: in bytes.
        modified: modification time when it was copied, in nanoseconds.
        generation: order of arrival in its dataset.
        barred: file rule for which the bytes were not copied at all, else empty.
        content: SHA-256 of the bytes, of a .gz file unpacked; the id where there are none.
        arrived: day on which it was copied, local time.
        former: SHA-256 of the bytes before rows were erased from them, as delivered first; `size`
            and `content` stay those of the delivery, so that it is known when it comes again.
    """

    delivery: str
    dataset: str
    export_date: date
    path: str
    sha256: str
    size: int
    modified: int
    generation: int
    barred: str
    content: str = ""
    arrived: date = date.max
    former: tuple[str, ...] = ()

    @property
    def delivered_sha256(self) -> str:
        """SHA-256 of the bytes as they were delivered."""
        return self.former[0] if self.former else self.sha256

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def precedence(self) -> tuple[date, str, int]:
        """Later export date wins, then later name (DATA.md, section 3), then the later arrival."""
        return self.export_date, self.name, self.generation


def catalogue(warehouse: Warehouse, dataset: str) -> list[Delivery]:
    """Everything that ever arrived for a dataset, in order of precedence.

    Raises:
        DamagedRecord: the catalogue is damaged, or gone.
    """
    path = _catalogue_path(warehouse, dataset)
    # It is written before anything else of the dataset: what was made of it proves that it was.
    made = (_ledger_path(warehouse, dataset), warehouse.staged(dataset, ""))
    if not path.exists() and not any(each.exists() for each in made):
        return []
    rows = pl.concat(
        [pl.DataFrame(schema=CATALOGUE), read_record(path, "存档目录")], how="diagonal"
    )
    found = (Delivery(**_completed(row)) for row in rows.iter_rows(named=True))
    return sorted(found, key=lambda each: each.precedence)


def _completed(row: dict[str, Any]) -> dict[str, Any]:
    """An entry of the catalogue with what a version that knew less left out."""
    if row["arrived"] is None:
        modified = datetime.fromtimestamp(row["modified"] / 1e9, ZoneInfo(TIME_ZONE)).date()
        # A time of before the period that the file is about was set by somebody's copying.
        begun = modified >= first_day(row["dataset"], row["export_date"])
        row["arrived"] = modified if begun else row["export_date"] + timedelta(days=1)
    row["former"] = tuple(row["former"] or ())
    row["content"] = row["content"] or row["sha256"] or row["delivery"]
    return row


def first_day(dataset: str, export_date: date) -> date:
    """First day of the day, month or year that an export is about."""
    cadence = EXPORTS[dataset].cadence
    if cadence == "daily":
        return export_date
    return export_date.replace(day=1, month=1 if cadence == "yearly" else export_date.month)


def write_catalogue(warehouse: Warehouse, dataset: str, deliveries: Iterable[Delivery]) -> None:
    """Replace the catalogue of a dataset."""
    frame = pl.DataFrame([vars(each) for each in deliveries], schema=CATALOGUE).sort(_ORDER)
    path = _catalogue_path(warehouse, dataset)
    write_rows(path, frame)


def _catalogue_path(warehouse: Warehouse, dataset: str) -> Path:
    return warehouse.archive / f"{dataset}.parquet"


def read_ledger(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The ledger of a dataset with the state of each delivery; empty where nothing has arrived.

    Returns:
        Columns of `LEDGER` and `states.STATES`.
    """
    paths = (
        _ledger_path(warehouse, dataset),
        _findings_path(warehouse, dataset),
        warehouse.decisions,
    )
    return _read_ledger(warehouse, dataset, tuple(map(_version, paths)))


# Each step of a night asks for those of all datasets; the files are replaced and never changed.
@lru_cache(maxsize=2 * len(EXPORTS))
def _read_ledger(warehouse: Warehouse, dataset: str, _versions: tuple[object, ...]) -> pl.DataFrame:
    return with_states(
        _outcomes(warehouse, dataset),
        verdicts(warehouse, dataset),
        read_findings(warehouse, dataset),
    )


def read_candidates(warehouse: Warehouse, dataset: str) -> dict[date, list[Candidate]]:
    """What could be in force on each date of a dataset; see `states.candidates`."""
    return candidates(_outcomes(warehouse, dataset), verdicts(warehouse, dataset))


def _version(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _outcomes(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """What ingestion made of every delivery."""
    path = _ledger_path(warehouse, dataset)
    nothing = pl.DataFrame(schema=LEDGER)
    if not path.exists():
        return nothing
    found = pl.concat([nothing, read_whole(path)], how="diagonal").select(*LEDGER)
    # A version that knew less ingests everything again; until then its files are as they were.
    return found.with_columns(
        content=pl.coalesce("content", pl.when(pl.col("sha256") != "").then("sha256"), "delivery"),
        arrived=pl.coalesce("arrived", "export_date"),
    )


def _ledger_path(warehouse: Warehouse, dataset: str) -> Path:
    return warehouse.ledgers / f"{dataset}.parquet"


def _findings_path(warehouse: Warehouse, dataset: str) -> Path:
    return warehouse.ledgers / "findings" / f"{dataset}.parquet"


def read_findings(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """What was found implausible in deliveries of a dataset, as in `FINDINGS`."""
    path = _findings_path(warehouse, dataset)
    return read_whole(path) if path.exists() else pl.DataFrame(schema=FINDINGS)


def enter_findings(warehouse: Warehouse, dataset: str, findings: pl.DataFrame) -> None:
    """Replace what was found implausible in deliveries of a dataset.

    Args:
        warehouse: held for writing.
        dataset: name of the dataset.
        findings: all of them, as in `FINDINGS`.
    """
    found = pl.DataFrame(findings, schema=FINDINGS).sort(pl.all())
    if not found.equals(read_findings(warehouse, dataset)):
        path = _findings_path(warehouse, dataset)
        make_folder(path.parent, PRIVATE_FOLDER)
        write_rows(path, found)


def not_ingested(
    arrived: Iterable[Delivery], ledger: pl.DataFrame, built_with: str
) -> list[Delivery]:
    """Deliveries that have not been ingested by the present code and profile."""
    done = set(ledger.filter(built_with=built_with).select("delivery", "generation").rows())
    return [each for each in arrived if (each.delivery, each.generation) not in done]


def commit(
    warehouse: Warehouse, dataset: str, outcomes: pl.DataFrame, arrived: Collection[str]
) -> None:
    """Enter outcomes in the ledger, in place of earlier ones of the same deliveries.

    Args:
        warehouse: where the ledger lies.
        dataset: name of the dataset.
        outcomes: rows of the ledger.
        arrived: ids of all deliveries in the catalogue; others leave the ledger.
    """
    make_folder(warehouse.ledgers, PRIVATE_FOLDER)
    kept = _outcomes(warehouse, dataset).filter(
        pl.col("delivery").is_in(list(arrived))
        & ~pl.col("delivery").is_in(outcomes["delivery"].to_list())
    )
    ledger = pl.concat([kept, outcomes]).sort(_ORDER)
    write_rows(_ledger_path(warehouse, dataset), ledger)


def forget_batches(warehouse: Warehouse, dataset: str, batches: Sequence[str]) -> None:
    """Have the deliveries of some batches ingested again."""
    ledger = _outcomes(warehouse, dataset)
    write_rows(_ledger_path(warehouse, dataset), ledger.filter(~pl.col("batch").is_in(batches)))


def forget_ledger(warehouse: Warehouse, dataset: str) -> None:
    """Have all deliveries of a dataset ingested and judged again."""
    for path in (_ledger_path(warehouse, dataset), _findings_path(warehouse, dataset)):
        (remove_folder if path.is_dir() else remove_file)(path)


def delete_orphans(warehouse: Warehouse, dataset: str) -> None:
    """Remove rows of batches that the ledger does not name: never committed, or replaced.

    It looks through the files of all batches: to be asked once after many commits, not after each.
    """
    live = set(read_ledger(warehouse, dataset)["batch"])
    staged = warehouse.staged(dataset, "").glob("*/*.parquet")
    for path in [*staged, *warehouse.quarantine(dataset).glob("*.parquet")]:
        # What details found wrong later ("late-<period>") is theirs to replace.
        if path.stem not in live and not path.stem.startswith("late-"):
            remove_file(path)
