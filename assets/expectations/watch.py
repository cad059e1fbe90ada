"""Which slices of the tickets are more than was to be expected, since when, by how much.

A slice (a category, unit, region, or a category in a region) has a share of what is expected of the
city's day: a gamma-Poisson filter of that share, day by day, for all slices at once. Old days fade,
days far above teach little, so that an outbreak does not become usual. The last one, three and
seven days are held against the negative binomial that this gives (an exact scan of consecutive
days); how small a probability must be follows from how many slices are watched, so that a city has
about one false alarm in four weeks. Docs: docs/expectations.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.expectations.counts import Expected
from assets.expectations.days import Floats

# Consecutive days that are looked at together.
WINDOWS: Final = (1, 3, 7)
# False alarms a day that a city may have, over all slices and windows.
_FALSE_A_DAY: Final = 1 / 28
_KEPT: Final = 1 - 1 / 90
# What is believed of a share before any day was seen: so many tickets, and days of the total.
_BELIEVED: Final = (0.2, 0.5)
_SCATTER_KEPT: Final = 1 - 1 / 60
# Scatter believed (1 is Poisson), for as many days.
_SCATTER: Final = 1.1
_SCATTER_DAYS: Final = 30.0
_FARTHEST: Final = 9.0
# A day further off than so many standard deviations teaches as one at that distance.
_TRUSTED: Final = 2.0
# While so few days were seen, or after so many days of alarm, all is believed: the level has moved.
_YOUNG: Final = 14
_MOVED_AFTER: Final = 14
# Days from which on there are alarms, as EARS begins, and tickets that one needs.
_BASIS: Final = 7
_TICKETS: Final = 3
# Of how many days' level the scatter of a city's total is common to a window.
_COMMON: Final = 0.7


@dataclass(frozen=True)
class Alarm:
    """More tickets of a slice than was to be expected.

    Attributes:
        slice: its number.
        day: number of the last day.
        days: how many consecutive days.
        expected: expected tickets of these days.
        high: most that four of five such days would have.
        found: tickets found.
    """

    slice: int
    day: int
    days: int
    expected: float
    high: float
    found: int


def watch(counts: Floats, families: Sequence[int], total: Expected) -> list[Alarm]:
    """Watch slices of a city's tickets.

    Args:
        counts: tickets by slice and day; NaN on days without a trustworthy export.
        families: for each slice how many are of its kind, which share what may be false.
        total: what was expected of the city's total of each day, one series.

    Returns:
        At most one alarm for each slice and day, by day.
    """
    slices, days = counts.shape
    shape, rate = np.full(slices, _BELIEVED[0]), np.full(slices, 0.0)
    scatter, weight = np.full(slices, _SCATTER * _SCATTER_DAYS), _SCATTER_DAYS
    seen, alarms, streak = 0, list[Alarm](), np.zeros(slices, np.int64)
    kinds = len({*families}) if slices else 1
    limit = log(_FALSE_A_DAY / len(WINDOWS) / kinds) - np.log(np.array(families, float))
    past: list[tuple[Floats, Floats]] = []
    for day in range(days):
        mean_total, deviation = total.mean[0, day], total.deviation[0, day]
        found = counts[:, day]
        if np.isnan(found[0]) or np.isnan(mean_total) or mean_total <= 0:
            # A missing day ends no window: consecutive are the days that there are.
            continue
        if not seen:
            rate += _BELIEVED[1] * mean_total
        mean = shape / rate * mean_total
        phi = np.maximum(scatter / weight, 1.0)
        if seen >= _BASIS:
            past = [*past[1 - WINDOWS[-1] :], (mean, found)]
            now = _alarms(day, past, (shape, phi, deviation), limit)
            alarmed = np.zeros(slices, np.bool_)
            alarmed[[each.slice for each in now]] = True
            streak = np.where(alarmed, streak + 1, 0)
            alarms += now
        variance = phi * mean + mean**2 / shape + (mean * deviation) ** 2
        trusted = np.minimum(found, mean + _TRUSTED * np.sqrt(variance) + 0.5)
        if seen < _YOUNG:
            trusted = found
        trusted = np.where(streak > _MOVED_AFTER, found, trusted)
        squared = np.minimum((found - mean) ** 2 / np.maximum(variance / phi, 1e-9), _FARTHEST)
        scatter = _SCATTER_KEPT * scatter + np.where(mean > 0.2, squared, phi)
        weight = _SCATTER_KEPT * weight + 1
        shape = _KEPT * shape + trusted
        rate = _KEPT * rate + mean_total
        shape = np.maximum(shape, _BELIEVED[0])
        seen += 1
    return alarms


def _alarms(
    day: int,
    past: Sequence[tuple[Floats, Floats]],
    spread: tuple[Floats, Floats, float],
    limit: Floats,
) -> list[Alarm]:
    """The alarms of a day: of each slice the window that is least likely.

    Args:
        day: number of the day.
        past: what was expected of and found on each of the last days.
        spread: shape of the filter, scatter, and deviation of the city's total.
        limit: logarithm of the probability below which there is an alarm.
    """
    shape, phi, deviation = spread
    best: dict[int, tuple[float, Alarm]] = {}
    for window in WINDOWS:
        if len(past) < window:
            break
        mean, found = np.sum(past[-window:], axis=0)
        common = deviation if window == 1 else _COMMON * deviation
        variance = phi * mean + mean**2 / shape + (mean * common) ** 2
        wide = np.sqrt(variance)
        for each in _candidates(found, mean + 2.5 * wide):
            at, one = int(each), float(mean[each])
            likely = _log_tail(int(found[at]), one, float(variance[at]))
            if likely < limit[at] and likely < best.get(at, (0.0, None))[0]:
                high = one + 1.2816 * float(wide[at])
                best[at] = likely, Alarm(at, day, window, one, high, int(found[at]))
    return [alarm for _, alarm in best.values()]


def _candidates(found: Floats, high: Floats) -> NDArray[np.int64]:
    return np.flatnonzero((found >= _TICKETS) & (found > high))


def _log_tail(found: int, mean: float, variance: float) -> float:
    """Logarithm of the probability of so many or more, by a negative binomial distribution."""
    size = mean**2 / max(variance - mean, 1e-6 * mean)
    failure = log(mean) - log(mean + size)
    first = (
        lgamma(found + size)
        - lgamma(size)
        - lgamma(found + 1)
        - size * log1p(mean / size)
        + found * failure
    )
    # The terms that follow fall geometrically: sum them until they no longer count.
    term = total = 1.0
    number = found
    while term > 1e-9 * total:
        term *= (number + size) / (number + 1) * exp(failure)
        number += 1
        total += term
    return first + log(total)
