"""Pieces of work side by side: their order, how many are in work, and what a failure leaves."""

from threading import Barrier, Lock, get_ident
from time import sleep

import pytest

from assets.core.concurrency import map_in_order


def test_outcomes_come_in_the_order_of_the_pieces_whichever_is_done_first():
    slow = [0.05, 0.0, 0.02, 0.0]
    assert list(map_in_order(lambda each: (sleep(each), each)[1], slow, threads=2)) == slow


def test_as_many_are_in_work_as_there_are_threads():
    both = Barrier(2, timeout=20)
    assert list(map_in_order(lambda each: (both.wait(), each)[1], [1, 2], threads=2)) == [1, 2]


def test_one_thread_is_that_of_the_caller():
    assert set(map_in_order(lambda _: get_ident(), range(3), threads=1)) == {get_ident()}
    assert get_ident() not in set(map_in_order(lambda _: get_ident(), range(3), threads=2))


@pytest.mark.parametrize(("weight", "most"), [(1, 3), (2, 1), (9, 1)])
def test_no_more_is_in_work_than_may_weigh(weight, most):
    lock, now, seen = Lock(), 0, []

    def work(_: int) -> None:
        nonlocal now
        with lock:
            now += 1
            seen.append(now)
        sleep(0.005)
        with lock:
            now -= 1

    list(map_in_order(work, range(12), threads=4, weigh=lambda _: weight, most=3))
    assert len(seen) == 12
    assert max(seen) <= most


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_comes_in_its_place_and_ends_the_rest(threads):
    done = []

    def work(each: int) -> int:
        if each == 2:
            raise ValueError(each)
        sleep(0.002)
        done.append(each)
        return each

    came = []
    with pytest.raises(ValueError, match="2"):
        came.extend(map_in_order(work, range(1000), threads=threads))
    assert came == [0, 1]
    there = len(done)
    assert {0, 1} <= set(done)
    assert there < 100
    sleep(0.02)
    assert len(done) == there


def test_whoever_turns_away_leaves_nothing_in_work():
    done = []
    for each in map_in_order(
        lambda each: (sleep(0.002), done.append(each)), range(1000), threads=2
    ):
        assert each == (None, None)
        break
    there = len(done)
    assert there < 100
    sleep(0.02)
    assert len(done) == there
