"""Cut the rows of a period into ranges of their key that fit into memory one at a time.

Belongs here: how many ranges there are, and where they begin. All rows of a key lie in one range
and the ranges are in order, so that what is made of one after the other is what would be made of
all of them at once.
"""

from itertools import pairwise

import polars as pl

from schemas.table import ExportTable

# Keys that are looked at to find where ranges begin.
_SAMPLE = 1 << 16


def key_ranges(rows: pl.LazyFrame, table: ExportTable, count: int) -> list[pl.Expr]:
    """Conditions that each row meets exactly one of, in order of the key.

    Args:
        rows: rows of a dataset.
        table: the dataset.
        count: how many there should be; fewer where there are fewer keys.
    """
    if count <= 1:
        return [pl.lit(value=True)]
    key = table.key[0]
    height = rows.select(pl.len()).collect().item()
    chosen = pl.col(key).hash() % max(1, height // _SAMPLE) == 0
    sample = rows.select(key).filter(chosen).unique().sort(key).collect().to_series()
    firsts = sample.gather([n * len(sample) // count for n in range(1, count)]).unique().sort()
    return _between(key, firsts.to_list()) if len(firsts) else [pl.lit(value=True)]


def _between(key: str, firsts: list[str]) -> list[pl.Expr]:
    """The ranges that begin at each of some values, and the one before them."""
    column = pl.col(key)
    inner = [(column >= first) & (column < end) for first, end in pairwise(firsts)]
    return [column < firsts[0], *inner, column >= firsts[-1]]
