"""What kind of day each day is: the weekday that it behaves like, and what a holiday adds."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from assets.deadlines import Calendar

Floats = NDArray[np.float64]

_HARMONICS = 2
_YEAR = 365.25
# Days around those asked for, so that runs of days off are seen whole.
_MARGIN = 15
EFFECTS = (*(f"weekday {day}" for day in range(7)), "holiday", "make-up day", "after a holiday")
SEASON = tuple(f"{wave} {k + 1}" for k in range(_HARMONICS) for wave in ("sin", "cos"))


def day_features(calendar: Calendar, first: date, days: int) -> Floats:
    """What tells days apart, as the model sees it.

    A holiday is a run of days off with one that the calendar names; it behaves like a Sunday until
    some have been seen, a make-up day like a mean working day. The first working day after days off
    is half a Monday, and a Monday after a working Sunday is only half of one.

    Args:
        calendar: working days.
        first: first day.
        days: how many days.

    Returns:
        One row a day; columns as `EFFECTS`, then `SEASON`.
    """
    dates = [first + timedelta(offset) for offset in range(-_MARGIN, days + _MARGIN)]
    off = [not calendar.is_working_day(day) for day in dates]
    holiday = _in_holidays(off, [day.weekday() < 5 for day in dates])
    rows = np.zeros((len(dates), len(EFFECTS)))
    for row, day in enumerate(dates):
        weekday = day.weekday()
        if holiday[row]:
            rows[row, 6] = rows[row, 7] = 1
        elif weekday >= 5 and not off[row]:
            rows[row, :5] = 0.2
            rows[row, 8] = 1
        elif weekday in (5, 6) or (weekday == 0) == off[row - 1]:
            rows[row, weekday] = 1
        else:
            rows[row, 0] = 0.5
            rows[row, 1:5] += 0.125 if weekday == 0 else 0.5 * (np.arange(1, 5) == weekday)
        rows[row, 9] = not off[row] and holiday[row - 1]
    turn = 2 * np.pi * np.array([day.timetuple().tm_yday for day in dates]) / _YEAR
    season = np.stack(
        [wave((k + 1) * turn) for k in range(_HARMONICS) for wave in (np.sin, np.cos)]
    )
    return np.hstack([rows, season.T])[_MARGIN : _MARGIN + days]


def _in_holidays(off: list[bool], usually_worked: list[bool]) -> list[bool]:
    """Whether each day lies in a run of days off that has a day on which people usually work."""
    found = [False] * len(off)
    start = 0
    while start < len(off):
        end = start
        while end < len(off) and off[end]:
            end += 1
        found[start:end] = [any(usually_worked[start:end])] * (end - start)
        start = max(end, start + 1)
    return found
