"""Fixtures that every test file may use: a fresh installation."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assets.installation.installation import Installation
from tests.driver import make_installation

# The same examples in every run, and no folder of past failures in the repository.
settings.register_profile(
    "hotline",
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hotline")


def pytest_configure(config: pytest.Config) -> None:
    """Let what tests start run as in production, without what only the tests themselves need."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        children = Path(__file__).parent / "children"
        os.environ["PYTHONPATH"] = str(children)


@pytest.fixture
def installation(tmp_path) -> Installation:
    """A fresh installation on a temporary folder, in the night to 1 March 2024."""
    return make_installation(tmp_path)


# Files that take a minute or more begin first, so that none of them is left alone at the end.
LONG = (
    "test_on_workers.py",
    "test_together.py",
    "test_golden.py",
    "test_keeping.py",
    "test_fuzz.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)
