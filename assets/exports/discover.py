"""Find the export files below the landing folder and say which dataset and date each is of.

Belongs here: names and file status only; no file is opened. What is not taken now (still being
uploaded, dated in the future, name not recognised, a link that leaves the folder) is said, too.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.errors import HotlineError
from assets.exports.profile import Profile, period_end
from schemas import EXPORTS

UNFINISHED = (".part", ".tmp")
SUFFIXES = (".csv.gz", ".csv", ".xlsx")


@dataclass(frozen=True)
class ExportFile:
    """A file in the landing folder that belongs to a dataset.

    Attributes:
        dataset: name of the dataset.
        export_date: the day it is about, or the last day of its month or year.
        path: relative to the landing folder, with "/".
        size: in bytes.
        modified: modification time in nanoseconds.
    """

    dataset: str
    export_date: date
    path: str
    size: int
    modified: int

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Landing:
    """What lies in the landing folder.

    Attributes:
        files: files to take, in order of dataset, date, name and path.
        waiting: paths of files left for a later run.
        outside: files that are links to somewhere else.
        unknown: paths whose names no dataset of the profile recognises.
    """

    files: tuple[ExportFile, ...]
    waiting: tuple[str, ...]
    outside: tuple[ExportFile, ...]
    unknown: tuple[str, ...]


def _stem(name: str) -> str:
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name.rpartition(".")[0] or name


def recognise(name: str, profile: Profile) -> tuple[str, date] | None:
    """Dataset and export date that a file name stands for, by the profile's patterns."""
    stem = _stem(name)
    for dataset, rules in profile.datasets.items():
        if (match := rules.pattern.match(stem)) and (day := period_end(match["date"])) is not None:
            return dataset, day
    return None


def first_day(dataset: str, export_date: date) -> date:
    """First day of the day, month or year that an export is about."""
    cadence = EXPORTS[dataset].cadence
    if cadence == "daily":
        return export_date
    return export_date.replace(day=1, month=1 if cadence == "yearly" else export_date.month)


def _walk(root: Path) -> Iterator[tuple[str, str]]:
    """Path below a folder and name of every file in it, in order of path; hidden ones are left.

    Plain strings and system calls: a landing folder holds a hundred thousand files after years.

    A link to a folder is not followed but given as it is: nothing recognises it, so it is named.
    """

    def refuse(error: OSError) -> None:
        raise HotlineError(f"接收目录 {error.filename} 无法读取，请检查权限。") from None

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        links = [each for each in folders if os.path.islink(f"{folder}/{each}")]
        below = folder[len(str(root)) + 1 :]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield (f"{below}/{name}" if below else name), name


def _as_text(path: str) -> str:
    """A path as text: a name that is not UTF-8 is most likely one of an old Chinese system."""
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def discover(landing: Path, profile: Profile, *, now: float, today: date) -> Landing:
    """List the landing folder and its sub-folders.

    Args:
        landing: the folder.
        profile: whose patterns decide.
        now: seconds since the epoch, to tell files that are still settling.
        today: files of this day or later wait: the day is not over.

    Raises:
        HotlineError: the folder is not there or cannot be listed.
    """
    if not landing.is_dir():
        raise HotlineError(
            f"接收目录 {landing} 不存在：请核对 hotline.toml 的 landing，或先挂载该目录。"
        )
    root = landing.resolve()
    files: list[ExportFile] = []
    outside: list[ExportFile] = []
    waiting: list[str] = []
    unknown: list[str] = []
    for path, name in _walk(root):
        found = recognise(name, profile)
        if _as_text(path) != path:
            # The name is not UTF-8, so it has no place in a ledger: the operator renames the file.
            unknown.append(_as_text(path))
            continue
        if found is None:
            (waiting if name.endswith(UNFINISHED) else unknown).append(path)
            continue
        dataset, day = found
        full = f"{root}/{path}"
        try:
            status = os.stat(full)
        except FileNotFoundError:
            waiting.append(path)
            continue
        file = ExportFile(dataset, day, path, status.st_size, status.st_mtime_ns)
        # A young file may still be growing. One from the future is not young: it was there before
        # somebody set the night back with --date.
        young = 0 <= now - status.st_mtime < profile.settle_seconds
        if os.path.islink(full) and not Path(full).resolve().is_relative_to(root):
            outside.append(file)
        elif not stat.S_ISREG(status.st_mode):
            unknown.append(path)  # a linked folder cannot be read, and a pipe would be read forever
        elif young or name.endswith(UNFINISHED) or first_day(dataset, day) >= today:
            waiting.append(path)
        else:
            files.append(file)
    order = sorted(files, key=lambda each: (each.dataset, each.export_date, each.name, each.path))
    return Landing(tuple(order), tuple(waiting), tuple(outside), tuple(unknown))
