"""A released installation for every test of issuing."""

import os

import pytest

from tests.driver import existing_installation
from tests.reports.office import FIRST, LAST, NIGHT, moment, released


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A released installation, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    released(folder, FIRST, LAST, now=NIGHT)
    return folder


@pytest.fixture
def installation(template, tmp_path):
    os.system(f"cp -a {template}/. {tmp_path}")
    return existing_installation(tmp_path, now=moment(NIGHT), start=FIRST)
