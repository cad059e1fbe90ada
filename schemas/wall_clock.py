"""Moments and what a wall clock shows at them, in the zone of their column.

Polars asks the time zone about every value, which costs a hundred times an addition. China's offset
has been the same since September 1991, so an addition does there.
"""

from datetime import timedelta
from typing import Literal, TypeVar

import polars as pl

# The zone of what is stored and published, whatever the zone of an installation's days.
TIME_ZONE = "Asia/Shanghai"
# No timestamp lies before (DATA.md, section 3), unless the profile says so.
EARLIEST_YEAR = 2015
_OFFSET = timedelta(hours=8)
# Between these, microseconds since 1970, China's clocks are not changed; no text lies after them.
_UNCHANGED = (694_224_000_000_000, 32_503_680_000_000_000)
Repeated = Literal["earliest", "latest"]
Column = TypeVar("Column", pl.Expr, pl.Series)


def wall_clock(moment: Column) -> Column:
    """What the clock on the wall of its zone shows at a moment: a time without zone."""
    if isinstance(moment, pl.Series):
        return _shown(moment)
    return moment.map_batches(_shown, return_dtype=pl.Datetime("us"), is_elementwise=True)


def _shown(moment: pl.Series) -> pl.Series:
    if _is_unchanged(moment, moment.dtype.time_zone):  # type: ignore[attr-defined]
        return moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + _OFFSET
    return moment.dt.replace_time_zone(None)


def _is_unchanged(times: pl.Series, zone: str | None) -> bool:
    return zone == TIME_ZONE and bool(
        times.to_physical().is_between(*_UNCHANGED, closed="left").all()
    )


def moment_at(
    shown: pl.Series, zone: str = TIME_ZONE, *, repeated: Repeated = "earliest"
) -> pl.Series:
    """The moment at which the clock on the wall of a zone shows a time.

    Args:
        shown: times without zone.
        zone: where the clock hangs.
        repeated: which moment is meant where a change of clocks repeats an hour.

    Returns:
        Moments in the zone; null where a change of clocks skipped the time.
    """
    if _is_unchanged(shown, zone):
        return (shown - _OFFSET).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return shown.dt.replace_time_zone(zone, ambiguous=repeated, non_existent="null")
