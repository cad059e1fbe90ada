from datetime import date, timedelta
from math import exp

import numpy as np
import polars as pl
import pytest

from assets.deadlines import load_calendar
from assets.expectations import CountModel, alarm_rows, day_features, slice_values
from assets.expectations.watch import _log_tail, watch
from tests.expectations.series import FIRST, Kind, draw

DAYS, SLICES = 300, 60
CALENDAR = load_calendar()
FEATURES = day_features(CALENDAR, FIRST, DAYS)


def city(seed=1, base=200.0):
    """Tickets by slice and day, and what was expected of their total."""
    rng = np.random.default_rng(seed)
    total = draw(rng, Kind(base=base, storms=0), DAYS).counts
    shares = rng.dirichlet(np.full(SLICES, 0.8))
    counts = np.array([rng.multinomial(int(each), shares) for each in total]).T.astype(float)
    return counts, CountModel(1).follow(total[None], FEATURES)


def test_nothing_rises_where_nothing_rises():
    begun = 0
    for seed in range(3):
        last = {}
        for alarm in watch(*_args(*city(seed))):
            begun += alarm.day >= 30 and alarm.day - last.get(alarm.slice, -99) > 7
            last[alarm.slice] = alarm.day
    assert begun <= 3 * (DAYS - 30) / 28


def _args(counts, expected):
    return counts, [SLICES] * len(counts), expected


@pytest.mark.parametrize(("factor", "within"), [(3, 2), (2, 4)])
def test_a_burst_is_told_within_days_and_does_not_become_usual(factor, within):
    counts, expected = city()
    number = int(np.argsort(counts.sum(axis=1))[-3])
    usual = counts[number, 190:200].mean()
    counts[number, 200:207] = np.round(counts[number, 200:207] * factor)
    found = [each for each in watch(*_args(counts, expected)) if each.slice == number]
    first = min(each.day for each in found if each.day >= 200)
    assert first < 200 + within
    burst = [each for each in found if 200 <= each.day < 207]
    assert all(each.found > each.high > each.expected for each in burst)
    assert burst[-1].expected / burst[-1].days == pytest.approx(usual, rel=0.5)


def test_a_new_level_becomes_usual():
    counts, expected = city()
    number = int(np.argmax(counts.sum(axis=1)))
    counts[number, 150:] = np.round(1.6 * counts[number, 150:])
    days = [each.day for each in watch(*_args(counts, expected)) if each.slice == number]
    assert min(day for day in days if day >= 150) < 160
    assert not [day for day in days if day >= 230]


def test_a_missing_day_is_no_fall_and_ends_no_window():
    counts, expected = city()
    counts[:, 100:110] = np.nan
    found = watch(*_args(counts, expected))
    assert not [each for each in found if 100 <= each.day < 110]
    week = counts[:, :7]
    assert watch(*_args(week, CountModel(1).follow(week.sum(axis=0)[None], FEATURES[:7]))) == []


def test_the_tail_is_that_of_the_distribution():
    # Poisson with mean 2 as the limit: 5 or more has a probability of 5.27 %.
    assert exp(_log_tail(5, 2.0, 2.0)) == pytest.approx(0.0527, abs=0.0002)
    # Geometric: success 1/3, so 4 or more is (2/3)^4.
    assert exp(_log_tail(4, 2.0, 6.0)) == pytest.approx((2 / 3) ** 4, rel=1e-6)


def test_an_alarm_names_its_slice_its_days_and_its_tickets():
    first, days = date(2023, 3, 6), 60
    rows = [
        (f"T{offset:02d}{n:02d}", day, ("噪声", "供水")[n % 2], "市局", ("甲", "乙")[n % 3 == 0])
        for offset in range(days)
        for n, day in ((n, first + timedelta(offset)) for n in range(12))
    ]
    rows += [(f"X{n:02d}", first + timedelta(59), "漏水", "市局", "甲") for n in range(9)]
    schema = ["ticket_id", "date", "category", "unit", "region"]
    tickets = pl.DataFrame(rows, schema=schema, orient="row")
    there = [first + timedelta(offset) for offset in range(days)]
    found = alarm_rows(tickets, there, first, there[-1], CALENDAR)
    named = {name: row for name, row in zip(found["slice"], found.to_dicts(), strict=True)}
    assert {"category=漏水", "category=漏水;region=甲"} == {*named}
    row = named["category=漏水"]
    assert (row["expected"], row["found"]) == (0, 9)
    assert (row["date"], row["since"]) == (there[-1], there[-1])
    assert row["tickets"].split() == [f"X{n:02d}" for n in range(9)]
    assert slice_values("category=漏水;region=甲") == {"category": "漏水", "region": "甲"}
    assert slice_values("unit=水务局") == {"unit": "水务局"}
    assert alarm_rows(tickets.clear(), there, first, there[-1], CALENDAR).is_empty()
