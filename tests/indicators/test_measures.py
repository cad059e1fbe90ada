"""Indicators that are no KPI: counted, and their cases named."""

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from assets.indicators.measures import continuous_service, coverage
from assets.indicators.scheme import scheme_of
from tests.indicators.rows import YEAR, indicator


def test_late_replies_are_counted_by_kind_of_request(evaluated):
    found = indicator(evaluated, "reply_timeliness")
    assert [(p["part"], p["numerator"]) for p in found["parts"]] == [
        ("咨询", 1),
        ("诉求", 3),
        ("突发", 1),
    ]
    assert found["numerator"] == 5


def test_complaints_from_the_province_are_apart(evaluated):
    found = indicator(evaluated, "service_complaints")
    assert [(p["part"], p["numerator"]) for p in found["parts"]] == [
        ("市级渠道", 1),
        ("省级渠道", 1),
    ]


def test_gaps_in_service_are_counted_and_named(evaluated):
    found = indicator(evaluated, "continuous_service")
    parts = {p["part"]: (p["numerator"], p["denominator"]) for p in found["parts"]}
    assert parts == {"全年每天": (2, 365), "每天24小时": (1, 24)}
    assert "01-01" in found["evidence"]
    assert "0时" in found["evidence"]


def test_categories_without_a_ticket_are_counted_and_named(evaluated):
    found = indicator(evaluated, "coverage")
    assert found["numerator"] == len(scheme_of(YEAR).categories) - 1  # 城乡建设 has tickets
    assert "乡村振兴" in found["evidence"]


def test_the_survey_counts_the_content(evaluated):
    found = indicator(evaluated, "public_satisfaction")
    assert (found["numerator"], found["denominator"], found["display"]) == (2, 3, "66.67")


def year_of(rows: list[dict[str, object]]) -> SimpleNamespace:
    """A year whose fact tables all have these rows."""
    return SimpleNamespace(year=YEAR, facts=lambda _: pl.LazyFrame(rows))


@pytest.mark.parametrize("hours", [23, 24])
def test_a_day_has_twenty_four_hours(hours):
    calls = [{"answered": 1, "date": date(YEAR, 1, 1), "hour": hour} for hour in range(hours)]
    found = continuous_service(year_of(calls), None, None)
    assert found.parts["每天24小时"] == (hours, 24)
    assert found.words.endswith("没有接通的时段：" + ("无" if hours == 24 else "23时"))


@pytest.mark.parametrize("silent", [10, 11])
def test_ten_cases_are_named_and_more_are_counted(silent):
    days = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(silent, 365)]
    calls = [{"answered": 1, "date": day, "hour": 0} for day in days]
    (_, gaps, _) = continuous_service(year_of(calls), None, None).words.split("；")
    assert gaps.endswith("01-09、01-10" + (" 等11项" if silent == 11 else ""))


@pytest.mark.parametrize("accepted", [0, 1])
def test_a_category_with_voided_tickets_only_is_not_covered(accepted):
    scheme = scheme_of(YEAR)
    tickets = [{"category": each, "accepted": 1} for each in scheme.categories[1:]]
    tickets += [{"category": f"{scheme.categories[0]}-其他", "accepted": accepted}]
    found = coverage(year_of(tickets), scheme, None)
    assert found.numerator == 1 - accepted
    assert found.words.endswith("无" if accepted else scheme.categories[0])
