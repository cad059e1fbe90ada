"""Measures: targets without rounding, changes of complete spans only, which way is good."""

from datetime import date

import pytest

from assets.reports.content.measures import BETTER_HIGH, BETTER_LOW, FLOWS, measure
from assets.reports.content.model import Tone
from assets.reports.content.periods import Span
from schemas.kpis import KPIS
from tests.reports.small import Small


def day(text: str) -> Span:
    return Span(date.fromisoformat(text), date.fromisoformat(text))


def test_volumes_of_incomplete_spans_are_not_compared_and_rates_are(tmp_path):
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
    assert measure("answer_rate").compare(facts, now, before).text == "持平"
    none = Span(date(2023, 4, 1), date(2023, 4, 7))
    assert measure("calls_offered").compare(facts, now, none).reason == "对比期没有数据"


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
