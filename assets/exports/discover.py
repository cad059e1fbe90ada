"""Find the export files in a source and say which dataset and date each is of.

Names and times only; no file is opened. What is not ingested now (still being uploaded, dated in
the future, name not recognised, a link that leaves the source) is said, too. A database is asked
for the periods that a platform would export as one file each.
"""

import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from assets.exports.deliveries import first_day
from assets.installation import Installation
from assets.profiles import Profile
from assets.sources import (
    Folder,
    Item,
    Request,
    Source,
    SqlSettings,
    is_unsafe_name,
    open_source,
    printable,
)

UNFINISHED = (".part", ".tmp")
SUFFIXES = (".csv.gz", ".csv", ".xlsx")


@dataclass(frozen=True)
class ExportFile:
    """A file of the source that belongs to a dataset.

    Attributes:
        dataset: name of the dataset.
        export_date: the day it is about, or the last day of its month or year.
        item: what the source lists: path, size, time of modification.
    """

    dataset: str
    export_date: date
    item: Item

    @property
    def path(self) -> str:
        """Relative to the source, with "/"."""
        return self.item.path

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Landing:
    """What lies in a source.

    Attributes:
        files: files to ingest, in order of dataset, date, name and path.
        waiting: paths of files left for a later run.
        outside: files that are links to somewhere else.
        unknown: paths whose names no dataset of the profile recognises.
    """

    files: tuple[ExportFile, ...]
    waiting: tuple[str, ...]
    outside: tuple[ExportFile, ...]
    unknown: tuple[str, ...]


def without_ending(path: str) -> str:
    """The path of a file without the ending of its name."""
    for suffix in SUFFIXES:
        if path.lower().endswith(suffix):
            return path[: -len(suffix)]
    folders, slash, name = path.rpartition("/")
    return f"{folders}{slash}{name.rpartition('.')[0] or name}"


def recognise(path: str, profile: Profile) -> tuple[str, date] | None:
    """Dataset and export date that a file stands for, by the profile's patterns of names.

    Args:
        path: with "/"; folders count only where a pattern names them.
        profile: whose patterns decide.
    """
    stem = without_ending(path)
    for dataset, rules in profile.datasets.items():
        if (day := rules.names.date_of(stem)) is not None:
            return dataset, day
    return None


def _as_text(path: str) -> str:
    """A path as text: a name that is not UTF-8 is most likely one of an old Chinese system."""
    if path.isprintable():
        return path
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def discover(items: Iterable[Item], profile: Profile, *, now: float, today: date) -> Landing:
    """Sort what a source lists.

    Args:
        items: what it lists.
        profile: whose patterns decide.
        now: seconds since the epoch, to tell files that are still settling.
        today: files of this day or later wait: the day is not over.
    """
    files: list[ExportFile] = []
    outside: list[ExportFile] = []
    waiting: list[str] = []
    unknown: list[str] = []
    for item in items:
        path, name = item.path, item.path.rpartition("/")[2]
        found = recognise(path, profile)
        if (text := _as_text(path)) != path:
            # The name is not UTF-8, so it has no place in a ledger: the operator renames the file.
            unknown.append(text)
            continue
        if is_unsafe_name(path):
            unknown.append(printable(path))
            continue
        if found is None:
            (waiting if name.endswith(UNFINISHED) else unknown).append(path)
            continue
        dataset, day = found
        file = ExportFile(dataset, day, item)
        # A young file may still be growing. One from the future is not young: it was there before
        # somebody set the night back with --date.
        young = 0 <= now - item.modified / 1e9 < profile.settle_seconds
        if item.kind == "outside":
            outside.append(file)
        elif item.kind == "other":
            unknown.append(path)
        elif (
            item.kind == "gone"
            or young
            or name.endswith(UNFINISHED)
            or first_day(dataset, day) >= today
        ):
            waiting.append(path)
        else:
            files.append(file)
    order = sorted(files, key=lambda each: (each.dataset, each.export_date, each.name, each.path))
    return Landing(tuple(order), tuple(waiting), tuple(outside), tuple(unknown))


def query_windows(profile: Profile, *, first: date, today: date) -> list[Request]:
    """Queries for every period from the first day to the last one that has begun before today.

    Args:
        profile: how the files are named, in which zone days begin, for which datasets there is a
            query and for how long its rows change; none for a source that is no database.
        first: first day for which exports are expected.
        today: the present day.
    """
    if not isinstance(profile.source, SqlSettings):
        return []
    days = [first + timedelta(days=each) for each in range((today - first).days)]
    zone = ZoneInfo(profile.time_zone)
    found = []
    for dataset, query in profile.source.queries.items():
        names = profile.datasets[dataset].names
        for start, last in dict.fromkeys(names.covers(day) for day in days):
            end = last + timedelta(days=1)
            asked = min(today, end + timedelta(days=query.again_days))
            found.append(
                Request(
                    dataset,
                    f"{names.name_of(start)}.csv",
                    datetime.combine(start, time()),
                    datetime.combine(end, time()),
                    int(datetime.combine(asked, time(), zone).timestamp()) * 10**9,
                )
            )
    return found


def source_of(installation: Installation, *, with_retries: bool = True) -> Source:
    """The source that the profile names, or the folder that stands in for it.

    Args:
        installation: the installation.
        with_retries: whether to try again what was interrupted.
    """
    if installation.stand_in is not None:
        return Folder(installation.stand_in)
    profile = installation.profile
    return open_source(
        profile.source,
        landing=installation.landing,
        requests=partial(
            query_windows, profile, first=installation.start, today=installation.today
        ),
        zone=profile.time_zone,
        limit=profile.max_file_bytes,
        with_retries=with_retries,
    )


def list_source(installation: Installation, source: Source) -> Landing:
    """List an open source.

    Raises:
        SourceError: it cannot be listed.
    """
    now = installation.local_now()
    return discover(source.items(), installation.profile, now=now.timestamp(), today=now.date())


def list_exports(installation: Installation, *, with_retries: bool = True) -> Landing:
    """List the source.

    Args:
        installation: the installation.
        with_retries: whether to try again what was interrupted; whoever looks often or waits for an
            answer does not want that.

    Raises:
        SourceError: it cannot be listed.
    """
    with closing(source_of(installation, with_retries=with_retries)) as source:
        return list_source(installation, source)
