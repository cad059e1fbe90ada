"""When things happen: the load of a day and of an hour, working days, office hours.

Belongs here: drawing points in time. All times are naive seconds in the hotline's time zone,
which has no daylight saving time. What happens at them is for the modules that ask.
"""

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assets.sample.volumes import Volumes, load_volumes

Times = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY = np.timedelta64(86_400, "s")
NEVER = np.datetime64("NaT", "s")
OFFICE_OPENS = 8 * 3600 + 1800
OFFICE_CLOSES = 18 * 3600


def month_start(year: int, month: int) -> np.datetime64:
    """First second of a month; `month` counts from 0 and may run over the end of the year."""
    return np.datetime64(f"{year + month // 12}-{month % 12 + 1:02}-01T00:00:00", "s")


def month_index(times: Times, year: int) -> Ints:
    """Month of each time, counted from January of `year` as 0."""
    months = times.astype("datetime64[M]") - np.datetime64(f"{year}-01", "M")
    return np.asarray(months, dtype=np.int64)


def midnight(times: Times) -> Times:
    """The beginning of the day of each time."""
    return times.astype("datetime64[D]").astype("datetime64[s]")


def second_of_day(times: Times) -> Ints:
    """Seconds since midnight."""
    return np.asarray(times - midnight(times), dtype=np.int64)


def seconds(values: Ints | Floats) -> NDArray[np.timedelta64]:
    """Whole seconds as durations."""
    return np.asarray(values, dtype=np.int64).astype("timedelta64[s]")


@cache
def _working(year: int) -> Flags:
    """Whether each day is a working day, from 1 January of the year on, for fourteen months."""
    volumes = load_volumes()
    days = [date(year, 1, 1) + timedelta(offset) for offset in range(425)]
    return np.array(
        [
            day in volumes.makeup_days or (day.weekday() < 5 and day not in volumes.holidays)
            for day in days
        ]
    )


def is_working(times: Times, year: int) -> Flags:
    """Whether each time lies on a working day of the year (or of the January after it)."""
    offsets = times.astype("datetime64[D]") - np.datetime64(f"{year}-01-01", "D")
    flags: Flags = _working(year)[np.asarray(offsets, dtype=np.int64)]
    return flags


def _day_loads(rng: np.random.Generator, volumes: Volumes, month: int) -> Floats:
    first = month_start(volumes.year, month).astype("datetime64[D]").item()
    end = month_start(volumes.year, month + 1).astype("datetime64[D]").item()
    days = [first + timedelta(offset) for offset in range((end - first).days)]
    loads = [
        1.0
        if day in volumes.makeup_days
        else volumes.holiday_load
        if day in volumes.holidays
        else volumes.weekday_load[day.weekday()]
        for day in days
    ]
    varied = np.array(loads) * np.exp(rng.normal(0, 0.05, len(days)))
    return np.asarray(varied / varied.sum())


def arrivals(
    rng: np.random.Generator, volumes: Volumes, month: int, count: int, *, evenly: float = 0.0
) -> Times:
    """Draw when people turn to the hotline within a month.

    Args:
        rng: stream to draw from.
        volumes: loads of weekdays, holidays and hours.
        month: 0 for January.
        count: how many points in time.
        evenly: share of the load of an hour that does not follow the shifts (written channels).

    Returns:
        Sorted times; every day of the month has some.
    """
    loads = _day_loads(rng, volumes, month)
    days = rng.choice(len(loads), count, p=loads)
    hours = np.array(volumes.hour_load)
    hours = (1 - evenly) * hours / hours.sum() + evenly / 24
    within = rng.choice(24, count, p=hours) * 3600 + rng.integers(0, 3600, count)
    return np.sort(month_start(volumes.year, month) + days * DAY + seconds(within))


def office_time(rng: np.random.Generator, count: int) -> NDArray[np.timedelta64]:
    """Draw times of day within office hours."""
    return seconds(rng.integers(OFFICE_OPENS, OFFICE_CLOSES, count))


def draw_without_return(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Draw distinct positions with probabilities in proportion to weights, sorted."""
    keys = np.log(weights) + rng.gumbel(size=len(weights))
    return np.sort(np.argpartition(-keys, count - 1)[:count]) if count else np.empty(0, np.int64)
