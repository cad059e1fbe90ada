"""Pieces of work side by side, in threads of this process, and their outcomes in order.

Belongs here: how many are in work at a time, and what becomes of those that wait when one fails.
Polars, hashing, disk and network leave Python alone while they work, so that threads gain time.
Pieces do not look at each other, and whatever is told or entered in an order is so by the caller.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

T = TypeVar("T")
R = TypeVar("R")
# One piece is in Polars while another is in Python; a third would wait for either.
_IN_POLARS = 2


def in_polars() -> int:
    """How many pieces of work in Polars are worth it; one where Polars was given one thread.

    Not to be asked when a module is loaded: it starts Polars' threads, and a worker of Celery,
    forked from a process that had started them, would wait for them for ever.
    """
    return min(_IN_POLARS, pl.thread_pool_size())


def abreast(
    work: Callable[[T], R],
    pieces: Iterable[T],
    *,
    threads: int,
    weigh: Callable[[T], int] = lambda _: 0,
    most: int = 0,
) -> Iterator[R]:
    """What pieces of work come to, in their order.

    None is in work any more when it ends, whether or not one raised or the caller turned away, and
    none that waited is begun then.

    Args:
        work: does one; called in threads, in that of the caller where there should be one.
        pieces: what is to be done.
        threads: how many are in work at a time.
        weigh: what a piece weighs, such as its bytes.
        most: what those may weigh that the caller is not done with; a heavier one is alone.

    Raises:
        Whatever `work` raises, in its place of the order.
    """
    if threads == 1:
        yield from map(work, pieces)
        return
    begun: deque[tuple[int, Future[R]]] = deque()
    load = 0
    pool = ThreadPoolExecutor(threads)
    try:
        for piece in pieces:
            weight = weigh(piece)
            while begun and load + weight > most:
                done, first = begun.popleft()
                yield first.result()
                load -= done
            begun.append((weight, pool.submit(work, piece)))
            load += weight
        while begun:
            yield begun.popleft()[1].result()
    finally:
        pool.shutdown(cancel_futures=True)
