"""Installations with one release, with a built next one, and with two."""

import shutil
from pathlib import Path

import pytest

from assets.installation.installation import Installation
from assets.releases.package import (
    current_release,
)
from tests.driver import (
    bring_up_to_date,
    deliver,
    existing_installation,
    make_installation,
)
from tests.releases.cases import (
    agents,
    build_next,
    calls,
    copied,
    first_day,
    publish_as_at_night,
)


@pytest.fixture(scope="module")
def templates(tmp_path_factory) -> dict[str, Path]:
    """An installation with a release, and one with a built next release that is not published."""
    folder = tmp_path_factory.mktemp("templates")
    installation = make_installation(folder / "released")
    first_day(installation)
    bring_up_to_date(installation)
    shutil.copytree(folder / "released", folder / "prepared", symlinks=True)
    build_next(existing_installation(folder / "prepared"))
    return {name: folder / name for name in ("released", "prepared")}


@pytest.fixture
def released_installation(templates, tmp_path) -> Installation:
    """An installation with a release."""
    return copied(templates["released"], tmp_path)


@pytest.fixture
def prepared(templates, tmp_path) -> Installation:
    """An installation with a release, and a built next one that is not published yet."""
    return copied(templates["prepared"], tmp_path)


@pytest.fixture
def staffed(installation) -> Installation:
    """A release with a complete month of staff that has ended long ago, and a call of April."""
    deliver(installation, "staff_202301.csv", agents(10))
    calls(installation, "04-05", 1)
    publish_as_at_night(installation)
    return installation


@pytest.fixture
def twice(staffed) -> tuple[Installation, str, str]:
    """Two releases."""
    first = current_release(staffed.warehouse)
    calls(staffed, "04-06", 1)
    second = publish_as_at_night(staffed, days_later=2).id
    assert first is not None
    return staffed, first, second
