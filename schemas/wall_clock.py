"""Between moments and the hotline's wall clock, at the price of an addition.

Belongs here: the two ways of one conversion. Polars asks the time zone about every value, which
costs a dozen times what is done with the answer; since `EARLIEST_YEAR` it has always been the same.
"""

from datetime import timedelta
from typing import TypeVar

import polars as pl

from schemas.columns import TIME_ZONE

# The one that it has had since September 1991, when China moved its clocks for the last time.
_OFFSET = timedelta(hours=8)
Column = TypeVar("Column", pl.Expr, pl.Series)


def wall_clock(moment: Column) -> Column:
    """What the clock on the wall shows at a moment: a time without zone."""
    return moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + _OFFSET


def moment_at(shown: Column) -> Column:
    """The moment at which the clock on the wall shows a time."""
    return (shown - _OFFSET).dt.replace_time_zone("UTC").dt.convert_time_zone(TIME_ZONE)
