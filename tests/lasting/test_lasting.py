"""A process that is killed or whose disk fails at any operation: the same command again mends all.

Every operation of every scene is tried by `make soak`; here, some of a night and of a restored
backup, chosen by a seed, and of every scene in `make proof`.
"""

import random

import pytest

from tests.lasting.disk import KILL
from tests.lasting.scenes import SCENES, Stage
from tests.lasting.zygote import ERRORS, Zygote

SAMPLE = {
    "first": 2,
    "night": 4,
    "rollback": 2,
    "rebuild": 2,
    "backup": 3,
    "restore": 3,
    "erase": 4,
    "rotate": 2,
}
SCENE = [
    pytest.param(name, marks=() if name in ("night", "restore", "erase") else pytest.mark.proof)
    for name in SCENES
]


@pytest.fixture(scope="module")
def zygote():
    made = Zygote()
    yield made
    made.close()


@pytest.fixture(scope="module", params=SCENE)
def stage(request, zygote, tmp_path_factory) -> tuple[str, Stage]:
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, Stage(SCENES[request.param], folder, zygote)


def chosen(name: str, stage: Stage, seed: int) -> list[int]:
    count = len(stage.operations)
    assert count > 20
    return sorted(random.Random(f"{name}{seed}").sample(range(1, count + 1), SAMPLE[name]))


def test_a_killed_process_leaves_a_release_and_the_next_run_ends_as_if_nothing_had_been(stage):
    name, stage = stage
    for at in chosen(name, stage, 1):
        assert stage.trial(at, KILL) == []


def test_a_failing_disk_is_a_sentence_and_the_next_run_ends_as_if_nothing_had_been(stage):
    name, stage = stage
    for number, at in enumerate(chosen(name, stage, 2)):
        error = ERRORS[number % len(ERRORS)]
        assert stage.trial(at, error, sticky=bool(number % 2)) == []


def test_a_trial_can_fail(stage, monkeypatch):
    """What is compared, and what is asked in between, are not always the same."""
    name, stage = stage
    at = len(stage.operations) // 2
    monkeypatch.setitem(stage.expected, "releases/x", "")
    assert any("differs: releases/x" in each for each in stage.trial(at, KILL))
    monkeypatch.setattr("tests.lasting.scenes.verify", lambda _: 1 / 0)
    if name in ("night", "rollback", "rebuild", "backup"):
        with pytest.raises(ZeroDivisionError):
            stage.trial(at, KILL)
