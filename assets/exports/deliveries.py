"""Deliveries: which files have arrived, what became of each, and where its rows are.

The catalogue (`archive/<dataset>.parquet`) says what arrived under which name; the ledger
(`ledger/deliveries/<dataset>.parquet`) says what became of it. Replacing the ledger is the commit
of ingestion: rows that were staged and are not named in it do not exist.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

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
from assets.masking import masked_name
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES


class State(StrEnum):
    """What a delivery is to the warehouse.

    The ledger says "taken" of every delivery whose rows are staged. Which rows of them repeat or
    supersede others is decided row by row, over all deliveries (`assets.details`).
    """

    IN_FORCE = "taken"
    REFUSED = "refused"


TAKEN: Final = State.IN_FORCE.value
REFUSED: Final = State.REFUSED.value

CATALOGUE = {
    "delivery": pl.String,
    "dataset": pl.String,
    "export_date": pl.Date,
    "path": pl.String,
    "sha256": pl.String,
    "size": pl.Int64,
    "modified": pl.Int64,
    "generation": pl.Int64,
    "barred": pl.String,
}
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
_ORDER = ("export_date", "path", "generation")

# Column that names the delivery of a staged row.
DELIVERY = "__delivery"
# Stands for codes that are too long or too rare to be shown.
OTHER: Final = "其他"


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
        generation: how many other contents this path had before.
        barred: file rule for which the bytes were not copied at all, else empty.
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

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def precedence(self) -> tuple[date, str, str, int]:
        """Later export date wins, then later name (DATA.md, section 3).

        Two files of one name in two folders, and one path with changed content, are not ordered by
        the contract: the path decides, then the newer content.
        """
        return self.export_date, self.name, self.path, self.generation


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
    rows = read_record(path, "存档目录").iter_rows(named=True)
    return sorted((Delivery(**row) for row in rows), key=lambda each: each.precedence)


def write_catalogue(warehouse: Warehouse, dataset: str, deliveries: Iterable[Delivery]) -> None:
    """Replace the catalogue of a dataset."""
    frame = pl.DataFrame([vars(each) for each in deliveries], schema=CATALOGUE).sort(_ORDER)
    path = _catalogue_path(warehouse, dataset)
    write_rows(path, frame)


def _catalogue_path(warehouse: Warehouse, dataset: str) -> Path:
    return warehouse.archive / f"{dataset}.parquet"


def read_ledger(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The ledger of a dataset; empty where nothing has arrived."""
    path = _ledger_path(warehouse, dataset)
    try:
        status = path.stat()
    except FileNotFoundError:
        return pl.DataFrame(schema=LEDGER)
    return _read(path, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


def _ledger_path(warehouse: Warehouse, dataset: str) -> Path:
    return warehouse.ledgers / f"{dataset}.parquet"


@lru_cache(maxsize=2 * len(EXPORTS))
def _read(path: Path, _state: tuple[int, ...]) -> pl.DataFrame:
    """A ledger in one state of its file, which is replaced and never changed.

    Each step of a night asks for those of all datasets.
    """
    return read_whole(path)


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
    kept = read_ledger(warehouse, dataset).filter(
        pl.col("delivery").is_in(list(arrived))
        & ~pl.col("delivery").is_in(outcomes["delivery"].to_list())
    )
    ledger = pl.concat([kept, outcomes]).sort(_ORDER)
    write_rows(_ledger_path(warehouse, dataset), ledger)


def forget_batches(warehouse: Warehouse, dataset: str, batches: Sequence[str]) -> None:
    """Have the deliveries of some batches ingested again."""
    ledger = read_ledger(warehouse, dataset)
    write_rows(_ledger_path(warehouse, dataset), ledger.filter(~pl.col("batch").is_in(batches)))


def forget_ledger(warehouse: Warehouse, dataset: str) -> None:
    """Have all deliveries of a dataset ingested again."""
    path = _ledger_path(warehouse, dataset)
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


def refusal_sentence(row: Mapping[str, object]) -> tuple[str, str]:
    """Name of a refused file and the sentence that says why and what to do.

    Args:
        row: of the ledger.
    """
    detail = json.loads(str(row["detail"]))
    name = masked_name(str(row["path"]).rpartition("/")[2])
    return name, FILE_RULES[str(row["rule"])].zh.format(**detail)


def merge_drift(details: Iterable[str]) -> dict[str, object]:
    """Schema drift and omissions of several ingested files together, from the ledger's JSON."""
    extra: dict[str, None] = {}
    absent: set[str] = set()
    codes: dict[str, Counter[str]] = {}
    excluded: Counter[str] = Counter()
    ignored: Counter[str] = Counter()
    repeated = 0
    for detail in details:
        if detail == "{}":
            continue
        noticed = json.loads(detail)
        extra |= dict.fromkeys(noticed.get("extra", ()))
        absent |= set(noticed.get("absent", ()))
        excluded.update(noticed.get("excluded", {}))
        ignored.update(noticed.get("ignored", {}))
        repeated += noticed.get("repeated", 0)
        for title, counts in noticed.get("codes", {}).items():
            codes.setdefault(title, Counter()).update(counts)
    return {
        "absent": sorted(absent),
        "extra": list(extra),
        "codes": codes,
        "excluded": excluded,
        "ignored": ignored,
        "repeated": repeated,
    }


def drift_sentences(noticed: Mapping[str, object]) -> list[str]:
    """Schema drift and omissions, as `merge_drift` returns them, in Chinese."""
    found = []
    absent = noticed.get("absent")
    if absent and isinstance(absent, Sequence):
        found.append(f"平台没有的列：{'、'.join(map(str, absent))}（有关的数字从缺）")
    extra = noticed.get("extra")
    if extra and isinstance(extra, Sequence):
        found.append(f"未登记的列：{'、'.join(map(str, extra))}（未读取）")
    codes = noticed.get("codes")
    if isinstance(codes, Mapping):
        for title, counts in sorted(codes.items()):
            listed = "、".join(f"{code} {count} 行" for code, count in sorted(counts.items()))
            found.append(f"{title}有未登记的代码：{listed}（已隔离，请在来源配置中指定对应值）")
    excluded = noticed.get("excluded")
    if isinstance(excluded, Mapping) and any(excluded.values()):
        listed = "、".join(f"{name} {count} 行" for name, count in excluded.items() if count)
        found.append(f"按来源配置排除：{listed}")
    ignored = noticed.get("ignored")
    if isinstance(ignored, Mapping):
        named = {"totals": "合计", "note": "说明和签名"}
        listed = "、".join(
            f"{said} {ignored[name]} 行" for name, said in named.items() if ignored.get(name)
        )
        if listed:
            found.append(f"表中不是数据的行：{listed}（未读取，已计数）")
    if repeated := noticed.get("repeated"):
        found.append(f"时钟回拨、同一小时出现两次：{repeated} 行的时间有两种读法，按时长较短的计")
    return found
