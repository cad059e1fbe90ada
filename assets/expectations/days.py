"""What kind of day each day is: the weekday that it behaves like, and what a holiday adds."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from assets.deadlines import Calendar

Floats = NDArray[np.float64]

# Shorter runs of days off are weekends.
_HOLIDAY = 3
_HARMONICS = 2
_YEAR = 365.25
EFFECTS = (*(f"weekday {day}" for day in range(7)), "holiday", "make-up day", "after a holiday")
SEASON = tuple(f"{wave} {k + 1}" for k in range(_HARMONICS) for wave in ("sin", "cos"))


def day_features(calendar: Calendar, first: date, days: int) -> Floats:
    """What tells days apart, as the model sees it.

    A holiday is a run of three or more days off with a day that the calendar names; it behaves like
    a Sunday until some have been seen, a make-up day like a mean working day.

    Args:
        calendar: working days.
        first: first day.
        days: how many days.

    Returns:
        One row a day; columns as `EFFECTS`, then `SEASON`.
    """
    margin = 15
    dates = [first + timedelta(offset) for offset in range(-margin, days + margin)]
    off = [not calendar.is_working_day(day) for day in dates]
    named = [day in calendar.exceptions for day in dates]
    holiday = _in_long_runs(off, named)
    rows = np.zeros((len(dates), len(EFFECTS)))
    for row, day in enumerate(dates):
        if holiday[row]:
            rows[row, 6] = rows[row, 7] = 1
        elif day.weekday() >= 5 and not off[row]:
            rows[row, :5] = 0.2
            rows[row, 8] = 1
        else:
            rows[row, day.weekday()] = 1
            rows[row, 9] = holiday[row - 1]
    turn = 2 * np.pi * np.array([day.timetuple().tm_yday for day in dates]) / _YEAR
    season = np.stack(
        [wave((k + 1) * turn) for k in range(_HARMONICS) for wave in (np.sin, np.cos)]
    )
    return np.hstack([rows, season.T])[margin : margin + days]


def _in_long_runs(off: list[bool], named: list[bool]) -> list[bool]:
    """Whether each day lies in a run of days off that is a holiday."""
    found = [False] * len(off)
    start = 0
    while start < len(off):
        end = start
        while end < len(off) and off[end]:
            end += 1
        if end - start >= _HOLIDAY and any(named[start:end]):
            found[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    return found
