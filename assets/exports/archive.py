"""Keep every file as it was delivered, before anything looks into it.

Belongs here: the raw archive by SHA-256 and its catalogue, `archive/<dataset>.parquet`: what
arrived under which name. The archive is enough to rebuild everything; nothing in it is ever
changed. What became of a file is in the ledger (`assets.exports.ledger`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    abreast,
    make_folder,
    sync_folder,
    write_atomically,
    write_hashing,
)
from assets.exports.discover import ExportFile
from assets.sources import Forbidden, Source, SourceError, TooLarge, Vanished, limited

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

# SHA-256, size, and the file rule for which the bytes were not taken.
_Copied = tuple[str, int, str]


@dataclass(frozen=True)
class Delivery:
    """One file content under one name.

    Attributes:
        delivery: id, made from dataset, path and content.
        dataset: name of the dataset.
        export_date: the day it is about, or the last day of its month or year.
        path: relative to the source.
        sha256: of the bytes; empty where they could not be taken.
        size: in bytes.
        modified: modification time when it was taken, in nanoseconds.
        generation: how many other contents this path had before.
        barred: file rule for which the bytes were not taken at all, else empty.
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


def catalogue_path(warehouse: Warehouse, dataset: str) -> Path:
    """Where the catalogue of a dataset lies."""
    return warehouse.archive / f"{dataset}.parquet"


def catalogue(warehouse: Warehouse, dataset: str) -> list[Delivery]:
    """Everything that ever arrived for a dataset, in order of precedence."""
    path = catalogue_path(warehouse, dataset)
    if not path.exists():
        return []
    rows = pl.read_parquet(path).iter_rows(named=True)
    return sorted((Delivery(**row) for row in rows), key=lambda each: each.precedence)


def new_files(
    files: Iterable[ExportFile], known: Iterable[Delivery], limit: int
) -> list[ExportFile]:
    """Files that are not what was last taken under their path, by size and time.

    A file whose bytes could not be taken is tried again: one that nobody may read each time, since
    permissions leave no mark on it, one that was too large once it is below the limit.

    Args:
        files: what lies in the source.
        known: the catalogue, in order of precedence.
        limit: larger files are barred.
    """
    seen = {each.path: each for each in sorted(known, key=lambda each: each.generation)}

    def is_new(file: ExportFile) -> bool:
        last, size = seen.get(file.path), file.item.size
        if last is None or last.modified != file.item.modified or size not in (None, last.size):
            return True
        retry = last.barred == "too_large" and last.size <= limit
        return retry or last.barred == "unreadable"

    return [file for file in files if is_new(file)]


def _take(
    found: tuple[ExportFile, bool], *, source: Source, warehouse: Warehouse, limit: int
) -> _Copied | SourceError | None:
    """Copy a file into the archive, unless it is a link that leaves the source.

    Returns:
        None where the file went away or changed while it was read: the next run will see it.
    """
    file, outside = found
    size = file.item.size or 0
    if outside:
        return "", size, "outside_landing"
    if size > limit:
        return "", size, "too_large"
    keep = partial(write_hashing, folder=warehouse.archive, place=warehouse.archived)
    try:
        return *source.fetch(file.item, lambda chunks: keep(limited(chunks, limit))), ""
    except Forbidden:
        return "", size, "unreadable"
    except TooLarge as error:
        return "", error.size, "too_large"
    except Vanished:
        return None
    except SourceError as error:
        return error


def _by_path(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for each in deliveries:
        found.setdefault(each.path, []).append(each)
    return found


def _enter(
    entries: dict[str, Delivery], same_path: list[Delivery], file: ExportFile, copied: _Copied
) -> None:
    """Enter a file beside the other contents that its path had."""
    sha256, size, rule = copied
    for each in same_path:
        if not each.sha256:
            del entries[each.delivery]
    newest = max((each.generation for each in same_path if each.sha256), default=-1)
    delivery = hashlib.sha256(f"{file.dataset}\0{file.path}\0{sha256}".encode()).hexdigest()[:16]
    again = entries.get(delivery)
    # A path that returns to an earlier content: that content is the newest again.
    generation = newest if again and again.generation == newest else newest + 1
    entries[delivery] = Delivery(
        delivery,
        file.dataset,
        file.export_date,
        file.path,
        sha256,
        size,
        file.item.modified,
        generation,
        rule,
    )


def archive(
    files: Iterable[ExportFile],
    outside: Iterable[ExportFile],
    *,
    source: Source,
    warehouse: Warehouse,
    limit: int,
) -> None:
    """Copy new files of one dataset into the archive and enter them in its catalogue.

    Args:
        files: new files of the dataset.
        outside: links that leave the source; entered as barred, not followed.
        source: where they lie.
        warehouse: where the archive lies.
        limit: larger files are barred.

    Raises:
        SourceError: the source broke off; what had been copied by then is entered.
    """
    make_folder(warehouse.archive, PRIVATE_FOLDER)
    found = [(file, False) for file in files] + [(file, True) for file in outside]
    if not found:
        return
    dataset = found[0][0].dataset
    entries = {each.delivery: each for each in catalogue(warehouse, dataset)}
    of_path = _by_path(entries.values())
    touched: set[Path] = set()
    broken: SourceError | None = None
    copy = partial(_take, source=source, warehouse=warehouse, limit=limit)
    # The copies are named by the loop alone: where it breaks off, nothing goes on being copied.
    for (file, _), taken in zip(found, abreast(copy, found, threads=source.at_once), strict=True):
        if isinstance(taken, SourceError):
            broken = taken
            break
        if taken is None:
            continue
        if taken[0]:
            touched.add(warehouse.archived(taken[0]).parent)
        # A listing names a path once.
        _enter(entries, of_path.get(file.path, []), file, taken)
    for folder in touched:
        sync_folder(folder)
    frame = pl.DataFrame([vars(each) for each in entries.values()], schema=CATALOGUE)
    write_atomically(
        catalogue_path(warehouse, dataset),
        lambda out: frame.sort("export_date", "path", "generation").write_parquet(out),
        mode=PRIVATE_FILE,
    )
    if broken is not None:
        raise broken
