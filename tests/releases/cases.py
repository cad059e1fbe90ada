"""Installations with releases, and what is asked of them."""

import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from assets.installation.installation import Installation
from assets.releases.checks import verify
from assets.releases.definitions import publish_facts
from assets.releases.package import (
    Release,
    current_release,
)
from assets.releases.publish import (
    PublishResult,
)
from tests.driver import (
    NIGHT,
    build_details,
    build_facts,
    change,
    deliver,
    existing_installation,
    take_all,
)
from tests.samples import FILE, row


def call(number: int, day: str = "2023-01-05") -> dict[str, Any]:
    times = {
        f"{each}_at": f"{day} 08:00:0{n}" for n, each in enumerate(("offered", "answered", "ended"))
    }
    return row("calls", call_id=f"C{day}-{number}", **times)


def first_day(installation: Installation) -> None:
    """One row of every daily and monthly dataset."""
    for dataset in ("calls", "tickets", "callbacks", "quality", "knowledge", "staff"):
        deliver(installation, f"{FILE[dataset]}.csv", [row(dataset)])


def released(installation: Installation) -> str:
    name = current_release(installation.warehouse)
    assert name is not None
    return name


def complete(folder: Path) -> bool:
    """Whether a release folder holds exactly what its descriptor says, and is named after it."""
    package = (folder / "datapackage.json").read_bytes()
    described = {each["path"]: each["hash"] for each in json.loads(package)["resources"]}
    found = {
        path.relative_to(
            folder
        ).as_posix(): f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in folder.rglob("*.parquet")
    }
    named = folder.name.endswith(hashlib.sha256(package).hexdigest()[:12])
    return bool(found) and found == described and named


def faults(installation: Installation) -> dict[str, tuple[str, ...]]:
    """Checks of the current release that fail, with what they name."""
    return {each.name: each.faults for each in verify(installation.warehouse) if not each.passed}


def build_next(installation: Installation) -> None:
    """Build a next release and do not publish it."""
    deliver(installation, "calls_20230105_late.csv", [call(9)])
    take_all(installation)
    build_details(installation)
    build_facts(installation)


def copied(template: Path, folder: Path) -> Installation:
    shutil.copytree(template, folder / "copy", symlinks=True)
    return existing_installation(folder / "copy")


WHO = {"by": "张三", "why": "数据有误"}


def agents(count: int) -> list[dict[str, str]]:
    return [row("staff", agent_id=f"{number:04}") for number in range(count)]


def publish_as_at_night(installation: Installation, *, days_later: int = 0) -> PublishResult:
    """Bring everything up to date as a night does, thresholds included."""
    change(installation, now=lambda: NIGHT + timedelta(days=days_later))
    take_all(installation)
    build_details(installation)
    build_facts(installation)
    return publish_facts(installation, why="run")


def calls(installation: Installation, day: str, *numbers: int) -> None:
    times = {f"{each}_at": f"2023-{day} 08:00:00" for each in ("offered", "answered", "ended")}
    rows = [row("calls", call_id=f"{day}-{number}", **times) for number in numbers]
    deliver(installation, f"calls_2023{day.replace('-', '')}.csv", rows)


def read(installation: Installation, name: str) -> Release:
    return Release.open(installation.warehouse.releases / name)
