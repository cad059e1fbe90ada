"""What a count of a day was to be expected to be, from the days before it alone.

A dynamic Poisson regression: the logarithm of the expected count is a level that drifts and grows,
plus effects of weekday, holiday and season, each known the better the more days were seen. Day by
day the filter states what it expects, compares, and learns (an extended Kalman filter; West and
Harrison, Bayesian Forecasting and Dynamic Models, chapter 14). Several speeds of drift run side by
side, weighed by how well each foretold the days so far. Docs: docs/expectations.md.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.expectations.days import EFFECTS, SEASON, Floats

Ints = NDArray[np.int64]

# A day's drift of the level and of its growth: standard deviations in logarithms.
_LEVEL_DRIFT: Final = np.array([0.003, 0.01, 0.03, 0.08])
_GROWTH_DRIFT: Final = np.array([0.00005, 0.0001, 0.0002, 0.0])
_EFFECT_DRIFT: Final = 0.0005
# Growth fades, so that a forecast does not run away.
_GROWTH_KEPT: Final = 0.995
# Sizes believed of level, effects, season and growth before any day was seen.
_BELIEVED: Final = np.array([0.3, *[0.25] * 7, 0.35, 0.2, 0.1, *[0.12] * len(SEASON), 0.002])
_LEVEL, _GROWTH = 0, -1
# A day further off than so many standard deviations teaches as much as one at that distance,
# until so many have followed each other on one side: then the level has moved, by about this.
_TRUSTED: Final = 2.0
_TRUSTED_WHEN_YOUNG: Final = 4.0
_MOVED_AFTER: Final = 8
_MOVED_BY: Final = 0.3
# Days that make a series old enough to judge by, and to learn its scatter from.
_YOUNG: Final = 14
_SETTLED: Final = 7
# Scatter is remembered for so many days, how well a speed foretold for so many.
_SCATTER_KEPT: Final = 1 - 1 / 60
_SKILL_KEPT: Final = 1 - 1 / 120
# Believed of the scatter, for as many days: Poisson and a tenth of the count.
_BELIEVED_SCATTER: Final = 0.1
_SMALLEST_SCATTER: Final = 0.05
_FARTHEST: Final = 3.0
# Deviation over the expectation from which a band is that of a few counts.
_FEW: Final = 0.5
_LOGARITHMS: Final = (-7.0, 16.0)


@dataclass(frozen=True)
class Expected:
    """What was expected of days, each by the days before it.

    Attributes:
        mean: expected count, by series and day; NaN before anything was seen.
        deviation: standard deviation of the count over its expectation (0.1 is a tenth).
    """

    mean: Floats
    deviation: Floats

    def band(self, deviations: float) -> tuple[Floats, Floats]:
        """Lowest and highest count so many standard deviations around the expectation."""
        away = deviations * self.deviation
        # Of a few counts a day chance decides, not the level: no more than its own scatter.
        few = self.deviation > _FEW
        low = self.mean * np.where(few, np.maximum(1 - away, 0), np.exp(-away))
        return low, self.mean * np.where(few, 1 + away, np.exp(np.where(few, 0, away)))


def _together(days: list[Expected]) -> Expected:
    """Expectations of days that follow each other."""
    return Expected(
        np.stack([each.mean for each in days], axis=1),
        np.stack([each.deviation for each in days], axis=1),
    )


class CountModel:
    """Several series of daily counts, filtered side by side.

    Args:
        series: how many.
    """

    def __init__(self, series: int) -> None:
        speeds, size = len(_LEVEL_DRIFT), len(_BELIEVED)
        self._mean = np.zeros((series, speeds, size))
        self._covariance = np.tile(np.diag(_BELIEVED**2), (series, speeds, 1, 1))
        self._skill = np.zeros((series, speeds))
        self._scatter = np.zeros(series)
        self._scatter_days = np.zeros(series)
        self._streak = np.zeros(series, np.int64)
        self.seen: Ints = np.zeros(series, np.int64)

    def follow(self, counts: Floats, features: Floats) -> Expected:
        """State what is expected of each day, then learn from it.

        Args:
            counts: series by day; NaN where there is no trustworthy count.
            features: a row a day, as `day_features` returns them.

        Returns:
            The expectations, each made before its own day was looked at.
        """
        days = []
        for column, x in zip(counts.T, features, strict=True):
            days.append(self.expect(x))
            self.learn(column)
        return _together(days)

    def expect(self, features: Floats) -> Expected:
        """Let a day pass and say what is expected of it, by series.

        Args:
            features: of the day, a row of `day_features`.
        """
        self._drift()
        self._day = day = self._look_ahead(features)
        known = self.seen > 0
        return Expected(
            np.where(known, day.mean, np.nan), np.where(known, np.sqrt(day.variance), np.nan)
        )

    def forecast(self, features: Floats) -> Expected:
        """What is expected of the days that follow, without learning.

        Args:
            features: a row for each day from the first that was not followed.
        """
        ahead = deepcopy(self)
        return _together([ahead.expect(x) for x in features])

    def _drift(self) -> None:
        """A day passes: the level grows, and everything is known a little less well."""
        mean, covariance = self._mean, self._covariance
        mean[..., _LEVEL] += mean[..., _GROWTH]
        mean[..., _GROWTH] *= _GROWTH_KEPT
        covariance[..., _LEVEL, :] += covariance[..., _GROWTH, :]
        covariance[..., :, _LEVEL] += covariance[..., :, _GROWTH]
        covariance[..., _GROWTH, :] *= _GROWTH_KEPT
        covariance[..., :, _GROWTH] *= _GROWTH_KEPT
        diagonal = np.arange(mean.shape[-1])
        covariance[..., diagonal, diagonal] += _DRIFT

    def _look_ahead(self, features: Floats) -> "_Day":
        # Level, effects, and growth, which counts from the next day on.
        x = np.concatenate([[1.0], features, [0.0]])
        logarithm = np.clip(self._mean @ x, *_LOGARITHMS)
        gain = self._covariance @ x
        unknown = gain @ x
        weight = np.exp(self._skill - self._skill.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        together = (weight * logarithm).sum(axis=1)
        mean = np.exp(together)
        believed = _SETTLED * _SCATTER_KEPT ** np.maximum(self.seen - _SETTLED, 0)
        scatter = self._scatter + believed * (1 + _BELIEVED_SCATTER**2 * mean)
        scatter = np.maximum(scatter / (self._scatter_days + believed), _SMALLEST_SCATTER)
        chance = scatter[:, None] / np.exp(logarithm)
        spread = unknown + chance + (logarithm - together[:, None]) ** 2
        return _Day(
            np.exp(logarithm),
            gain,
            unknown,
            chance,
            weight,
            mean,
            scatter,
            (weight * spread).sum(1),
        )

    def learn(self, counts: Floats) -> None:
        """Learn from the day that was expected last.

        Args:
            counts: by series; NaN where there is no trustworthy count.
        """
        expected = self._day
        there = ~np.isnan(counts)
        counts = np.where(there, counts, 0.0)
        first, follows = there & (self.seen == 0), there & (self.seen > 0)
        variance = expected.unknown + expected.chance
        trusted = np.where(self.seen < _YOUNG, _TRUSTED_WHEN_YOUNG, _TRUSTED)[:, None]
        limit = trusted * np.sqrt(variance)
        surprise = np.clip(counts[:, None] / expected.means - 1, -limit, limit)
        step = expected.gain / variance[..., None] * follows[:, None, None]
        self._mean += step * surprise[..., None]
        self._covariance -= step[..., None] * expected.gain[..., None, :]
        skill = _SKILL_KEPT * self._skill - (np.log(variance) + surprise**2 / variance) / 2
        self._skill = np.where(follows[:, None], skill, self._skill)
        self._learn_scatter(counts, expected, follows & (self.seen >= _SETTLED))
        self._notice_moves(counts, expected, follows)
        self._mean[first, :, _LEVEL] = np.log(counts[first] + 0.5)[:, None]
        self.seen = self.seen + there

    def _learn_scatter(self, counts: Floats, expected: "_Day", settled: NDArray[np.bool_]) -> None:
        mean = expected.mean
        unknown = (expected.weight * expected.unknown).sum(axis=1) * mean**2
        farthest = _FARTHEST**2 * (expected.scatter * mean + unknown)
        squared = np.minimum((counts - mean) ** 2, farthest)
        scatter = np.maximum(squared - unknown, 0) / mean
        self._scatter = np.where(settled, _SCATTER_KEPT * self._scatter + scatter, self._scatter)
        kept = _SCATTER_KEPT * self._scatter_days + 1
        self._scatter_days = np.where(settled, kept, self._scatter_days)

    def _notice_moves(self, counts: Floats, expected: "_Day", follows: NDArray[np.bool_]) -> None:
        off = counts / expected.mean - 1
        side = np.where(np.abs(off) > _TRUSTED * np.sqrt(expected.variance), np.sign(off), 0)
        goes_on = np.sign(self._streak) == side
        streak = np.where(goes_on, self._streak + side, side).astype(np.int64)
        self._streak = np.where(follows, streak, self._streak)
        moved = np.abs(self._streak) >= _MOVED_AFTER
        self._covariance[moved, :, _LEVEL, _LEVEL] += _MOVED_BY**2
        self._streak[moved] = 0


@dataclass(frozen=True)
class _Day:
    """What is expected of one day; `means`, `unknown`, `chance`, `weight` per series and speed."""

    means: Floats
    gain: Floats
    unknown: Floats
    chance: Floats
    weight: Floats
    mean: Floats
    scatter: Floats
    variance: Floats


def _drift_variances() -> Floats:
    drift = np.zeros((len(_LEVEL_DRIFT), len(_BELIEVED)))
    drift[:, 1 : 1 + len(EFFECTS)] = _EFFECT_DRIFT
    drift[:, _LEVEL], drift[:, _GROWTH] = _LEVEL_DRIFT, _GROWTH_DRIFT
    variances: Floats = drift**2
    return variances


_DRIFT: Final = _drift_variances()
