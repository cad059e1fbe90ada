"""Decide which of its two hours a time is in that a change of clocks repeats.

The other times of the row decide: they must be in order, and the shorter length is the likelier.
"""

from datetime import datetime, timedelta
from itertools import pairwise, product

import polars as pl

from schemas.table import ExportTable

REPEATED = "__repeated"
_Times = tuple[datetime | None, ...]


def settle_repeated_hour(
    early: pl.DataFrame, late: pl.DataFrame, table: ExportTable
) -> pl.DataFrame:
    """Choose between two readings of the times of each row.

    Args:
        early: rows, their repeated times read as of the first hour.
        late: the columns of time, read as of the second.
        table: the dataset, whose `order` says which times follow each other.

    Returns:
        The rows with a column `__repeated`: whether the other times left more than one reading.
    """
    differs = pl.any_horizontal(pl.col(name).ne_missing(late[name]) for name in late.columns)
    at = early.select(differs.alias(REPEATED)).to_series()
    settled, is_open = [], []
    # Python compares times of one zone by their clocks, which repeat: only UTC orders them.
    in_utc = pl.col(late.columns).dt.convert_time_zone("UTC")
    both = (each.filter(at).select(in_utc) for each in (early, late))
    for first, second in zip(*(each.iter_rows() for each in both), strict=True):
        readings = _readings(first, second, [late.columns.index(name) for name in table.order])
        settled.append(readings[0])
        is_open.append(len(readings) > 1)
    places = at.arg_true()
    in_order = dict.fromkeys(late.columns, pl.Datetime("us", "UTC"))
    chosen = pl.DataFrame(settled, schema=in_order, orient="row").cast(late.schema)
    return early.with_columns(
        *(early[name].scatter(places, chosen[name]) for name in late.columns),
        at.scatter(places, is_open),
    )


def _readings(first: _Times, second: _Times, order: list[int]) -> list[_Times]:
    """The readings that keep the order, shortest first; the first one where none does.

    Of two that are equally long the first hour comes first.
    """
    choices = [dict.fromkeys(pair) for pair in zip(first, second, strict=True)]
    found = []
    for reading in product(*choices):
        times = [time for at in order if (time := reading[at]) is not None]
        if all(before <= after for before, after in pairwise(times)):
            found.append((times[-1] - times[0] if times else timedelta(0), reading))
    return [reading for _, reading in sorted(found, key=lambda each: each[0])] or [first]
