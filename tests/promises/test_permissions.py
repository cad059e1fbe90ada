"""Who may read what a night makes does not depend on the umask of whoever started it."""

import os
import re
from pathlib import Path
from stat import S_IMODE

import pytest

from pipelines.night import NightRequest
from pipelines.recorded_run import run_night
from tests.driver import deliver, make_installation
from tests.samples import row

READABLE = ("releases", "reports")
# In names; some hang on the key of the pseudonyms, which is drawn.
_HASH = re.compile("[0-9a-f]{12,}")


@pytest.fixture
def modes(tmp_path, monkeypatch):
    """Permissions of everything after a night under an umask, by path; names of runs left out."""
    before = os.umask(0)

    def found(umask: int) -> dict[str, int]:
        folder = tmp_path / f"{umask:03o}"
        os.umask(umask)
        installation = make_installation(folder)
        monkeypatch.setenv("DAGSTER_HOME", str(folder / "warehouse" / "dagster"))
        deliver(installation, "calls_20230105.csv", [row("calls")])
        assert run_night(installation, NightRequest(), why="run").published
        root = installation.warehouse.root
        return {
            _HASH.sub("*", path.relative_to(root).as_posix()): S_IMODE(path.lstat().st_mode)
            for path in root.rglob("*")
            if not path.is_symlink() and not is_of_dagster(path)
        } | {"": S_IMODE(root.stat().st_mode)}

    yield found
    os.umask(before)


def is_of_dagster(path: Path) -> bool:
    """Files in a private folder that Dagster makes and names by runs."""
    return path.parent.name in ("history", "schedules") or "storage" in path.parts


def test_permissions_are_the_same_whatever_the_umask(modes):
    usual = modes(0o022)
    assert len(usual) > 50
    assert modes(0o000) == usual
    for umask in (0o027, 0o077):
        # Only that all others may read nothing is left to whoever runs the program.
        assert modes(umask) == {name: mode & ~0o007 for name, mode in usual.items()}


def test_releases_are_readable_and_all_else_is_private(modes):
    found = modes(0o077)
    for name, mode in found.items():
        top = name.partition("/")[0]
        assert not mode & 0o022, name
        if top in READABLE:
            assert mode & 0o040, name
        else:
            assert not mode & 0o007, name
    assert found["dagster"] == found["dagster/history"] == found["archive"] == 0o700
    assert found["caller.key"] == 0o600
