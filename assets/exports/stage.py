"""Bring new files into the warehouse: archive them, ingest them batch by batch, commit each batch.

Rows and quarantine are written first under the batch's own name; the ledger that names the batch
comes last and makes them exist. Files that no ledger names, replaced ones and those of a run that
died, are removed once at the end. Batches are worked out side by side, but written one after the
other.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from assets.core import (
    PRIVATE_FOLDER,
    Warehouse,
    code_version,
    file_budget,
    fingerprint,
    make_folder,
    map_in_order,
    polars_threads,
    write_rows,
)
from assets.exports.archive import archive, new_files, read_archived, remove_former
from assets.exports.batch import PERIOD, Batch, ingest_files
from assets.exports.deliveries import (
    Delivery,
    catalogue,
    commit,
    delete_orphans,
    not_ingested,
    read_ledger,
)
from assets.exports.discover import ExportFile, Landing, list_exports, list_source, source_of
from assets.exports.erasure_record import erasures
from assets.exports.protect import caller_key, check_caller_key, key_id, make_caller_key
from assets.exports.redaction import redact
from assets.exports.sentences import refusal_sentence
from assets.exports.states import State
from assets.installation import Installation
from assets.profiles import Profile
from assets.sources import SourceError
from schemas import EXPORTS

# Enough that one pandera call serves a month of a city, little enough for a small machine: each
# batch in work takes about seven times its size in memory.
BATCH_BYTES = 24 << 20
# How many times their size files usually unpack to.
_UNPACKED = {".gz": 8, ".xlsx": 4}
# Of zstd. The default, 3, takes twice the time to make rows smaller by a twentieth, most of which
# are pseudonyms, noise to any compressor.
_LEVEL = 1


def ingestion_version(profile: Profile, key: str) -> str:
    """Fingerprint of everything but the files that decides what ingestion makes of them."""
    return fingerprint(
        code_version(
            "schemas",
            "assets.masking",
            "assets.spelling",
            "assets.profiles",
            "assets.workbooks",
            "assets.exports",
        ),
        profile.model_dump(mode="json", exclude={"source"}),
        key_id(key),
    )


@dataclass(frozen=True)
class PendingExports:
    """What there is to ingest.

    Attributes:
        dates: dataset -> export date of each file that is new or stale.
        landing: what lies in the source.
        unreachable: why the source could not be listed; empty where it could.
    """

    dates: dict[str, tuple[date, ...]]
    landing: Landing
    unreachable: str = ""

    def count(self, wanted: Callable[[date], bool] = lambda _: True) -> int:
        """Number of files of some export dates."""
        return sum(wanted(day) for days in self.dates.values() for day in days)


@dataclass(frozen=True)
class IngestResult:
    """What came of ingesting a dataset.

    Attributes:
        outcomes: ledger rows of the files that were ingested, with their states.
        broken: what kept the source from giving all there is, else None.
    """

    outcomes: pl.DataFrame
    broken: SourceError | None = None


def pending_deliveries(installation: Installation) -> list[ExportFile]:
    """Files in the landing folder that were not archived as they are, from the first day on."""
    landing = list_exports(installation, with_retries=False)
    found = [each for each in landing.files if each.export_date >= installation.start]
    names = dict.fromkeys(each.dataset for each in found)
    return [file for name in names for file in _new_files(installation, name, found)]


def _new_files(
    installation: Installation, dataset: str, found: Iterable[ExportFile]
) -> list[ExportFile]:
    own = [each for each in found if each.dataset == dataset]
    known = catalogue(installation.warehouse, dataset)
    return new_files(own, known, installation.profile.max_file_bytes)


def pending_exports(installation: Installation, *, with_retries: bool = True) -> PendingExports:
    """Export dates that have new files, or files ingested by other code or another profile.

    Where the source cannot be listed, that is said and the rest is there.

    Args:
        installation: the installation.
        with_retries: as of `list_exports`.
    """
    unreachable = ""
    try:
        landing = list_exports(installation, with_retries=with_retries)
    except SourceError as error:
        landing, unreachable = Landing((), (), (), ()), str(error)
    warehouse, profile = installation.warehouse, installation.profile
    check_caller_key(warehouse)
    version = ingestion_version(profile, caller_key(warehouse.caller_key))
    dates: dict[str, tuple[date, ...]] = dict.fromkeys(EXPORTS, ())
    for name in profile.datasets:
        new = _new_files(installation, name, (*landing.files, *landing.outside))
        fresh = {each.path: each.export_date for each in new}
        ledger = read_ledger(warehouse, name)
        stale = not_ingested(catalogue(warehouse, name), ledger, version)
        dates[name] = (
            *fresh.values(),
            *(each.export_date for each in stale if each.path not in fresh),
        )
    return PendingExports(dates, landing, unreachable)


def ingest_dataset(
    installation: Installation, dataset: str, wanted: Callable[[date], bool]
) -> IngestResult:
    """Archive and ingest what is new or stale of a dataset for some export dates.

    Where the source breaks off, what could be had is ingested all the same.

    Args:
        installation: the installation.
        dataset: name of the dataset.
        wanted: which export dates.
    """
    outcomes = [read_ledger(installation.warehouse, dataset).clear()]
    broken: SourceError | None = None
    try:
        outcomes += ingest_batches(installation, dataset, wanted)
    except SourceError as error:
        broken = error
    return IngestResult(pl.concat(outcomes), broken)


def ingest_batches(
    installation: Installation, dataset: str, wanted: Callable[[date], bool]
) -> Iterator[pl.DataFrame]:
    """Archive and ingest what is new or stale, and give the ledger rows of each committed batch.

    Args:
        installation: the installation.
        dataset: name of the dataset.
        wanted: which export dates.

    Raises:
        SourceError: the source did not give all there is; raised after the last batch.
    """
    warehouse = installation.warehouse
    if dataset not in installation.profile.datasets:
        return
    # Before anything is archived: an archive without a key has lost it.
    make_caller_key(warehouse)
    broken: SourceError | None = None
    try:
        _archive_new(installation, dataset, wanted)
    except SourceError as error:
        broken = error
    arrived = catalogue(warehouse, dataset)
    committed = False
    for batch in _ingested(installation, dataset, arrived, wanted):
        _write(warehouse, dataset, batch)
        commit(warehouse, dataset, batch.outcomes, {each.delivery for each in arrived})
        committed = True
        states = read_ledger(warehouse, dataset).filter(
            pl.col("delivery").is_in(batch.outcomes["delivery"].to_list())
        )
        amiss = states.filter(pl.col("state").is_in([State.REFUSED, State.HELD]))
        for row in amiss.iter_rows(named=True):
            installation.progress.problem(*refusal_sentence(row))
        yield states
    if committed:
        delete_orphans(warehouse, dataset)
    if broken is not None:
        raise broken


def _archive_new(installation: Installation, dataset: str, wanted: Callable[[date], bool]) -> None:
    erased = erasures(installation.warehouse)
    with closing(source_of(installation)) as source:
        landing = list_source(installation, source)
        files, outside = (
            _new_files(installation, dataset, [each for each in found if wanted(each.export_date)])
            for found in (landing.files, landing.outside)
        )
        archive(
            files,
            outside,
            source=source,
            warehouse=installation.warehouse,
            limit=installation.profile.max_file_bytes,
            unpacked_limit=installation.profile.max_unpacked_bytes,
            today=installation.today,
            redact=partial(redact, erased=erased, profile=installation.profile) if erased else None,
        )
    if erased:
        remove_former(installation.warehouse)


def _ingested(
    installation: Installation,
    dataset: str,
    arrived: list[Delivery],
    wanted: Callable[[date], bool],
) -> Iterator[Batch]:
    """Ingest what is stale, batches side by side, and give them in order."""
    warehouse, profile = installation.warehouse, installation.profile
    key = caller_key(warehouse.caller_key)
    version = ingestion_version(profile, key)
    stale = not_ingested(arrived, read_ledger(warehouse, dataset), version)

    def work(deliveries: list[Delivery], memory: int | None = None) -> Batch:
        return ingest_files(
            deliveries,
            lambda each: read_archived(warehouse, each.sha256, each.path),
            EXPORTS[dataset],
            profile,
            key=key,
            built_with=version,
            batch=fingerprint(
                version, [(each.delivery, each.generation, each.sha256) for each in deliveries]
            ),
            memory=memory,
        )

    def bytes_of(deliveries: list[Delivery]) -> int:
        return sum(map(_unpacked_size, deliveries))

    batches = _batches(each for each in stale if wanted(each.export_date))
    threads = polars_threads()
    postponed: list[Delivery] = []
    share = min(2 * BATCH_BYTES, file_budget())
    for batch in map_in_order(
        partial(work, memory=share),
        batches,
        threads=threads,
        weigh=bytes_of,
        most=threads * BATCH_BYTES,
    ):
        postponed += batch.postponed
        if batch.outcomes.height:
            yield batch
    # What unpacks to more than its part of the memory is ingested alone, with all there is.
    for each in postponed:
        yield work([each])


def _unpacked_size(delivery: Delivery) -> int:
    """What a file probably unpacks to."""
    return delivery.size * _UNPACKED.get(Path(delivery.path).suffix.lower(), 1)


def _batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    size = 0
    for delivery in deliveries:
        if batch and size + _unpacked_size(delivery) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(delivery)
        size += _unpacked_size(delivery)
    if batch:
        yield batch


def _write(warehouse: Warehouse, dataset: str, batch: Batch) -> None:
    name = batch.name
    for period in batch.rows[PERIOD].unique():
        rows = batch.rows.filter(pl.col(PERIOD) == period).drop(PERIOD)
        folder = warehouse.staged(dataset, period)
        make_folder(folder, PRIVATE_FOLDER)
        named = rows.with_columns(__batch=pl.lit(name))
        write_rows(folder / f"{name}.parquet", named, compression_level=_LEVEL)
    for folder, rows in (
        (warehouse.quarantine(dataset), batch.quarantine),
        (warehouse.corrections(dataset), batch.corrections),
    ):
        if rows.height:
            make_folder(folder, PRIVATE_FOLDER)
            write_rows(folder / f"{name}.parquet", rows)
