"""Between moments and the hotline's wall clock, at the price of an addition.

Belongs here: the two ways of one conversion. Polars asks the time zone about every value, which
costs a dozen times what is done with the answer; since `EARLIEST_YEAR` it has always been the same.
"""

import polars as pl

from schemas.columns import OFFSET, TIME_ZONE


def wall_clock(moment: pl.Expr) -> pl.Expr:
    """What the clock on the wall shows at a moment: a time without zone."""
    return moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + OFFSET


def moment_at(shown: pl.Expr) -> pl.Expr:
    """The moment at which the clock on the wall shows a time."""
    return (shown - OFFSET).dt.replace_time_zone("UTC").dt.convert_time_zone(TIME_ZONE)
