"""A machine whose installation has two cities."""

from pathlib import Path

import pytest

from tests.pipelines.test_cli import Machine

TWO = """\
start = 2023-01-01
keep_releases = 9
[reports]
organisation = "省中心"
minimum_ranked = 7
[cities.alpha]
title = "甲市"
landing = "in/alpha"
[cities.beta]
landing = "in/beta"
start = 2023-01-02
[cities.beta.reports]
organisation = "乙市中心"
"""


def machine_of_two_cities(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that works in a folder, chosen by no variable of the environment."""
    made = Machine(folder)
    (folder / "hotline.toml").write_text(TWO, encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in ("HOTLINE_CITY", "HOTLINE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return made
