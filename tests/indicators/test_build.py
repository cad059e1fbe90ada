"""Indicator inputs from a small installation, figures checked by hand."""

from assets.indicators.scheme import scheme_of
from assets.scoring.scorecards import scorecard
from tests.driver import bring_up_to_date, deliver, make_installation
from tests.indicators.rows import YEAR, indicator, published
from tests.samples import row


def test_every_indicator_of_the_scheme_has_one_row(evaluated):
    rows = published(evaluated, "indicators").sort("position")
    scheme = scheme_of(YEAR)
    assert rows["indicator"].to_list() == [each.id for each in scheme.indicator]
    assert rows.height == 32
    assert rows["weight"].sum() == 100
    assert rows["alternative_weight"].sum() == 100


def test_a_kpi_is_sum_over_sum_with_its_months(evaluated):
    rate = indicator(evaluated, "answer_rate")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (8, 10, 80)
    assert (rate["display"], rate["unit"], rate["target"], rate["met"]) == ("80.00", "%", 95, False)
    assert rate["monthly"] == [{"month": "2023-01", "numerator": 8, "denominator": 10, "value": 80}]
    assert rate["status"] == "partial"  # one month of twelve
    assert "接通数÷话务量" in rate["evidence"]


def test_the_other_base_of_a_printed_table_stands_in_the_evidence(evaluated):
    assert "办结数÷接单数" in indicator(evaluated, "close_rate")["evidence"]


def test_declared_and_judged_figures_come_from_the_form(evaluated):
    budget = indicator(evaluated, "budget_execution")
    assert (budget["kind"], budget["display"], budget["status"]) == (
        "declared",
        "97.66",
        "complete",
    )
    clarity = indicator(evaluated, "goal_clarity")
    assert (clarity["kind"], clarity["value"], clarity["evidence"]) == ("judged", 2, "绩效目标表")
    seats = indicator(evaluated, "agent_seats")
    assert (seats["numerator"], seats["denominator"]) == (1, 2)


def test_what_is_not_there_is_missing_by_name_and_never_zero(evaluated):
    for name in ("budget_basis", "merged_lines", "report_timeliness", "knowledge_timeliness"):
        found = indicator(evaluated, name)
        assert (found["status"], found["value"], found["display"]) == ("missing", None, "—"), name
        assert found["numerator"] is None
    assert "得分" in indicator(evaluated, "budget_basis")["evidence"]


def test_a_rate_over_nothing_is_missing(tmp_path):
    installation = make_installation(tmp_path)
    test_call = row("calls", outcome="测试")
    deliver(installation, "calls_20230105.csv", [test_call])
    bring_up_to_date(installation)
    found = indicator(installation, "answer_rate")
    assert (found["status"], found["value"], found["display"]) == ("missing", None, "—")
    assert scorecard(installation.warehouse.current.resolve(), YEAR).missing
