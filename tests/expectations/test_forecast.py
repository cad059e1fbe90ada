from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from assets.deadlines import load_calendar
from assets.expectations import FEW, MANY, NORMAL, Pace, forecasts
from tests.expectations.series import FIRST, Kind, draw

CALENDAR = load_calendar()
SHARES = np.array([1] * 7 + [5, 9, 12, 11, 9, 6, 7, 9, 10, 9, 8, 5, 4, 3, 3, 2, 1]) / 1.0
SHARES /= SHARES.sum()
DAYS = 430


def by_hour(counts, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([rng.multinomial(int(each), SHARES) for each in counts], dtype=float)


def flat(days, count=4.0):
    return np.full((days, 24), count)


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(11)
    drawn = {
        name: draw(rng, Kind(base=base), DAYS) for name, base in (("calls", 600), ("tickets", 200))
    }
    hours = {name: by_hour(each.counts) for name, each in drawn.items()}
    return hours, forecasts(hours, FIRST, CALENDAR, pace=Pace(180, 60, 0.95))


def test_two_weeks_of_days_and_one_of_hours_lie_ahead(made):
    _, found = made
    last = FIRST + timedelta(DAYS - 1)
    ahead = found.filter(pl.col("made_on") == last, pl.col("kind") != "year")
    assert dict(
        ahead.group_by("kind", "dataset").len().select("kind", "len").filter(kind="day").rows()
    ) == {"day": 14}
    days = ahead.filter(kind="day", dataset="calls")["date"].sort().to_list()
    assert days == [last + timedelta(step) for step in range(1, 15)]
    for kind, dataset in (("hour", "calls"), ("hour", "tickets"), ("seats", "calls")):
        rows = ahead.filter(kind=kind, dataset=dataset)
        assert rows.height == 7 * 24
        assert rows["found"].null_count() == rows.height


def test_each_row_is_there_once_and_its_band_holds_the_expectation(made):
    _, found = made
    key = ["kind", "dataset", "date", "made_on", "hour"]
    assert not found.select(key).is_duplicated().any()
    assert found.filter(~pl.col("expected").is_between("low", "high")).is_empty()


def test_bands_hold_about_four_of_five(made):
    hours, found = made
    for kind in ("day", "hour"):
        known = found.filter(pl.col("kind") == kind, pl.col("found").is_not_null())
        assert 0.75 < (known["verdict"] == NORMAL).mean() < 0.88, kind
    assert {FEW, MANY, NORMAL} == set(found["verdict"].drop_nulls())
    one = found.filter(kind="day", dataset="calls").filter(pl.col("made_on") < pl.col("date"))
    shown = one.filter(date=FIRST + timedelta(100))["found"].unique().to_list()
    assert shown == [int(hours["calls"][100].sum())]


def test_a_forecast_knows_nothing_of_later_days(made):
    hours, found = made
    changed = {name: each.copy() for name, each in hours.items()}
    for each in changed.values():
        each[300:] *= 3
    other = forecasts(changed, FIRST, CALENDAR)
    what = ["kind", "dataset", "date", "made_on", "hour", "expected", "low", "high"]
    before = pl.col("made_on") < FIRST + timedelta(300)
    kept = (each.filter(before, pl.col("kind") != "seats").select(what) for each in (found, other))
    one, two = kept
    assert one.equals(two)


def test_the_rest_of_a_year_stands_beside_what_came(made):
    hours, found = made
    (row,) = found.filter(kind="year", dataset="calls", made_on=date(2022, 6, 30)).to_dicts()
    assert row["date"] == date(2022, 12, 31)
    assert row["found"] == hours["calls"][181:365].sum()
    assert row["found"] == pytest.approx(row["expected"], rel=0.3)
    (now,) = found.filter(kind="year", dataset="calls", made_on=date(2022, 12, 31)).to_dicts()
    assert (now["date"], now["found"]) == (date(2023, 12, 31), None)


@pytest.mark.parametrize(
    ("hours", "first", "why"),
    [
        (flat(1), FIRST, "可用的数据只有1天，不足14天"),
        (flat(13), FIRST, "可用的数据只有13天，不足14天"),
        (np.vstack([flat(30), np.full((14, 24), np.nan)]), FIRST, "最近14天没有数据"),
        (np.vstack([np.eye(1, 24), flat(200, 0)]), FIRST, "以往总共只有1件，太少"),
        (flat(100), date(2026, 9, 23), "工作日历没有2027年"),
    ],
)
def test_without_a_basis_the_reason_stands_in_place_of_a_number(hours, first, why):
    found = forecasts({"calls": hours}, first, CALENDAR)
    last = first + timedelta(len(hours) - 1)
    ahead = found.filter(kind="day", made_on=last)
    assert ahead.height == 14
    assert ahead["verdict"].unique().to_list() == [why]
    assert ahead["expected"].null_count() == 14
    assert found.filter(kind="seats").is_empty()


@pytest.mark.parametrize(
    "hours", [flat(14), np.vstack([flat(30), np.full((13, 24), np.nan)]), flat(400)]
)
def test_with_just_enough_there_is_a_number(hours):
    ahead = forecasts({"calls": hours}, FIRST, CALENDAR).filter(
        pl.col("kind") == "day", pl.col("made_on") == FIRST + timedelta(len(hours) - 1)
    )
    assert ahead["expected"].to_list() == pytest.approx([96] * 14, abs=4)


def test_holes_are_no_zeros():
    hours = flat(200)
    hours[50:90] = np.nan
    found = forecasts({"calls": hours}, FIRST, CALENDAR).filter(kind="day")
    inside = found.filter(pl.col("date") == FIRST + timedelta(60))
    assert inside["found"].null_count() == inside.height
    assert found["found"].drop_nulls().unique().to_list() == [96]


def test_nothing_gives_nothing():
    assert forecasts({}, FIRST, CALENDAR).is_empty()
