"""The hotline's time zone, and the conversion between moments and what its wall clock shows.

Polars asks the time zone about every value, which costs a dozen times what is done with the answer.
The offset has been the same since September 1991, so an addition does.
"""

from datetime import timedelta
from typing import TypeVar

import polars as pl

TIME_ZONE = "Asia/Shanghai"
# No timestamp lies before (DATA.md, section 3).
EARLIEST_YEAR = 2015
_OFFSET = timedelta(hours=8)
Column = TypeVar("Column", pl.Expr, pl.Series)


def wall_clock(moment: Column) -> Column:
    """What the clock on the wall shows at a moment: a time without zone."""
    return moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + _OFFSET


def moment_at(shown: Column) -> Column:
    """The moment at which the clock on the wall shows a time."""
    return (shown - _OFFSET).dt.replace_time_zone("UTC").dt.convert_time_zone(TIME_ZONE)
