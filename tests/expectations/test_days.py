from datetime import date

import numpy as np

from assets.deadlines import load_calendar
from assets.expectations.days import EFFECTS, SEASON, day_features

HOLIDAY, MAKEUP, AFTER = (
    EFFECTS.index(each) for each in ("holiday", "make-up day", "after a holiday")
)


def of(day: date):
    return day_features(load_calendar(), day, 1)[0]


def test_a_usual_day_is_its_weekday():
    for offset in range(7):
        row = of(date(2023, 3, 6 + offset))
        assert np.flatnonzero(row[: len(EFFECTS)]).tolist() == [offset]


def test_a_holiday_is_a_sunday_with_something_of_its_own():
    row = of(date(2023, 10, 3))
    assert np.flatnonzero(row[: len(EFFECTS)]).tolist() == [6, HOLIDAY]


def test_the_weekend_within_a_holiday_belongs_to_it():
    assert of(date(2023, 9, 30))[HOLIDAY] == 1
    assert of(date(2023, 9, 23))[HOLIDAY] == 0


def test_a_single_day_off_is_a_holiday():
    assert of(date(2023, 4, 5))[HOLIDAY] == 1


def test_a_make_up_day_is_a_mean_working_day_with_something_of_its_own():
    row = of(date(2023, 10, 7))
    assert row[:5].tolist() == [0.2] * 5
    assert row[MAKEUP] == 1


def test_the_first_day_after_a_holiday_is_half_a_monday():
    row = of(date(2023, 4, 6))
    assert (row[0], row[3], row[AFTER]) == (0.5, 0.5, 1)


def test_a_monday_after_a_working_sunday_is_half_of_one():
    row = of(date(2023, 6, 26))
    assert row[0] == 0.5
    assert row[:5].sum() == 1


def test_days_do_not_depend_on_where_one_begins():
    calendar = load_calendar()
    whole = day_features(calendar, date(2023, 1, 1), 365)
    assert whole.shape == (365, len(EFFECTS) + len(SEASON))
    assert np.array_equal(whole[100:200], day_features(calendar, date(2023, 4, 11), 100))
