"""Bring a dataset's pending deliveries into the warehouse, batch by batch.

Belongs here: the order of effects. Rows and quarantine are written first under the batch's own
name; the ledger that names the batch comes last and makes them exist. Files that no ledger names,
replaced ones and those of a run that died, are removed once at the end. Batches are worked out side
by side, but written one after the other.
"""

from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    abreast,
    code_version,
    fingerprint,
    in_polars,
    make_folder,
    write_atomically,
)
from assets.exports.archive import Delivery, catalogue
from assets.exports.ingestion import PERIOD, Batch, ingest
from assets.exports.ledger import commit, drop_unnamed, pending, read_ledger
from assets.exports.protect import caller_key, key_id, make_caller_key
from assets.profiles import Profile
from schemas import EXPORTS

# Enough that one pandera call serves a month of a city, little enough for a small machine: each
# batch in work takes about seven times its size in memory.
BATCH_BYTES = 24 << 20
# Of zstd. The default, 3, takes twice the time to make rows smaller by a twentieth, most of which
# are pseudonyms, noise to any compressor.
_LEVEL = 1


def ingestion_version(profile: Profile, key: str) -> str:
    """Fingerprint of everything but the files that decides what ingestion makes of them."""
    return fingerprint(
        code_version("schemas", "assets.masking", "assets.profiles", "assets.exports"),
        profile.model_dump(mode="json", exclude={"source"}),
        key_id(key),
    )


def _batches(deliveries: list[Delivery]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    size = 0
    for delivery in deliveries:
        if batch and size + delivery.size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(delivery)
        size += delivery.size
    if batch:
        yield batch


def _write(warehouse: Warehouse, dataset: str, batch: Batch) -> None:
    name = batch.name
    for period in batch.rows[PERIOD].unique():
        rows = batch.rows.filter(pl.col(PERIOD) == period).drop(PERIOD)
        folder = warehouse.staged(dataset, period)
        make_folder(folder, PRIVATE_FOLDER)
        named = rows.with_columns(__batch=pl.lit(name))
        write = partial(named.write_parquet, compression_level=_LEVEL)
        write_atomically(folder / f"{name}.parquet", write, mode=PRIVATE_FILE)
    for folder, rows in (
        (warehouse.quarantine(dataset), batch.quarantine),
        (warehouse.corrections(dataset), batch.corrections),
    ):
        if rows.height:
            make_folder(folder, PRIVATE_FOLDER)
            write_atomically(folder / f"{name}.parquet", rows.write_parquet, mode=PRIVATE_FILE)


def stage(
    dataset: str,
    warehouse: Warehouse,
    profile: Profile,
    *,
    wanted: Callable[[Delivery], bool] = lambda _: True,
    progress: Callable[[int], None] = lambda _: None,
) -> pl.DataFrame:
    """Ingest what is pending of a dataset.

    Args:
        dataset: name of the dataset.
        warehouse: where archive and ledger lie.
        profile: how the platform exports.
        wanted: which deliveries to take now.
        progress: called with the number of files done after each batch.

    Returns:
        Ledger rows of the deliveries that were ingested.
    """
    table = EXPORTS[dataset]
    make_caller_key(warehouse.caller_key)
    key = caller_key(warehouse.caller_key)
    version = ingestion_version(profile, key)
    arrived = catalogue(warehouse, dataset)
    everything = {each.delivery for each in arrived}
    todo = [
        each for each in pending(arrived, read_ledger(warehouse, dataset), version) if wanted(each)
    ]

    def work(deliveries: list[Delivery]) -> Batch:
        return ingest(
            deliveries,
            lambda each: warehouse.archived(each.sha256).read_bytes(),
            table,
            profile,
            key=key,
            built_with=version,
            batch=fingerprint(version, [(each.delivery, each.generation) for each in deliveries]),
        )

    def bytes_of(deliveries: list[Delivery]) -> int:
        return sum(each.size for each in deliveries)

    outcomes, threads = [], in_polars()
    most = threads * BATCH_BYTES
    for batch in abreast(work, _batches(todo), threads=threads, weigh=bytes_of, most=most):
        _write(warehouse, dataset, batch)
        commit(warehouse, dataset, batch.outcomes, everything)
        outcomes.append(batch.outcomes)
        progress(batch.outcomes.height)
    if outcomes:
        drop_unnamed(warehouse, dataset)
    return pl.concat(outcomes) if outcomes else read_ledger(warehouse, dataset).clear()
