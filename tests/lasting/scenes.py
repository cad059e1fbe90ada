"""What is going on when the disk fails or the process dies, and what must hold afterwards.

Belongs here: the installations to begin with, and one trial: disturb, look, do it again, compare.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.core.errors import HotlineError
from assets.installation.installation import Installation
from assets.releases.checks import verify
from assets.sync.backup import check as check_backup
from assets.sync.backup import read_manifest
from tests.driver import deliver, existing_installation, make_installation
from tests.lasting.disk import KILL
from tests.lasting.state import contents, difference, temporary
from tests.lasting.zygote import DONE, SAID, Zygote
from tests.samples import FILE, row


def call(number: int, day: str) -> dict[str, Any]:
    """A call of a day."""
    times = {f"{each}_at": f"{day} 08:00:00" for each in ("offered", "answered", "ended")}
    return row("calls", call_id=f"C{day}-{number}", **times)


def first_files(installation: Installation) -> None:
    """A row of every daily and monthly dataset, and one that is quarantined."""
    for dataset in ("calls", "tickets", "callbacks", "quality", "knowledge", "staff"):
        deliver(installation, f"{FILE[dataset]}.csv", [row(dataset)])
    deliver(installation, "calls_20230107.csv", [call(1, "2023-01-07"), row("calls", call_id="")])


def later_files(installation: Installation) -> None:
    """A late file, a corrected one, a new month, a refused file."""
    deliver(installation, "calls_20230105_late.csv", [call(9, "2023-01-05")])
    deliver(installation, "calls_20230206.csv", [call(1, "2023-02-06")])
    deliver(installation, "calls_20230107.csv", [call(1, "2023-01-07") | {"line": "corrected"}])
    deliver(installation, "quality_20230107.csv", "")


def _released(folder: Path, zygote: Zygote) -> Installation:
    installation = make_installation(folder)
    first_files(installation)
    assert zygote(folder, "night").status == DONE
    return installation


def _first(folder: Path, _: Zygote) -> None:
    first_files(make_installation(folder))


def _night(folder: Path, zygote: Zygote) -> None:
    later_files(_released(folder, zygote))


def _rollback(folder: Path, zygote: Zygote) -> None:
    installation = _released(folder, zygote)
    first = installation.warehouse.releases / installation.warehouse.current.readlink().name
    kept = folder / "kept"
    shutil.copytree(first, kept)
    later_files(installation)
    assert zygote(folder, "night").status == DONE
    kept.rename(first)


def _backup(folder: Path, zygote: Zygote) -> None:
    installation = _released(folder, zygote)
    assert zygote(folder, "backup").status == DONE
    later_files(installation)
    assert zygote(folder, "night").status == DONE


def _restore(folder: Path, zygote: Zygote) -> None:
    _backup(folder, zygote)
    assert zygote(folder, "backup").status == DONE


@dataclass(frozen=True)
class Scene:
    """A piece of work and the installation that it begins with.

    Attributes:
        work: name of the piece of work.
        prepare: makes the installation below a folder.
        result: folder that is compared.
        only: beginnings of the names that are compared. The key of the pseudonyms is drawn once,
            and what is computed from a first draw need not be the same after a second.
    """

    work: str
    prepare: Callable[[Path, Zygote], Any]
    result: str = "warehouse"
    only: tuple[str, ...] = ("",)


SCENES = {
    "first": Scene("night", _first, only=("releases/", "current", "ledger/releases.jsonl")),
    "night": Scene("night", _night),
    "rollback": Scene("rollback", _rollback),
    "rebuild": Scene("rebuild", _released),
    "backup": Scene("backup", _backup, "backup"),
    "restore": Scene("restore", _restore, "restored"),
    # The key of the record of erasures is drawn once, too.
    "erase": Scene("erase", _released, only=("archive/", "staged/", "details/", "releases/")),
    "rotate": Scene("rotate", _released),
}


class Stage:
    """A scene that is set up once and tried many times.

    Args:
        scene: which.
        folder: scratch space.
        zygote: does the work.
    """

    def __init__(self, scene: Scene, folder: Path, zygote: Zygote) -> None:
        self.scene, self._zygote = scene, zygote
        self._template, self._try = folder / "template", folder / "try"
        scene.prepare(self._template, zygote)
        undisturbed = folder / "undisturbed"
        shutil.copytree(self._template, undisturbed, symlinks=True)
        came = zygote(undisturbed, scene.work)
        assert came.status == DONE, came.said
        self.operations = came.seen
        self.expected = contents(undisturbed / scene.result)

    def trial(self, at: int, error: int, *, sticky: bool = False) -> list[str]:
        """Disturb the work at an operation; returns what did not hold afterwards."""
        shutil.rmtree(self._try, ignore_errors=True)
        shutil.copytree(self._template, self._try, symlinks=True)
        came = self._zygote(self._try, self.scene.work, at=at, error=error, sticky=sticky)
        wrong = []
        if error == KILL and came.status != -9:
            wrong.append(f"was not killed: {came.status} {came.said}")
        # Closing the lock's own file is not ours, and frees the lock however it ends.
        unnoticed = came.hit.startswith("close ") and came.hit.endswith("/.lock")
        said = came.status == SAID and came.said.endswith("。")
        if error != KILL and not said and not (unnoticed and came.status == DONE):
            wrong.append(f"no sentence: {came.status} {came.said}")
        wrong += [f"in between: {each}" for each in self._in_between()]
        again = self._zygote(self._try, self.scene.work)
        if again.status != DONE:
            wrong.append(f"the next run: {again.status} {again.said}")
        result = self._try / self.scene.result
        wrong += [
            f"differs: {each}"
            for each in difference(result, self.expected)
            if each.startswith(self.scene.only)
        ]
        wrong += [f"left: {each}" for each in temporary(result)]
        return [f"{at} {self.operations[at - 1]} ({error}): {each}" for each in wrong]

    def _in_between(self) -> list[str]:
        """What a reader finds before the work is done again."""
        found = []
        for name in ("warehouse", "restored"):
            warehouse = existing_installation(self._try).warehouse.__class__(self._try / name)
            if warehouse.current.is_symlink():
                try:
                    found += [each.title for each in verify(warehouse) if not each.passed]
                except HotlineError as error:
                    found.append(str(error))
        backup = self._try / "backup"
        if backup.is_dir():
            try:
                check_backup(backup, read_manifest(backup))
            except HotlineError as error:
                found.append(str(error))
        return found
