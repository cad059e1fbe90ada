"""Objects move several at a time, and no move runs after a failure."""

from threading import Barrier
from time import sleep

import pytest

from assets.sync.s3 import Missing, at_once


def test_contents_move_at_once_and_none_is_under_way_after_a_failure():
    several, moved = Barrier(2, timeout=20), []
    assert at_once(lambda each: (several.wait(), each)[1], [1, 2]) == [1, 2]

    def move(each: int) -> None:
        if each == 0:
            raise Missing("0")
        sleep(0.01)
        moved.append(each)

    with pytest.raises(Missing):
        at_once(move, range(1000))
    there = len(moved)
    assert there < 999
    sleep(0.05)
    assert len(moved) == there
