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
from assets.masking import masked_name
from assets.site import Site
from assets.sources.folder import Folder
from assets.sources.opening import open_source
from assets.sources.request import Request
from assets.sources.settings import SqlSettings
from assets.sources.source import Source, SourceError
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


def source_of(site: Site, *, patiently: bool = True) -> Source:
    """The source that the profile names, or the folder that stands in for it.

    Args:
        site: the installation.
        patiently: whether to try again what was interrupted.
    """
    if site.stand_in is not None:
        return Folder(site.stand_in)
    settings = site.profile.source

    def asked() -> list[Request]:
        if not isinstance(settings, SqlSettings):
            return []
        return requests(site.profile, settings, first=site.start, today=site.today)

    return open_source(
        settings,
        landing=site.landing,
        requests=asked,
        zone=site.profile.time_zone,
        limit=site.profile.max_file_bytes,
        patiently=patiently,
    )


def look(site: Site, *, patiently: bool = True) -> Landing:
    """List the source.

    Args:
        site: the installation.
        patiently: whether to try again what was interrupted; whoever looks often or waits for an
            answer does not want that.

    Raises:
        SourceError: it cannot be listed.
    """
    with closing(source_of(site, patiently=patiently)) as source:
        return _list(site, source)


def _list(site: Site, source: Source) -> Landing:
    now = site.now()
    return discover(source.items(), site.profile, now=now.timestamp(), today=now.date())


def untaken(site: Site) -> list[ExportFile]:
    """Files in the landing folder that were not taken as they are, from the first day on."""
    limit = site.profile.max_file_bytes
    files: dict[str, list[ExportFile]] = {}
    for file in look(site, patiently=False).files:
        if file.export_date >= site.start:
            files.setdefault(file.dataset, []).append(file)
    return [
        file
        for name, own in files.items()
        for file in new_files(own, catalogue(site.warehouse, name), limit)
    ]


def waiting(site: Site, *, patiently: bool = True) -> Waiting:
    """Export dates that have new files, or files ingested by other code or another profile.

    Where the source cannot be listed, that is said and the rest is there.

    Args:
        site: the installation.
        patiently: as of `look`.
    """
    unreachable = ""
    try:
        landing = look(site, patiently=patiently)
    except SourceError as error:
        landing, unreachable = Landing((), (), (), ()), str(error)
    version = ingestion_version(site.profile, caller_key(site.warehouse.caller_key))
    limit = site.profile.max_file_bytes
    dates: dict[str, tuple[date, ...]] = dict.fromkeys(EXPORTS, ())
    for name in site.profile.datasets:
        known = catalogue(site.warehouse, name)
        own = [each for each in (*landing.files, *landing.outside) if each.dataset == name]
        fresh = {each.path: each.export_date for each in new_files(own, known, limit)}
        stale = pending(known, read_ledger(site.warehouse, name), version)
        dates[name] = (
            *fresh.values(),
            *(each.export_date for each in stale if each.path not in fresh),
        )
    return Waiting(dates, landing, unreachable)


def take(site: Site, dataset: str, wanted: Callable[[date], bool]) -> Taken:
    """Archive and ingest what is new or stale of a dataset for some export dates.

    Where the source breaks off, what could be had is ingested all the same.

    Args:
        site: the installation.
        dataset: name of the dataset.
        wanted: which export dates.
    """
    if dataset not in site.profile.datasets:
        return Taken(read_ledger(site.warehouse, dataset).clear())
    broken: SourceError | None = None
    try:
        _archive_new(site, dataset, wanted)
    except SourceError as error:
        broken = error
    outcomes = stage(
        dataset,
        site.warehouse,
        site.profile,
        wanted=lambda delivery: wanted(delivery.export_date),
        progress=partial(site.listener.advance, "exports"),
    )
    for row in outcomes.filter(state=REFUSED).iter_rows(named=True):
        site.listener.problem(*refusal(row))
    return Taken(outcomes, broken)


def _archive_new(site: Site, dataset: str, wanted: Callable[[date], bool]) -> None:
    limit, known = site.profile.max_file_bytes, catalogue(site.warehouse, dataset)

    def own(files: tuple[ExportFile, ...]) -> list[ExportFile]:
        chosen = [each for each in files if each.dataset == dataset and wanted(each.export_date)]
        return new_files(chosen, known, limit)

    with closing(source_of(site)) as source:
        landing = _list(site, source)
        archive(
            own(landing.files),
            own(landing.outside),
            source=source,
            warehouse=site.warehouse,
            limit=limit,
        )


def refusal(row: dict[str, object]) -> tuple[str, str]:
    """Name of a refused file and the sentence that says why and what to do."""
    detail = json.loads(str(row["detail"]))
    name = masked_name(str(row["path"]).rpartition("/")[2])
    return name, FILE_RULES[str(row["rule"])].zh.format(**detail)
