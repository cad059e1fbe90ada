"""What the doctor tries, and which settings it warns of; each with its good side."""

import os
from pathlib import Path

import pytest

from assets.core import GOOD, NOTE, WRONG
from assets.health import check_guards, check_memory, check_writing
from tests.driver import change, set_profile


def test_a_night_s_work_is_tried_and_leaves_nothing(installation):
    before = sorted(installation.root.parent.rglob("*"))
    assert [each.level for each in check_writing(installation)] == [GOOD]
    assert sorted(installation.root.parent.rglob("*")) == before


@pytest.mark.parametrize("step", ["link", "symlink", "replace", "fsync"])
def test_what_the_disk_cannot_do_is_found(installation, monkeypatch, step):
    def refuse(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, step, refuse)
    assert [each.level for each in check_writing(installation)] == [WRONG]
    assert not list(installation.root.parent.rglob(".tmp-doctor*"))


@pytest.mark.parametrize(("free", "level"), [(1024, GOOD), (1023, NOTE)])
def test_memory_is_what_the_setting_allows(installation, tmp_path, free, level):
    change(installation, memory=1024 << 20)
    path = tmp_path / "meminfo"
    path.write_text(f"MemTotal: 9 kB\nMemAvailable: {free << 10} kB\n")
    assert [each.level for each in check_memory(installation, path)] == [level]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"warn_change": 1.0}, "warn_change"),
        ({"keep_releases": 1}, "keep_releases"),
        ({"lock_timeout": 0}, "lock_timeout"),
    ],
)
def test_a_guard_that_is_off_is_named(installation, tmp_path, settings, said):
    configuration = tmp_path / "hotline.toml"
    assert "没有" in check_guards(installation, configuration)[0].sentence
    configuration.write_text("")
    assert check_guards(installation, configuration) == []
    change(installation, **settings)
    (found,) = check_guards(installation, configuration)
    assert said in found.sentence
    assert found.remedy


def test_files_that_may_be_all_wrong_and_a_landing_folder_in_the_warehouse(installation, tmp_path):
    configuration = tmp_path / "hotline.toml"
    configuration.write_text("")
    calls = installation.profile.datasets["calls"]
    datasets = installation.profile.datasets | {
        "calls": calls.model_copy(update={"quarantine_share": 1.0})
    }
    set_profile(installation, datasets=datasets)
    change(installation, landing=Path(installation.root) / "in")
    found = check_guards(installation, configuration)
    assert [each.level for each in found] == [WRONG, NOTE]
