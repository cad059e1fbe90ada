"""Take the exports of some dates: find, archive and stage them.

Belongs here: what one materialization of an export does, without Dagster.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.exports.archive import Delivery, archive, catalogue, new_files
from assets.exports.discover import ExportFile, Landing, discover
from assets.exports.ledger import REFUSED, pending, read_ledger
from assets.exports.protect import caller_key
from assets.exports.stage import ingestion_version, stage
from assets.masking import masked_name
from assets.site import Site
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES


@dataclass(frozen=True)
class Waiting:
    """What there is to take.

    Attributes:
        dates: dataset -> export date of each file that is new or stale.
        landing: what lies in the landing folder.
    """

    dates: dict[str, tuple[date, ...]]
    landing: Landing

    def count(self, wanted: Callable[[date], bool] = lambda _: True) -> int:
        """Number of files of some export dates."""
        return sum(wanted(day) for days in self.dates.values() for day in days)


def look(site: Site) -> Landing:
    """List the landing folder."""
    now = site.now()
    return discover(site.landing, site.profile, now=now.timestamp(), today=now.date())


def untaken(site: Site) -> list[ExportFile]:
    """Files in the landing folder that were not taken as they are, from the first day on."""
    limit = site.profile.max_file_bytes
    files: dict[str, list[ExportFile]] = {}
    for file in look(site).files:
        if file.export_date >= site.start:
            files.setdefault(file.dataset, []).append(file)
    return [
        file
        for name, own in files.items()
        for file in new_files(own, catalogue(site.warehouse, name), limit)
    ]


def waiting(site: Site) -> Waiting:
    """Export dates that have new files, or files ingested by other code or another profile."""
    landing = look(site)
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
    return Waiting(dates, landing)


def take(site: Site, dataset: str, wanted: Callable[[date], bool]) -> pl.DataFrame:
    """Archive and ingest what is new or stale of a dataset for some export dates.

    Args:
        site: the installation.
        dataset: name of the dataset.
        wanted: which export dates.

    Returns:
        Ledger rows of the files that were ingested.
    """
    if dataset not in site.profile.datasets:
        return read_ledger(site.warehouse, dataset).clear()
    landing, limit = look(site), site.profile.max_file_bytes
    known = catalogue(site.warehouse, dataset)
    own = [each for each in landing.files if each.dataset == dataset and wanted(each.export_date)]
    links = [
        each for each in landing.outside if each.dataset == dataset and wanted(each.export_date)
    ]
    archive(
        new_files(own, known, limit),
        new_files(links, known, limit),
        landing=site.landing,
        warehouse=site.warehouse,
        limit=limit,
    )

    def chosen(delivery: Delivery) -> bool:
        return wanted(delivery.export_date)

    def progress(count: int) -> None:
        site.listener.advance("exports", count)

    outcomes = stage(dataset, site.warehouse, site.profile, wanted=chosen, progress=progress)
    for row in outcomes.filter(state=REFUSED).iter_rows(named=True):
        site.listener.problem(*refusal(row))
    return outcomes


def refusal(row: dict[str, object]) -> tuple[str, str]:
    """Name of a refused file and the sentence that says why and what to do."""
    detail = json.loads(str(row["detail"]))
    name = masked_name(str(row["path"]).rpartition("/")[2])
    return name, FILE_RULES[str(row["rule"])].zh.format(**detail)
