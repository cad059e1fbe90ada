"""Measures: targets without rounding, changes of complete spans only, which way is good."""

from datetime import date
from fractions import Fraction

import pytest

from assets.reports.content.measures import BETTER_HIGH, BETTER_LOW, FLOWS, Against, measure
from assets.reports.content.model import Form, Tone
from assets.reports.content.periods import Span, month_span
from schemas.kpis import KPIS
from tests.reports.small import Small


def day(text: str) -> Span:
    return Span(date.fromisoformat(text), date.fromisoformat(text))


def test_a_span_that_lacks_files_is_no_base_for_counts_nor_for_rates(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-06").taken("2023-05-08", "2023-05-14")
    for each in ("2023-05-02", "2023-05-09"):
        small.add("calls", each, offered=100, answered=96)
    facts = small.release(tmp_path)
    now, before = (
        Span(date(2023, 5, 8), date(2023, 5, 14)),
        Span(date(2023, 5, 1), date(2023, 5, 7)),
    )
    offered = measure("calls_offered").compare(facts, now, before)
    assert (offered.text, offered.reason) == ("—", "对比期缺1天数据")
    assert measure("calls_offered").compare(facts, before, now).reason == "本期缺1天数据"
    rate = measure("answer_rate")
    moved, base = rate.compare(facts, now, before), rate.base(facts, before)
    assert (moved.text, moved.reason, moved.form) == ("—", "对比期缺1天数据", Form.POINTS)
    assert (base.text, base.reason, base.form) == ("—", "缺1天数据", Form.RATE)
    assert rate.base(facts, now).text == "96.00%"
    assert (rate.exact(facts, before), rate.exact(facts, now)) == (None, Fraction(96, 100))
    none = Span(date(2023, 4, 1), date(2023, 4, 7))
    assert measure("calls_offered").compare(facts, now, none).reason == "对比期没有数据"


def test_counts_of_spans_of_different_length_are_compared_per_day(tmp_path):
    """20,000 in the 31 days of January and 18,000 in the 28 of February are 0.4 % less a day."""
    small = Small().taken("2023-01-01", "2023-02-28")
    small.add("calls", "2023-01-05", offered=20_000, answered=19_000)
    small.add("calls", "2023-02-05", offered=18_000, answered=17_100)
    facts = small.release(tmp_path)
    january, february = month_span("2023-01"), month_span("2023-02")
    calls, rate = measure("calls_offered"), measure("answer_rate")
    assert calls.compare(facts, february, january).text == "▼0.4%"
    against = Against("上月", "环比", january)
    assert calls.compared(facts, february, against) == "，日均环比下降0.4%"
    assert rate.compared(facts, february, against) == "，环比持平"


def test_flows_of_a_release_without_workload_are_missing_by_name(tmp_path):
    small = Small().taken("2023-05-01")
    small.without.add("workload")
    facts = small.release(tmp_path)
    for each in FLOWS:
        figure = each.figure(facts, day("2023-05-01"))
        assert (figure.text, figure.reason) == ("—", "本版数据没有在办变动表（workload）")


def test_every_rate_says_which_direction_is_good_and_volumes_are_neutral():
    # average_talk is a mean, but neither a long nor a short talk is good in itself.
    for kpi in KPIS:
        told = kpi.id in BETTER_HIGH or kpi.id in BETTER_LOW
        assert told == (kpi.denominator is not None and kpi.id != "average_talk"), kpi.id
        assert (measure(kpi.id).more_is is Tone.NEUTRAL) != told
    assert not BETTER_HIGH & BETTER_LOW


@pytest.mark.parametrize(
    ("metric", "kind", "goal"),
    [
        ("answer_rate", "daily", "95%"),
        ("calls_offered", "daily", None),
        ("calls_offered", "weekly", None),
        ("calls_offered", "monthly", "15,000"),
        ("agents_on_duty", "monthly", "40"),
        ("service_level_15s", "monthly", None),
    ],
)
def test_a_volume_has_a_target_in_a_month_only(metric, kind, goal):
    found = measure(metric).goal(kind)
    assert (found.text if found else None) == goal


def test_a_target_is_judged_without_rounding(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-02")
    small.add("calls", "2023-05-01", offered=100_000, answered=94_999)
    small.add("calls", "2023-05-02", offered=100, answered=95)
    facts = small.release(tmp_path)
    each = measure("answer_rate")
    assert each.figure(facts, day("2023-05-01")).text == "95.00%"
    assert each.met(facts, day("2023-05-01"), "daily") is False
    assert each.met(facts, day("2023-05-02"), "daily") is True
    assert each.met(facts, day("2023-05-03"), "daily") is None
