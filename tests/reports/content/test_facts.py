"""Reading a release: zero is not missing, flows add up to states, and months do not leak."""

from datetime import date

from assets.reports.content.measures import measure
from assets.reports.content.periods import Span
from tests.reports.small import Small


def day(text: str) -> Span:
    return Span(date.fromisoformat(text), date.fromisoformat(text))


def test_a_day_of_zero_is_not_a_day_without_data(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-02").taken("2023-05-04", state="refused")
    # A call after midnight that came in the file of the day before.
    small.add("calls", "2023-05-03", offered=2, answered=2)
    facts = small.add("calls", "2023-05-01", offered=5, answered=4).release(tmp_path)
    shown = [
        measure("calls_offered").figure(facts, day(f"2023-05-0{i}")).text for i in (1, 2, 3, 4)
    ]
    assert shown == ["5", "0", "—", "—"]
    assert measure("answer_rate").figure(facts, day("2023-05-02")).reason == "分母为零"
    assert measure("answer_rate").figure(facts, day("2023-05-03")).reason == "没有数据"
    # Over several days, the rows of the missing day are not lost.
    whole = Span(date(2023, 5, 1), date(2023, 5, 4))
    assert measure("calls_offered").figure(facts, whole).value == 7
    assert facts.missing_days("calls", whole) == 2


def test_a_month_of_staff_is_known_by_its_file(tmp_path):
    small = Small().taken("2023-05-31", datasets=("staff",))
    small.rows["staff"] = [
        {"month": "2023-05", "position": "话务员", "on_duty": 40, "assessed": 40, "passed": 39}
    ]
    facts = small.release(tmp_path)
    assert (
        measure("staff_pass_rate").figure(facts, Span(date(2023, 5, 1), date(2023, 5, 31))).text
        == "97.50%"
    )
    assert (
        measure("staff_pass_rate").figure(facts, Span(date(2023, 6, 1), date(2023, 6, 30))).value
        is None
    )


def test_a_state_is_the_sum_of_flows_over_all_months_of_acceptance(tmp_path):
    small = Small().taken("2023-05-30", "2023-06-03")
    small.add("workload", "2023-05-30", month="2023-05", opened=10)
    small.add("workload", "2023-06-02", month="2023-05", closed=4, overdue_closed=1)
    small.add("workload", "2023-06-01", month="2023-05", turned_overdue=3)
    small.add("workload", "2023-06-01", month="2023-06", opened=2)
    facts = small.release(tmp_path)
    opened = [
        facts.standing("workload", ("unit",), date.fromisoformat(each))["opened"].sum()
        for each in ("2023-05-29", "2023-05-31", "2023-06-01", "2024-06-01")
    ]
    assert opened == [0, 10, 12, 12]
    state = facts.standing("workload", ("unit",), date(2023, 6, 2)).row(0, named=True)
    assert (state["opened"], state["closed"]) == (12, 4)
    assert (state["turned_overdue"], state["overdue_closed"]) == (3, 1)
    # Closed in June although accepted in May.
    assert facts.tally("workload", "unit", "closed", day("2023-06-02")) == {"水务局": 4}
    assert measure("closed_in_period").figure(facts, day("2023-06-02")).value == 4
    assert measure("on_time_in_period").figure(facts, day("2023-06-02")).text == "75.00%"


def test_a_tally_leaves_out_other_days_and_zeros(tmp_path):
    small = Small().taken("2022-12-31", "2023-01-01")
    small.add("tickets", "2022-12-31", channel="电话", accepted=1)
    small.add("tickets", "2023-01-01", channel="电话", accepted=2)
    small.add("tickets", "2023-01-01", channel="微信", accepted=0, excluded_void=1)
    small.add("tickets", "2023-01-01", channel="电话", region="城固县", accepted=3)
    facts = small.release(tmp_path)
    assert facts.tally("tickets", "channel", "accepted", day("2023-01-01")) == {"电话": 5}
    both = Span(date(2022, 12, 31), date(2023, 1, 1))
    assert facts.tally("tickets", "channel", "accepted", both) == {"电话": 6}
    assert facts.grouped("tickets", ("channel",), both)["accepted"].sum() == 6
