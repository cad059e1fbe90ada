"""The alarms of a city's tickets, as rows of the published table: each with its tickets."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from assets.deadlines import Calendar
from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import Floats, day_features
from assets.expectations.forecast import MANY, rows_of
from assets.expectations.watch import watch

# What is watched: values of these columns, alone or together.
_KINDS: Final = (("category",), ("unit",), ("region",), ("category", "region"))
# Older days say nothing of what is usual now.
_WATCHED: Final = 2 * 366
# Fewer tickets in all make no slice.
_FEWEST: Final = 3


def slice_name(values: dict[str, str]) -> str:
    """Its published name: region=汉台区, or category=噪声;region=汉台区."""
    return ";".join(f"{column}={value}" for column, value in values.items())


def slice_values(name: str) -> dict[str, str]:
    """Columns and values of a slice by its published name."""
    first, _, region = name.partition(";region=")
    column, _, value = first.partition("=")
    return {column: value} | ({"region": region} if region else {})


def alarm_rows(
    tickets: pl.DataFrame, there: Collection[date], first: date, last: date, calendar: Calendar
) -> pl.DataFrame:
    """Watch the tickets of a city.

    Args:
        tickets: `ticket_id`, `date`, `category`, `unit`, `region` of each that counts.
        there: days with a trustworthy export.
        first: first day of all.
        last: last day.
        calendar: working days.

    Returns:
        Rows of the published table `expectations`, of the kind alarm.
    """
    days = (last - first).days + 1
    missing = [day for day in range(days) if first + timedelta(day) not in there]
    offset = (pl.col("date") - first).dt.total_days()
    known = tickets.filter(pl.col("date").is_between(first, last)).with_columns(day=offset)
    known = known.with_columns(pl.col("category", "unit", "region").cast(pl.String))
    by_day = known.group_by("day").len().with_columns(slice=pl.lit(0))
    total = _grid(by_day, 1, days, missing)
    expected = CountModel(1).follow(total, day_features(calendar, first, days))
    since = max(0, days - _WATCHED)
    names, families, grids = list[dict[str, str]](), list[int](), list[Floats]()
    for columns in _KINDS:
        counted = known.group_by(*columns, "day").len().drop_nulls()
        values = counted.group_by(columns).agg(pl.col("len").sum())
        values = values.filter(pl.col("len") >= _FEWEST).select(columns).sort(columns)
        placed = counted.join(values.with_row_index("slice"), on=columns)
        names += values.to_dicts()
        families += [values.height] * values.height
        grids.append(_grid(placed, values.height, days, missing))
    counts = np.vstack(grids)[:, since:]
    if not len(counts):
        return rows_of("alarm", "tickets", {"date": []})
    late = Expected(expected.mean[:, since:], expected.deviation[:, since:])
    found = watch(counts, families, late)
    absent = set(missing)
    there_days = [day for day in range(days) if day not in absent]
    place = {day: number for number, day in enumerate(there_days)}
    rows = []
    for alarm in found:
        day = since + alarm.day
        begun = there_days[place[day] - alarm.days + 1]
        values_ = names[alarm.slice]
        own = known.filter(
            pl.col("day").is_between(begun, day),
            *(pl.col(column) == value for column, value in values_.items()),
        )
        rows.append(
            {
                "slice": slice_name(values_),
                "date": first + timedelta(day),
                "made_on": first + timedelta(begun - 1),
                "since": first + timedelta(begun),
                "expected": round(alarm.expected),
                "low": 0,
                "high": round(alarm.high),
                "found": alarm.found,
                "verdict": MANY,
                "tickets": " ".join(own["ticket_id"].sort()),
            }
        )
    if not rows:
        return rows_of("alarm", "tickets", {"date": []})
    return rows_of("alarm", "tickets", pl.DataFrame(rows).to_dict())


def _grid(placed: pl.DataFrame, slices: int, days: int, missing: list[int]) -> Floats:
    """Tickets (`len`) by slice and day; NaN on days without an export."""
    grid = np.zeros((slices, days))
    grid[placed["slice"].to_numpy(), placed["day"].to_numpy()] = placed["len"].to_numpy()
    grid[:, missing] = np.nan
    return grid
