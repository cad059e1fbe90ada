"""Series of daily counts whose true rates are known: weekdays, holidays, season, growth, storms."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from assets.deadlines import Calendar, load_calendar
from assets.expectations.days import Floats

FIRST = date(2022, 1, 1)


@dataclass(frozen=True)
class Kind:
    """What a series is like; shares of its base, per year where it says so."""

    base: float = 600
    weekend: float = 0.6
    holiday: float = 0.8
    season: float = 0.2
    growth: float = 0.2
    scatter: float = 0.05
    storms: int = 3


@dataclass(frozen=True)
class Series:
    """Counts, the rates behind them, and the days of storms."""

    counts: Floats
    rates: Floats
    stormy: np.ndarray


def draw(rng: np.random.Generator, kind: Kind, days: int) -> Series:
    calendar = load_calendar()
    dates = [FIRST + timedelta(offset) for offset in range(days)]
    off = [not calendar.is_working_day(day) for day in dates]
    week = np.array([1.1, 1.05, 1, 1, 1.02, kind.weekend, 0.95 * kind.weekend])
    load = np.array([week[day.weekday()] for day in dates])
    for number, day in enumerate(dates):
        if _in_holiday(day, calendar):
            load[number] = kind.weekend * kind.holiday
        elif not off[number] and day.weekday() >= 5:
            load[number] = 0.97
    time = np.arange(days) / 365.25
    season = 1 + kind.season * np.cos(2 * np.pi * (time - rng.random()))
    rates = kind.base * load * season * np.exp(kind.growth * time)
    stormy = np.zeros(days, bool)
    for start in rng.integers(60, days - 3, kind.storms):
        stormy[start : start + 3] = True
    shape = kind.scatter**-2
    drawn = rng.poisson(np.where(stormy, 2.5, 1) * rates * rng.gamma(shape, 1 / shape, days))
    return Series(drawn.astype(float), rates, stormy)


def _in_holiday(day: date, calendar: Calendar) -> bool:
    """Whether a day lies in days off without a break of which one is usually worked."""
    if calendar.is_working_day(day):
        return False
    run = [day]
    for step in (-1, 1):
        while not calendar.is_working_day(run[-1 if step > 0 else 0] + timedelta(step)):
            run.insert(len(run) if step > 0 else 0, run[-1 if step > 0 else 0] + timedelta(step))
    return any(each.weekday() < 5 for each in run)
