"""Keep every file as it was delivered, before anything looks into it.

Belongs here: the raw archive by SHA-256 and its catalogue, `archive/<dataset>.parquet`: what
arrived under which name. The archive is enough to rebuild everything; nothing in it is ever
changed. What became of a file is in the ledger (`assets.exports.ledger`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assets.exports.discover import ExportFile
from assets.files import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    copy_hashing,
    make_folder,
    sync_folder,
    write_atomically,
)
from assets.warehouse import Warehouse

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


@dataclass(frozen=True)
class Delivery:
    """One file content under one name.

    Attributes:
        delivery: id, made from dataset, path and content.
        dataset: name of the dataset.
        export_date: the day it is about, or the last day of its month or year.
        path: relative to the landing folder.
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
        files: what lies in the landing folder.
        known: the catalogue, in order of precedence.
        limit: larger files are barred.
    """
    seen = {each.path: each for each in sorted(known, key=lambda each: each.generation)}

    def is_new(file: ExportFile) -> bool:
        last = seen.get(file.path)
        if last is None or (last.size, last.modified) != (file.size, file.modified):
            return True
        retry = last.barred == "too_large" and file.size <= limit
        return retry or last.barred == "unreadable"

    return [file for file in files if is_new(file)]


def _take(
    file: ExportFile, landing: Path, warehouse: Warehouse, limit: int, outside: bool
) -> tuple[str, str] | None:
    """SHA-256 of the archived bytes, or the rule for which they were not taken.

    Returns:
        None where the file went away or changed while it was read: the next run will see it.
    """
    if outside:
        return "", "outside_landing"
    if file.size > limit:
        return "", "too_large"
    source = landing / file.path
    try:
        sha256 = copy_hashing(source, warehouse.archive, warehouse.archived)
        status = source.stat()
    except (PermissionError, FileNotFoundError) as error:
        if error.filename != str(source):
            raise  # It is the warehouse that cannot be written, not the file that cannot be read.
        return ("", "unreadable") if isinstance(error, PermissionError) else None
    if (status.st_size, status.st_mtime_ns) != (file.size, file.modified):
        return None
    return sha256, ""


def archive(
    files: Iterable[ExportFile],
    outside: Iterable[ExportFile],
    *,
    landing: Path,
    warehouse: Warehouse,
    limit: int,
) -> None:
    """Copy new files of one dataset into the archive and enter them in its catalogue.

    Args:
        files: new files of the dataset.
        outside: links that leave the landing folder; entered as barred, not followed.
        landing: the landing folder.
        warehouse: where the archive lies.
        limit: larger files are barred.
    """
    make_folder(warehouse.archive, PRIVATE_FOLDER)
    barred = list(outside)
    found = [(file, False) for file in files] + [(file, True) for file in barred]
    if not found:
        return
    dataset = found[0][0].dataset
    entries = {each.delivery: each for each in catalogue(warehouse, dataset)}
    touched: set[Path] = set()
    for file, is_outside in found:
        taken = _take(file, landing, warehouse, limit, is_outside)
        if taken is None:
            continue
        sha256, rule = taken
        if sha256:
            touched.add(warehouse.archived(sha256).parent)
        same_path = [each for each in entries.values() if each.path == file.path]
        for each in same_path:
            if not each.sha256:
                del entries[each.delivery]
        newest = max((each.generation for each in same_path if each.sha256), default=-1)
        delivery = hashlib.sha256(f"{dataset}\0{file.path}\0{sha256}".encode()).hexdigest()[:16]
        again = entries.get(delivery)
        # A path that returns to an earlier content: that content is the newest again.
        generation = newest if again and again.generation == newest else newest + 1
        entries[delivery] = Delivery(
            delivery,
            dataset,
            file.export_date,
            file.path,
            sha256,
            file.size,
            file.modified,
            generation,
            rule,
        )
    for folder in touched:
        sync_folder(folder)
    frame = pl.DataFrame([vars(each) for each in entries.values()], schema=CATALOGUE)
    write_atomically(
        catalogue_path(warehouse, dataset),
        lambda out: frame.sort("export_date", "path", "generation").write_parquet(out),
        mode=PRIVATE_FILE,
    )
