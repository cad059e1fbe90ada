"""Forecasts of calls and tickets: by day, by hour, and of the rest of a year.

Each is made of the days up to an origin alone: for the next day at every day, for the coming week
at the end of every week, for two weeks at the last day, for the rest of the year at the end of
every quarter. What was forecast of days that are over stands beside what came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.deadlines import Calendar
from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import Floats, day_features
from assets.expectations.measures import HOURS
from assets.expectations.staffing import seats_needed

Columns = dict[str, Any]

AHEAD: Final = 14
_WEEK: Final = 7
# Four of five: standard deviations of a normal distribution to each side.
_BAND: Final = 1.2816
# Days, and calls or tickets in all, from which on there is a basis.
_DAYS: Final = 14
_DAYS_OF_A_YEAR: Final = 90
_COUNTS: Final = 30
# Days without a count after which what came before says nothing of tomorrow.
_SILENT: Final = 14
# Hours are remembered for so many days of a kind; fewer counts of a kind borrow from the other.
_KEPT: Final = 1 - 1 / 60
_FEW_COUNTS: Final = 200
_FARTHEST: Final = 9.0
_SCHEMA: Final = {
    "kind": pl.String(),
    "dataset": pl.String(),
    "slice": pl.String(),
    "date": pl.Date(),
    "made_on": pl.Date(),
    "hour": pl.Int64(),
    "since": pl.Date(),
    "expected": pl.Int64(),
    "low": pl.Int64(),
    "high": pl.Int64(),
    "found": pl.Int64(),
    "verdict": pl.String(),
    "tickets": pl.String(),
}
NORMAL, FEW, MANY = "正常", "偏低", "偏高"


@dataclass(frozen=True)
class Pace:
    """How calls are handled.

    Attributes:
        service_seconds: mean handling time of an answered call.
        patience_seconds: mean time after which a waiting caller gives up.
        target: share of calls to be answered.
    """

    service_seconds: float
    patience_seconds: float
    target: float


def forecasts(
    hours: Mapping[str, Floats],
    first: date,
    calendar: Calendar,
    *,
    week_end: int = 6,
    pace: Pace | None = None,
) -> pl.DataFrame:
    """Forecast what follows each day.

    Args:
        hours: counts by day and hour of each dataset, all from `first` to the same last day; NaN on
            days without a trustworthy export.
        first: first day.
        calendar: working days.
        week_end: weekday with which a week ends, 6 for Sunday.
        pace: how calls are handled, for the seats; None where it is not known.

    Returns:
        Rows of the published table `expectations`, of the kinds day, hour, seats and year.
    """
    nothing = pl.DataFrame(schema=_SCHEMA)
    if not hours or not len(next(iter(hours.values()))):
        return nothing
    origins = _Origins(hours, first, calendar, week_end)
    parts = [part for name in hours for part in origins.rows(name)]
    table = pl.concat([nothing, *parts])
    return pl.concat([table, _seats(table, origins.last, pace)])


def rows_of(kind: str, dataset: str, columns: Columns) -> pl.DataFrame:
    """Rows of the published table; columns that are not named are empty."""
    frame = pl.DataFrame({name: pl.Series(each) for name, each in columns.items()})
    said = {"kind": pl.lit(kind), "dataset": pl.lit(dataset)}
    if "slice" not in columns:
        said["slice"] = pl.lit("")
    return frame.with_columns(**said).select(
        (pl.col(name) if name in {*columns, *said} else pl.lit(None)).cast(of).alias(name)
        for name, of in _SCHEMA.items()
    )


class _Origins:
    """The days on which forecasts are made, and what is forecast on each."""

    def __init__(
        self, hours: Mapping[str, Floats], first: date, calendar: Calendar, week_end: int
    ) -> None:
        self._hours, self._first, self._calendar = hours, first, calendar
        self._names = list(hours)
        self._counts = np.stack([hours[name].sum(axis=1) for name in self._names])
        self._days = days = self._counts.shape[1]
        self.last = self._day(days - 1)
        end = max(date(self.last.year + 1, 12, 31), self._day(days + AHEAD))
        self._features = day_features(calendar, first, (end - first).days + 1)
        self._off = np.array(
            [not calendar.is_working_day(self._day(each)) for each in range(days + AHEAD + 1)]
        ).astype(int)
        model = CountModel(len(self._names))
        steps: list[Expected] = []
        # By origin: of the week (or two) after it, and of the rest of the year.
        self._ahead: dict[int, Expected] = {}
        self._rest: dict[int, tuple[date, Expected]] = {}
        for today in range(days):
            steps.append(model.expect(self._features[today]))
            model.learn(self._counts[:, today])
            is_last, after = today == days - 1, today + 1
            if is_last or self._day(today).weekday() == week_end:
                until = after + (AHEAD if is_last else _WEEK)
                self._ahead[today] = model.forecast(self._features[after:until])
            morrow = self._day(after)
            if morrow.day == 1 and morrow.month % 3 == 1:
                rest = (date(morrow.year, 12, 31) - morrow).days + 1
                year = model.forecast(self._features[after : after + rest])
                self._rest[today] = date(morrow.year, 12, 31), year
        self._next = Expected(
            np.stack([each.mean for each in steps], axis=1),
            np.stack([each.deviation for each in steps], axis=1),
        )
        there = ~np.isnan(self._counts)
        self._seen = there.cumsum(axis=1)
        self._total = np.where(there, self._counts, 0).cumsum(axis=1)
        self._latest = np.maximum.accumulate(np.where(there, np.arange(days), -days), axis=1)

    def _day(self, offset: int) -> date:
        return self._first + timedelta(offset)

    def _why_not(self, number: int, origin: int, until: date, enough: int = _DAYS) -> str:
        """Why there is no basis for a forecast; empty where there is."""
        if self._seen[number, origin] < enough:
            return f"可用的数据只有{self._seen[number, origin]}天，不足{enough}天"
        if self._total[number, origin] < _COUNTS:
            return f"以往总共只有{int(self._total[number, origin])}件，太少"
        if origin - self._latest[number, origin] >= _SILENT:
            return f"最近{_SILENT}天没有数据"
        if until > self._calendar.last:
            return f"工作日历没有{until.year}年"
        return ""

    def rows(self, name: str) -> Iterator[pl.DataFrame]:
        """All rows of a dataset."""
        number = self._names.index(name)
        origins, ahead, means, deviations = self._steps(number)
        known = [
            not self._why_not(number, origin, self._day(origin + step))
            for origin, step in zip(origins, ahead, strict=True)
        ]
        made = np.array(known, bool)
        origin, step = np.array(origins, int)[made], np.array(ahead, int)[made]
        expected = Expected(np.array(means)[made], np.array(deviations)[made])
        yield self._of_days(name, number, origin, step, expected)
        yield self._of_hours(name, origin, step, expected)
        yield self._unknown(name, number)
        yield from self._of_years(name, number)

    def _steps(self, number: int) -> tuple[list[int], list[int], list[float], list[float]]:
        """Origin, days ahead, expectation and its deviation of every forecast of a day."""
        origins = list(range(self._days - 1))
        ahead = [1] * len(origins)
        means = list(self._next.mean[number, 1:])
        deviations = list(self._next.deviation[number, 1:])
        for origin, of in self._ahead.items():
            # The first day after each but the last origin is there already.
            skipped = int(origin < self._days - 1)
            steps = range(1 + skipped, of.mean.shape[1] + 1)
            origins += [origin] * len(steps)
            ahead += steps
            means += list(of.mean[number, skipped:])
            deviations += list(of.deviation[number, skipped:])
        return origins, ahead, means, deviations

    def _found(self, counts: Floats, days: NDArray[Any]) -> Floats:
        """Counts of days, NaN where a day is not known or has not come."""
        ended = np.full((AHEAD + 1, *counts.shape[1:]), np.nan)
        found: Floats = np.concatenate([counts, ended])[np.minimum(days, len(counts) + AHEAD)]
        return found

    def _dated(self, origin: NDArray[Any], step: NDArray[Any]) -> Columns:
        base = np.datetime64(self._first)
        return {"date": base + origin + step, "made_on": base + origin}

    def _of_days(
        self, name: str, number: int, origin: NDArray[Any], step: NDArray[Any], of: Expected
    ) -> pl.DataFrame:
        found = self._found(self._counts[number], origin + step)
        low, high = of.band(_BAND)
        banded = _banded(of.mean, low, high, found)
        return rows_of("day", name, self._dated(origin, step) | banded)

    def _of_hours(
        self, name: str, origin: NDArray[Any], step: NDArray[Any], of: Expected
    ) -> pl.DataFrame:
        week = step <= _WEEK
        origin, step = origin[week], step[week]
        mean, deviation = of.mean[week, None], of.deviation[week, None]
        shares, scatter = self._profile(name)
        share = shares[origin, self._off[origin + step]]
        expected = share * mean
        away = _BAND * np.sqrt(scatter[origin, None] * expected + (expected * deviation) ** 2)
        found = self._found(self._hours[name], origin + step)
        dated = {each: np.repeat(days, HOURS) for each, days in self._dated(origin, step).items()}
        low, high = (expected - away).ravel(), (expected + away).ravel()
        banded = _banded(expected.ravel(), low, high, found.ravel())
        hour = np.tile(np.arange(HOURS), len(origin))
        return rows_of("hour", name, {**dated, "hour": hour, **banded})

    def _profile(self, name: str) -> tuple[Floats, Floats]:
        """Shares of the hours after each day, by working day and day off, and their scatter."""
        kinds = np.zeros((2, HOURS))
        scatter, days = 1.0, self._hours[name]
        shares, scatters = np.zeros((len(days), 2, HOURS)), np.ones(len(days))
        for today, counts in enumerate(days):
            off = self._off[today]
            total = counts.sum()
            if total > 0:
                if today and kinds[off].sum() > _FEW_COUNTS:
                    usual = shares[today - 1, off] * total
                    wide = ((counts - usual) ** 2 / usual).sum() / (HOURS - 1)
                    scatter += (min(float(wide), _FARTHEST) - scatter) / 60
                kinds[off] = _KEPT * kinds[off] + counts
            both = kinds.sum(axis=0)
            # Few counts of a kind are filled up with those of the other.
            lent = np.maximum(_FEW_COUNTS - kinds.sum(axis=1, keepdims=True), 0.5 * HOURS)
            mixed = kinds + lent * (both + 0.5) / (both + 0.5).sum()
            shares[today] = mixed / mixed.sum(axis=1, keepdims=True)
            scatters[today] = max(scatter, 1.0)
        return shares, scatters

    def _unknown(self, name: str, number: int) -> pl.DataFrame:
        """The days to come of which nothing can be expected, each with the reason."""
        origin = self._days - 1
        days = [self._day(origin + step) for step in range(1, AHEAD + 1)]
        why = {day: self._why_not(number, origin, day) for day in days}
        named = [day for day in days if why[day]]
        made_on = [self.last] * len(named)
        words = [why[day] for day in named]
        return rows_of("day", name, {"date": named, "made_on": made_on, "verdict": words})

    def _of_years(self, name: str, number: int) -> Iterator[pl.DataFrame]:
        for origin, (end, of) in self._rest.items():
            row: Columns = {"date": [end], "made_on": [self._day(origin)]}
            if why := self._why_not(number, origin, end, _DAYS_OF_A_YEAR):
                yield rows_of("year", name, row | {"verdict": [why]})
                continue
            days = np.arange(origin + 1, origin + 1 + of.mean.shape[1])
            found = self._found(self._counts[number], days).sum(keepdims=True)
            whole = Expected(of.mean[number], of.deviation[number])
            sums = (whole.mean, *whole.band(_BAND))
            mean, low, high = (each.sum(keepdims=True) for each in sums)
            yield rows_of("year", name, row | _banded(mean, low, high, found))


def _banded(mean: Floats, low: Floats, high: Floats, found: Floats) -> Columns:
    """Expectation and band in whole numbers, what came, and what that says."""
    # A whole number stands for half a unit to each side.
    bounds = [np.rint(each) for each in (mean, np.maximum(low + 0.5, 0), np.maximum(high - 0.5, 0))]
    expected = bounds[0]
    least, most = np.minimum(bounds[1], expected), np.maximum(bounds[2], expected)
    known = ~np.isnan(found)
    words = np.where(found < least, FEW, np.where(found > most, MANY, NORMAL))
    there = pl.Series(np.where(known, found, 0)).cast(pl.Int64)
    return {
        "expected": expected.astype(np.int64),
        "low": least.astype(np.int64),
        "high": most.astype(np.int64),
        "found": pl.select(pl.when(pl.Series(known)).then(there)).to_series(),
        "verdict": pl.select(pl.when(pl.Series(known)).then(pl.Series(words))).to_series(),
    }


def _seats(table: pl.DataFrame, last: date, pace: Pace | None) -> pl.DataFrame:
    """Seats that the hours to come need for their expected, fewest and most calls."""
    calls = table.filter(
        pl.col("kind") == "hour", pl.col("dataset") == "calls", pl.col("made_on") == last
    )
    if pace is None or calls.is_empty():
        return table.clear()
    numbers = {n for name in ("expected", "low", "high") for n in calls[name]}
    seats = {
        n: seats_needed(n, pace.service_seconds, pace.patience_seconds, pace.target)
        for n in sorted(numbers)
    }
    needed = {name: [max(1, seats[n]) for n in calls[name]] for name in ("expected", "low", "high")}
    hours = calls.select("date", "made_on", "hour").to_dict()
    return rows_of("seats", "calls", {**hours, **needed})
