"""Every kind of state file damaged in every way: commands end in a sentence, not in a traceback."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.core import DamagedFile, HotlineError, check_warehouse_version, error_sentence
from assets.core.warehouse import mark_layout
from assets.installation.installation import Installation
from assets.releases.checks import verify
from assets.scrub import forget_damaged, scrub
from pipelines.cli.state import state
from pipelines.doctor import examine
from tests.driver import bring_up_to_date, existing_installation, make_installation
from tests.lasting.scenes import first_files
from tests.scrub.test_findings import COMPUTED, KEPT, empty, flip, tear, write

FILES = {
    **COMPUTED,
    **KEPT,
    "keys in two periods": "staged/tickets/moved.parquet",
    "account": "releases/*/files.parquet",
    "layout": "layout",
    "account as built": "built/files/*.parquet",
    "record of the account": "built/files/*.json",
}


def garbage(path: Path) -> None:
    write(path, random.Random(1).randbytes(1000))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").touch()


def unreadable(path: Path) -> None:
    """As on a broken disk: it opens, and each read is an error (EIO), for root, too."""
    path.unlink()
    path.symlink_to("/proc/self/mem")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": empty,
    "torn": tear,
    "flipped": flip,
    "garbage": garbage,
    "a folder": folder,
    "unreadable": unreadable,
}


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("state") / "template"
    installation = make_installation(made)
    first_files(installation)
    bring_up_to_date(installation)
    mark_layout(installation.warehouse)
    return made


def night(installation: Installation) -> None:
    """What a night does where it meets damage: it forgets it, and goes on once."""
    try:
        bring_up_to_date(installation)
    except DamagedFile:
        forget_damaged(installation.warehouse)
        bring_up_to_date(installation)


# What every command asks first, and what each of them does.
COMMANDS: dict[str, Callable[[Installation], object]] = {
    "any": lambda each: check_warehouse_version(each.warehouse),
    "verify": lambda each: verify(each.warehouse),
    "status": state,
    "doctor": lambda each: examine(each, folder=each.root.parent, backup=None),
    "scrub": lambda each: scrub(each, print),
    "run": night,
}


@pytest.mark.proof
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", FILES)
def test_every_command_ends_in_a_sentence(template, tmp_path, kind, damage):
    shutil.copytree(template, tmp_path / "try", symlinks=True)
    installation = existing_installation(tmp_path / "try")
    DAMAGES[damage](sorted(installation.root.glob(FILES[kind]))[0])
    for name, command in COMMANDS.items():
        try:
            command(installation)
        except (HotlineError, OSError) as error:
            # What `hotline` prints in place of a traceback.
            assert any("\u4e00" <= each <= "\u9fff" for each in error_sentence(error)), name
