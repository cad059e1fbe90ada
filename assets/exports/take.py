"""Take the exports of some dates: find, archive and stage them.

Belongs here: what one materialization of an export does, without Dagster.
"""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from assets.exports.archive import archive, catalogue, new_files
from assets.exports.asking import requests
from assets.exports.discover import ExportFile, Landing, discover
from assets.exports.ledger import REFUSED, pending, read_ledger
from assets.exports.protect import caller_key
from assets.exports.stage import ingestion_version, stage
from assets.installation import Installation
from assets.masking import masked_name
from assets.sources import Folder, Request, Source, SourceError, SqlSettings, open_source
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES


@dataclass(frozen=True)
class Waiting:
    """What there is to take.

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
class Taken:
    """What came of taking a dataset.

    Attributes:
        outcomes: ledger rows of the files that were ingested.
        broken: what kept the source from giving all there is, else None.
    """

    outcomes: pl.DataFrame
    broken: SourceError | None = None


def source_of(installation: Installation, *, patiently: bool = True) -> Source:
    """The source that the profile names, or the folder that stands in for it.

    Args:
        installation: the installation.
        patiently: whether to try again what was interrupted.
    """
    if installation.stand_in is not None:
        return Folder(installation.stand_in)
    settings = installation.profile.source

    def asked() -> list[Request]:
        if not isinstance(settings, SqlSettings):
            return []
        return requests(
            installation.profile, settings, first=installation.start, today=installation.today
        )

    return open_source(
        settings,
        landing=installation.landing,
        requests=asked,
        zone=installation.profile.time_zone,
        limit=installation.profile.max_file_bytes,
        patiently=patiently,
    )


def look(installation: Installation, *, patiently: bool = True) -> Landing:
    """List the source.

    Args:
        installation: the installation.
        patiently: whether to try again what was interrupted; whoever looks often or waits for an
            answer does not want that.

    Raises:
        SourceError: it cannot be listed.
    """
    with closing(source_of(installation, patiently=patiently)) as source:
        return _list(installation, source)


def _list(installation: Installation, source: Source) -> Landing:
    now = installation.now()
    return discover(source.items(), installation.profile, now=now.timestamp(), today=now.date())


def untaken(installation: Installation) -> list[ExportFile]:
    """Files in the landing folder that were not taken as they are, from the first day on."""
    limit = installation.profile.max_file_bytes
    files: dict[str, list[ExportFile]] = {}
    for file in look(installation, patiently=False).files:
        if file.export_date >= installation.start:
            files.setdefault(file.dataset, []).append(file)
    return [
        file
        for name, own in files.items()
        for file in new_files(own, catalogue(installation.warehouse, name), limit)
    ]


def waiting(installation: Installation, *, patiently: bool = True) -> Waiting:
    """Export dates that have new files, or files ingested by other code or another profile.

    Where the source cannot be listed, that is said and the rest is there.

    Args:
        installation: the installation.
        patiently: as of `look`.
    """
    unreachable = ""
    try:
        landing = look(installation, patiently=patiently)
    except SourceError as error:
        landing, unreachable = Landing((), (), (), ()), str(error)
    version = ingestion_version(installation.profile, caller_key(installation.warehouse.caller_key))
    limit = installation.profile.max_file_bytes
    dates: dict[str, tuple[date, ...]] = dict.fromkeys(EXPORTS, ())
    for name in installation.profile.datasets:
        known = catalogue(installation.warehouse, name)
        own = [each for each in (*landing.files, *landing.outside) if each.dataset == name]
        fresh = {each.path: each.export_date for each in new_files(own, known, limit)}
        stale = pending(known, read_ledger(installation.warehouse, name), version)
        dates[name] = (
            *fresh.values(),
            *(each.export_date for each in stale if each.path not in fresh),
        )
    return Waiting(dates, landing, unreachable)


def take(installation: Installation, dataset: str, wanted: Callable[[date], bool]) -> Taken:
    """Archive and ingest what is new or stale of a dataset for some export dates.

    Where the source breaks off, what could be had is ingested all the same.

    Args:
        installation: the installation.
        dataset: name of the dataset.
        wanted: which export dates.
    """
    if dataset not in installation.profile.datasets:
        return Taken(read_ledger(installation.warehouse, dataset).clear())
    broken: SourceError | None = None
    try:
        _archive_new(installation, dataset, wanted)
    except SourceError as error:
        broken = error
    outcomes = stage(
        dataset,
        installation.warehouse,
        installation.profile,
        wanted=lambda delivery: wanted(delivery.export_date),
        progress=partial(installation.listener.advance, "exports"),
    )
    for row in outcomes.filter(state=REFUSED).iter_rows(named=True):
        installation.listener.problem(*refusal(row))
    return Taken(outcomes, broken)


def _archive_new(installation: Installation, dataset: str, wanted: Callable[[date], bool]) -> None:
    limit, known = installation.profile.max_file_bytes, catalogue(installation.warehouse, dataset)

    def own(files: tuple[ExportFile, ...]) -> list[ExportFile]:
        chosen = [each for each in files if each.dataset == dataset and wanted(each.export_date)]
        return new_files(chosen, known, limit)

    with closing(source_of(installation)) as source:
        landing = _list(installation, source)
        archive(
            own(landing.files),
            own(landing.outside),
            source=source,
            warehouse=installation.warehouse,
            limit=limit,
        )


def refusal(row: dict[str, object]) -> tuple[str, str]:
    """Name of a refused file and the sentence that says why and what to do."""
    detail = json.loads(str(row["detail"]))
    name = masked_name(str(row["path"]).rpartition("/")[2])
    return name, FILE_RULES[str(row["rule"])].zh.format(**detail)
