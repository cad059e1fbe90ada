"""Map a function over items in threads, in order and within a limit of memory.

Polars, hashing, disk and network release the interpreter while they work, so threads gain time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

T = TypeVar("T")
R = TypeVar("R")
# One item is in Polars while another is in Python; a third would wait for either.
_IN_POLARS = 2


def polars_threads() -> int:
    """How many threads that work in Polars pay off; one where Polars was given one thread.

    Not to be called when a module is loaded: it starts Polars' threads, and a worker of Celery,
    forked from a process that had started them, would wait for them for ever.
    """
    return min(_IN_POLARS, pl.thread_pool_size())


def map_in_order(
    work: Callable[[T], R],
    pieces: Iterable[T],
    *,
    threads: int,
    weigh: Callable[[T], int] = lambda _: 0,
    most: int = 0,
) -> Iterator[R]:
    """Map a function over items in threads, in order.

    No call runs once the generator ends, and none starts then, whether one raised or the caller
    stopped early.

    Args:
        work: is called with each item; in the caller's thread where there is to be one thread.
        pieces: the items.
        threads: how many calls run at a time.
        weigh: weight of an item, such as its bytes.
        most: total weight of the items that the caller has not got the result of; a heavier item
            runs alone.

    Raises:
        Whatever `work` raises, where the item's result would have come.
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
