"""Do small pieces of work in processes of their own, which may fail or be killed on the way.

Belongs here: the pieces of work, and the process that forks one for each. It imports everything
once and never runs a query itself: a fork of a process that has does not come back from Polars.

As a script: reads a JSON line for each piece of work, answers each with one.
"""

import dataclasses
import errno
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from assets.core.errors import HotlineError, disk_sentence
from assets.core.files import make_folder, remove_folder
from assets.core.lock import write_lock
from assets.erasure import erase, find_subjects
from assets.exports import rotate_caller_key
from assets.installation.installation import Installation
from assets.releases.approval import roll_back
from assets.releases.definitions import publish_facts
from assets.releases.package import release_ids
from assets.releases.publish import remove_old_releases
from assets.sync.backup import back_up
from assets.sync.backup import restore as bring_back
from assets.sync.rebuild import check_archive, forget_computed
from tests.driver import NIGHT, build_details, build_facts, change, existing_installation, take_all
from tests.lasting.disk import Disk, watched

DONE, SAID, CRASHED = 0, 2, 70


def night(installation: Installation) -> None:
    """What a night does, without Dagster; one release stays."""
    take_all(installation)
    build_details(installation)
    build_facts(installation)
    publish_facts(installation, why="run")
    remove_old_releases(installation.warehouse, 1)


def rollback(installation: Installation) -> None:
    """Go back to the older of two releases."""
    first = release_ids(installation.warehouse)[0]
    roll_back(installation.warehouse, first, by="张三", why="有误", now=installation.now())


def rebuild(installation: Installation) -> None:
    """Forget what was computed and compute it again from the archive alone."""
    check_archive(installation.warehouse)
    forget_computed(installation.warehouse)
    change(installation, landing=installation.root / ".tmp-landing")
    make_folder(installation.landing)
    night(installation)
    remove_folder(installation.landing)


def backup(installation: Installation) -> None:
    """Bring the backup beside the warehouse up to date."""
    back_up(installation, installation.root.parent / "backup", print)


def restore(installation: Installation) -> None:
    """Bring the backup back beside the warehouse."""
    change(installation, root=installation.root.parent / "restored")
    bring_back(installation, installation.root.parent / "backup", print)


def erase_caller(installation: Installation) -> None:
    """Erase the caller of every sample."""
    found = find_subjects(installation, ["13800138000"], [])
    erase(installation, found, by="张三", why="本人申请")
    night(installation)


def rotate_key(installation: Installation) -> None:
    """Use another key for pseudonyms."""
    rotate_caller_key(installation.warehouse, "1" * 64)
    forget_computed(installation.warehouse)
    night(installation)


WORK: dict[str, Callable[[Installation], None]] = {
    "night": night,
    "rollback": rollback,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
    "erase": erase_caller,
    "rotate": rotate_key,
}
# These take the lock themselves, where they need it.
_LOCKING = ("backup", "restore")


@dataclasses.dataclass(frozen=True)
class Came:
    """What came of a piece of work.

    Attributes:
        status: exit status, negative for a signal.
        said: sentence or traceback.
        hit: the operation that failed; empty where none did.
        seen: the operations, in order; empty where the process was killed.
    """

    status: int
    said: str = ""
    hit: str = ""
    seen: tuple[str, ...] = ()


def _work(folder: Path, work: str, disk: Disk) -> tuple[int, str]:
    """As the command does it: a sentence for what it knows, a traceback for what it does not."""
    try:
        with watched(disk):
            installation = existing_installation(folder, now=NIGHT + timedelta(days=1))
            if work in _LOCKING:
                WORK[work](installation)
            else:
                with write_lock(installation.warehouse, timeout=5, now=installation.now):
                    WORK[work](installation)
    except HotlineError as error:
        return SAID, str(error)
    except OSError as error:
        return SAID, disk_sentence(error)
    except Exception:
        return CRASHED, traceback.format_exc()
    return DONE, ""


def _child(asked: dict[str, Any], answer: Path) -> None:
    folder = Path(asked["folder"])
    disk = Disk(folder, at=asked["at"], error=asked["error"], sticky=asked["sticky"])
    status, said = _work(folder, asked["work"], disk)
    answer.write_text(json.dumps([status, said, disk.hit, disk.seen]), encoding="utf-8")
    os._exit(0)


def serve() -> None:
    """Answer one line after the other."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer = Path(asked["folder"]) / "answer.json"
        answer.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            try:
                _child(asked, answer)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        came = json.loads(answer.read_text("utf-8")) if status == 0 else [status, "", "", []]
        print(json.dumps(came), flush=True)


class Zygote:
    """The forking process, asked from a test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lasting.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __call__(
        self, folder: Path, work: str, *, at: int = 0, error: int = 0, sticky: bool = False
    ) -> Came:
        """Do a piece of work on the installation below a folder."""
        asked = {"folder": str(folder), "work": work, "at": at, "error": error, "sticky": sticky}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        status, said, hit, seen = json.loads(self._process.stdout.readline())
        return Came(status, said, hit, tuple(seen))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EMFILE)

if __name__ == "__main__":
    serve()
