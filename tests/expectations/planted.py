"""Days of deliveries as usual, and each kind of fault that can be planted into one of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from assets.expectations import DayMeasures
from assets.expectations.measures import HOURS, watched_columns, watched_shares
from schemas import EXPORTS
from tests.expectations.series import FIRST

TABLE = EXPORTS["calls"]
SHARES = watched_shares(TABLE)
SAMPLE = 32
_WORK = np.array([1, 1, 1, 1, 1, 1, 2, 5, 9, 10, 9, 8, 6, 7, 9, 9, 8, 7, 5, 4, 3, 2, 2, 1.0])
_REST = np.array([2, 1, 1, 1, 1, 1, 1, 3, 5, 7, 8, 8, 7, 7, 7, 7, 7, 6, 6, 5, 4, 3, 3, 2.0])


def usual_day(rng: np.random.Generator, number: int, rows: int) -> DayMeasures:
    """A day of calls: hours and shares scatter by chance, ids rise, no row comes again."""
    load = _REST if (FIRST + timedelta(number)).weekday() >= 5 else _WORK
    cells = [rng.binomial(rows, 0.8 if code == "接通" else 0.05) for _, code in SHARES]
    return DayMeasures(
        rows=rows,
        own=rows,
        opened=rows,
        hours=rng.multinomial(rows, load / load.sum()).astype(float),
        cells=np.array(cells, float),
        distinct=np.full(len(watched_columns(TABLE)), max(rows // 2, 1), float),
        forms={"A999999": rows},
        middle_key=f"A{1000 * number + 500:06}",
        sample=frozenset(range(100 * number, 100 * number + SAMPLE)),
    )


def usual_days(rng: np.random.Generator, counts: np.ndarray) -> dict[date, DayMeasures]:
    """Days with given numbers of rows."""
    return {
        FIRST + timedelta(number): usual_day(rng, number, int(rows))
        for number, rows in enumerate(counts)
    }


def scaled(day: DayMeasures, factor: float) -> DayMeasures:
    """The same day with more or fewer rows."""
    rows = int(factor * day.rows)
    return replace(
        day, rows=rows, own=rows, opened=rows, hours=factor * day.hours, cells=factor * day.cells
    )


def cut_off(day: DayMeasures, hour: int) -> DayMeasures:
    """The day without what came from an hour on."""
    hours = day.hours * (np.arange(HOURS) < hour)
    rows = int(hours.sum())
    return replace(
        day, rows=rows, own=rows, opened=rows, hours=hours, cells=day.cells * rows / day.rows
    )


def moved_share(day: DayMeasures, by: float) -> DayMeasures:
    """So large a share of all rows has another outcome."""
    cells = day.cells.copy()
    codes = [code for _, code in SHARES]
    one, other = codes.index("接通"), codes.index("用户挂断")
    cells[one] -= by * day.rows
    cells[other] += by * day.rows
    return replace(day, cells=np.maximum(cells, 0))


Fault = Callable[[DayMeasures, DayMeasures], DayMeasures]
# Kind -> the rule that should hold it, and how it is made of the day and of one a week before.
FAULTS: dict[str, tuple[str, Fault]] = {
    "no rows": ("no_rows", lambda day, _: replace(scaled(day, 0), forms={}, sample=frozenset())),
    "a third of the rows": ("rows_low", lambda day, _: scaled(day, 1 / 3)),
    "rows twice": ("rows_high", lambda day, _: scaled(day, 2)),
    "rows of last week": ("same_rows", lambda day, week: replace(day, sample=week.sample)),
    "rows of other days": ("other_days", lambda day, _: replace(day, own=day.rows // 10)),
    "cut off at 15:00": ("hours_empty", lambda day, _: cut_off(day, 15)),
    "clock 8 hours late": (
        "clock_shifted",
        lambda day, _: replace(day, hours=np.roll(day.hours, 8)),
    ),
    "clock 1 hour early": (
        "clock_shifted",
        lambda day, _: replace(day, hours=np.roll(day.hours, -1)),
    ),
    "outcome moved by 30 %": ("shares_moved", lambda day, _: moved_share(day, 0.3)),
    "a column empty": (
        "column_constant",
        lambda day, _: replace(day, distinct=np.ones_like(day.distinct)),
    ),
    "ids cut": ("id_form", lambda day, _: replace(day, forms={"A999": day.rows})),
    "old ids": ("id_order", lambda day, week: replace(day, middle_key=week.middle_key)),
}
