"""Find whose rows they are, and take them out of every file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from assets.core import Warehouse, remove_file, sync_folder, write_hashing
from assets.details import CROSS_FILE_PREFIX
from assets.exports import (
    CALL,
    CALLER,
    TICKET,
    Delivery,
    FileRefused,
    RawFile,
    catalogue,
    confirm_erasure,
    delete_orphans,
    erasures,
    forget_batches,
    is_erasure_pending,
    read_archived,
    read_ledger,
    record_erasure,
    redact,
    remove_former,
    subjects_of,
    write_catalogue,
)
from assets.installation import Installation
from assets.spelling import spell_caller, spell_id
from schemas import EXPORTS

Subjects = Mapping[str, Collection[str]]


@dataclass
class Erased:
    """What an erasure did.

    Attributes:
        files: raw files that were written anew.
        dropped: files that had been refused and were removed as a whole.
        unread: dataset, date and id of files that had been refused and cannot be searched.
        is_new: whether anything was asked that had not been erased before.
    """

    files: int = 0
    dropped: int = 0
    unread: list[str] = field(default_factory=list)
    is_new: bool = True


def find_subjects(
    installation: Installation, callers: Collection[str], tickets: Collection[str]
) -> Subjects:
    """Everything in the archive that belongs to some callers or tickets.

    Of a caller: the calls and the tickets that came of them. What refers to one of these, such as
    a callback, goes with it.

    Args:
        installation: the installation.
        callers: numbers, in any form.
        tickets: ids.

    Returns:
        Column -> values as they are stored.
    """
    numbers = _spelt(callers, spell_caller(pl.col("value")))
    calls: set[str] = set()
    found = set(_spelt(tickets, spell_id(pl.col("value"))))
    if numbers:
        for rows in _all_subjects(installation, "calls"):
            calls.update(rows.filter(pl.col(CALLER).is_in(numbers))[CALL].drop_nulls())
        for rows in _all_subjects(installation, "tickets"):
            found.update(rows.filter(pl.col(CALL).is_in(calls))[TICKET].drop_nulls())
    return {CALLER: numbers, CALL: sorted(calls), TICKET: sorted(found)}


def _spelt(texts: Collection[str], spelling: pl.Expr) -> list[str]:
    values = pl.DataFrame({"value": list(texts)}, schema={"value": pl.String})
    return values.select(spelling).to_series().drop_nulls().unique().sort().to_list()


def _all_subjects(installation: Installation, dataset: str) -> Iterator[pl.DataFrame]:
    nothing = pl.DataFrame(schema=dict.fromkeys((CALLER, CALL, TICKET), pl.String))
    for each in catalogue(installation.warehouse, dataset):
        if each.sha256:
            try:
                rows = subjects_of(_raw_file(installation.warehouse, each), installation.profile)[1]
            except FileRefused:
                continue
            yield pl.concat([nothing, rows], how="diagonal")


def _raw_file(warehouse: Warehouse, each: Delivery) -> RawFile:
    raw = read_archived(warehouse, each.sha256, each.path)
    return RawFile(raw, each.dataset, each.path, each.export_date, each.delivered_sha256)


def erase(installation: Installation, subjects: Subjects, *, by: str, why: str) -> Erased:
    """Erase what `find_subjects` has found; after a crash, the same again ends it.

    Args:
        installation: hold its warehouse for writing.
        subjects: column -> values as they are stored.
        by: who decides.
        why: the reason.

    Raises:
        HotlineError: nobody answers for it, or a raw file is damaged or cannot be written anew.
    """
    finish_erasure(installation)
    done = Erased()
    done.is_new = record_erasure(
        installation.warehouse,
        subjects,
        partial(_take_out, installation, done),
        by=by,
        why=why,
        at=installation.now(),
    )
    return done


def finish_erasure(installation: Installation) -> None:
    """End an erasure that was entered and not carried out; the caller holds the lock."""
    if is_erasure_pending(installation.warehouse):
        _take_out(installation, Erased())
        confirm_erasure(installation.warehouse)


def _take_out(installation: Installation, done: Erased) -> None:
    """Take what is entered out of every file; nothing is lost that was not looked for."""
    for dataset in EXPORTS:
        _take_out_of(installation, dataset, done)
    remove_former(installation.warehouse)


def _take_out_of(installation: Installation, dataset: str, done: Erased) -> None:
    warehouse = installation.warehouse
    erased = erasures(warehouse)
    entries = catalogue(warehouse, dataset)
    changed: dict[str, Delivery] = {}
    for each in entries:
        if erased is None or not each.sha256:
            continue
        left = redact(_raw_file(warehouse, each), erased, installation.profile)
        if left.is_unread:
            done.unread.append(f"{dataset} {each.export_date} {each.delivery}")
        elif left.content is not None:
            sha256, barred = "", "erased"
            if left.content:
                sha256, _ = write_hashing([left.content], warehouse.archive, warehouse.archived)
                sync_folder(warehouse.archived(sha256).parent)
                barred = ""
            former = (*each.former, each.sha256)
            changed[each.delivery] = replace(each, sha256=sha256, barred=barred, former=former)
            done.dropped += not sha256
            done.files += bool(sha256)
    if not changed:
        return
    # What was computed goes first: as long as the archive is as it was, a crash has changed nothing
    # that is not done again.
    ledger = read_ledger(warehouse, dataset).filter(pl.col("delivery").is_in(list(changed)))
    for period in ledger["periods"].explode().drop_nulls().unique():
        remove_file(warehouse.details(dataset) / f"{period}.parquet")
        remove_file(warehouse.quarantine(dataset) / f"{CROSS_FILE_PREFIX}{period}.parquet")
    remove_file(warehouse.moved(dataset))
    if ledger.height:
        forget_batches(warehouse, dataset, ledger["batch"].to_list())
    delete_orphans(warehouse, dataset)
    write_catalogue(warehouse, dataset, [changed.get(each.delivery, each) for each in entries])
