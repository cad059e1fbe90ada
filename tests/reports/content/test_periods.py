"""Periods: what a key means, what a period is compared with, and when its report is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.core.errors import HotlineError
from assets.reports.content.periods import (
    Span,
    containing,
    due_date,
    last_months,
    month_span,
    month_title,
    month_to_date,
    month_to_date_before,
    period_of,
    previous,
    shifted,
    week_before,
    year_before,
)
from schemas.reports import KINDS

DAYS = st.dates(date(2016, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("kind", "key", "first", "last", "title"),
    [
        ("daily", "2023-05-23", "2023-05-23", "2023-05-23", "2023年5月23日（星期二）"),
        ("weekly", "2023-05-22", "2023-05-22", "2023-05-28", "2023年5月22日至28日"),
        ("weekly", "2023-05-29", "2023-05-29", "2023-06-04", "2023年5月29日至6月4日"),
        ("weekly", "2024-12-30", "2024-12-30", "2025-01-05", "2024年12月30日至2025年1月5日"),
        ("monthly", "2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("annual", "2023", "2023-01-01", "2023-12-31", "2023年"),
    ],
)
def test_a_key_names_its_days(kind, key, first, last, title):
    period = period_of(kind, key)
    assert (period.kind, period.key) == (kind, key)
    assert (str(period.first), str(period.last), period.title) == (first, last, title)


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("daily", "2023-5-23", "请写成 2023-05-23 的样子"),
        ("daily", "2023-02-30", "没有这一天"),
        ("daily", "20230523", "请写成 2023-05-23 的样子"),
        ("daily", "2023-W21-2", "请写成 2023-05-23 的样子"),
        ("daily", "", "日报的期间“”写法不对"),
        (
            "weekly",
            "2023-05-23",
            "是星期二，本单位的周从星期一算起：请改用这一周的第一天 2023-05-22",
        ),
        ("monthly", "2023-13", "请写成 2023-05 的样子"),
        ("monthly", "2023-05-01", "请写成 2023-05 的样子"),
        ("annual", "23", "请写成 2023 的样子"),
        ("annual", "x" * 500, "请写成 2023 的样子"),
        ("hourly", "2023", "没有“hourly”这一类报告"),
    ],
)
def test_a_bad_key_is_one_sentence(kind, key, said):
    with pytest.raises(HotlineError) as caught:
        period_of(kind, key)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 120


def test_a_week_may_start_on_another_day():
    week = period_of("weekly", "2023-05-21", week_start=6)
    assert (str(week.first), str(week.last)) == ("2023-05-21", "2023-05-27")
    assert previous(week).key == "2023-05-14"
    with pytest.raises(HotlineError, match="从星期日算起"):
        period_of("weekly", "2023-05-22", week_start=6)


@pytest.mark.parametrize(
    ("kind", "key", "before", "year"),
    [
        ("daily", "2023-01-01", "2022-12-31", "2022-01-02"),
        ("daily", "2024-03-01", "2024-02-29", "2023-03-03"),
        ("weekly", "2023-01-02", "2022-12-26", "2022-01-03"),
        ("monthly", "2024-01", "2023-12", "2023-01"),
        ("monthly", "2024-02", "2024-01", "2023-02"),
        ("annual", "2024", "2023", "2023"),
    ],
)
def test_what_a_period_is_compared_with(kind, key, before, year):
    period = period_of(kind, key)
    assert previous(period).key == before
    assert year_before(period).key == year


def test_the_same_weekday_of_the_week_before():
    assert week_before(period_of("daily", "2024-01-03")).key == "2023-12-27"


def test_the_month_to_date_and_the_same_days_of_the_month_before():
    assert month_to_date(date(2023, 5, 23)) == Span(date(2023, 5, 1), date(2023, 5, 23))
    assert month_to_date_before(date(2023, 5, 23)) == Span(date(2023, 4, 1), date(2023, 4, 23))
    assert month_to_date_before(date(2023, 3, 31)) == Span(date(2023, 2, 1), date(2023, 2, 28))
    assert month_to_date_before(date(2023, 1, 1)) == Span(date(2022, 12, 1), date(2022, 12, 1))


@pytest.mark.parametrize(
    ("kind", "key", "due"),
    [
        ("daily", "2023-12-31", "2024-01-01"),
        ("weekly", "2023-05-22", "2023-05-31"),
        ("weekly", "2023-12-25", "2024-01-03"),
        ("monthly", "2023-12", "2024-01-05"),
        ("annual", "2023", "2024-01-31"),
    ],
)
def test_when_a_report_is_due(kind, key, due):
    assert str(due_date(kind, period_of(kind, key))) == due


def test_a_week_that_ends_on_a_wednesday_is_due_a_week_later():
    week = period_of("weekly", "2023-05-18", week_start=3)
    assert str(week.last) == "2023-05-24"
    assert str(due_date("weekly", week)) == "2023-05-31"


@given(DAYS, st.sampled_from(KINDS), st.integers(0, 6))
def test_periods_cover_every_day_once(day, kind, week_start):
    period = containing(kind, day, week_start)
    assert period.first <= day <= period.last
    assert period_of(kind, period.key, week_start) == period
    before = previous(period)
    assert (period.first - before.last).days == 1
    assert due_date(kind, period) > period.last


def test_months_cross_years():
    assert shifted("2023-01", -1) == "2022-12"
    assert shifted("2023-12", 1) == "2024-01"
    assert last_months("2023-02", 3) == ["2022-12", "2023-01", "2023-02"]
    assert month_span("2024-02") == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert month_title("2023-05") == "2023年5月"
