"""Units: who is a district, who is ranked, and who shares a place."""

import pytest

from assets.reports.content.periods import month_span
from assets.reports.content.units import Unit, backlogs, late_units, places, ranked
from tests.reports.small import Small

MAY = month_span("2023-05")


def test_ties_share_a_rank_and_few_tickets_have_none(worked):
    found = places(worked, MAY, 30)
    assert [(each.unit.name, each.rank) for each in found if not each.district] == [
        ("丙局", 1), ("乙局", 1), ("己局", 3), ("甲局", 4), ("丁局", 5), ("戊局", None),
    ]  # fmt: skip
    assert [(each.unit.name, each.rank) for each in found if each.district] == [
        ("城固县人民政府", 1), ("滨江新区管理委员会", 2),
    ]  # fmt: skip


def test_a_region_named_like_the_city_makes_no_department_a_district(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for name, region in (
        ("汉中市教育局", "汉中市"), ("汉台区城管局", "汉台区"), ("勉县人民政府", "汉中市"),
    ):  # fmt: skip
        small.add("tickets", "2023-05-10", unit=name, region=region, accepted=1, dispatched=1)
        small.add("workload", "2023-05-10", unit=name, opened=1)
    found = places(small.release(tmp_path), MAY, 30)
    assert {each.unit.name for each in found if each.district} == {"汉台区城管局", "勉县人民政府"}


def test_ties_share_a_rank_and_the_next_is_left_out():
    units = [
        Unit("丙", handed_over=10, closed=10),
        Unit("甲", handed_over=30, closed=10),
        Unit("乙", handed_over=10, closed=10, returned=1),
        Unit("丁", handed_over=9, closed=9),
        Unit("戊", handed_over=10, closed=0),
        # 2 of 3 and 4 of 6 are one rate, as displayed and as it is.
        Unit("己", handed_over=12, closed=3, late=1),
        Unit("庚", handed_over=12, closed=6, late=2),
    ]
    found = ranked(units, 10, by_satisfaction=False)
    assert [(each.rank, each.unit.name) for each in found] == [
        (1, "丙"), (1, "甲"), (3, "乙"), (4, "己"), (4, "庚"), (None, "戊"), (None, "丁"),
    ]  # fmt: skip
    assert ranked(list(reversed(units)), 10, by_satisfaction=False) == found
    assert {each.rank for each in ranked(units, 31, by_satisfaction=False)} == {None}


def test_satisfaction_decides_before_tickets_sent_back_where_it_counts():
    units = [
        Unit("甲", handed_over=40, closed=40, returned=1, reached=20),
        Unit("乙", handed_over=40, closed=40, returned=0, reached=20, dissatisfied=1),
        # Nobody was reached: a share that cannot be formed comes last.
        Unit("丙", handed_over=40, closed=40),
    ]
    by = {
        counts: [(each.unit.name, each.rank) for each in ranked(units, 1, by_satisfaction=counts)]
        for counts in (True, False)
    }
    assert by[True] == [("甲", 1), ("乙", 2), ("丙", 3)]
    assert by[False] == [("丙", 1), ("乙", 1), ("甲", 3)]


@pytest.mark.parametrize(
    ("handed_over", "closed", "rank"), [(30, 1, 1), (29, 1, None), (30, 0, None)]
)
def test_a_rank_wants_so_many_tickets_and_one_closed(handed_over, closed, rank):
    found = ranked([Unit("甲", handed_over=handed_over, closed=closed)], 30, by_satisfaction=True)
    assert [each.rank for each in found] == [rank]


@pytest.mark.parametrize(
    ("late", "liable", "misses"),
    [(1001, True, True), (1000, False, True), (501, False, True), (500, False, False)],
)
def test_limits_of_closing_on_time_are_met_exactly(late, liable, misses):
    unit = Unit("甲", closed=10_000, late=late)
    assert (unit.liable, unit.misses_on_time) == (liable, misses)


def test_late_units_are_the_ranked_ones_below_the_target_lowest_first():
    units = [
        Unit("甲", handed_over=40, closed=40, late=3),
        Unit("乙", handed_over=40, closed=40, late=9),
        Unit("丙", handed_over=40, closed=40, late=2),
        Unit("丁", handed_over=9, closed=9, late=9),
        Unit("戊", handed_over=40, closed=40, late=9),
    ]
    found = late_units(ranked(units, 30, by_satisfaction=True))
    assert [each.name for each in found] == ["乙", "戊", "甲"]


def test_the_most_overdue_come_first_then_those_soon_due_then_the_open_ones(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for name, opened, late, soon in (
        ("甲", 9, 0, 0), ("乙", 5, 2, 0), ("丙", 5, 2, 1), ("丁", 8, 0, 1), ("戊", 9, 0, 0),
    ):  # fmt: skip
        small.add("workload", "2023-05-03", unit=name, opened=opened, turned_overdue=late,
                  turned_due_soon=soon)  # fmt: skip
    # Nothing open any more, and nothing that passed its deadline: not listed.
    small.add("workload", "2023-05-03", unit="己", opened=3, closed=3)
    small.add("workload", "2023-05-03", unit="庚", opened=3, closed=3, turned_overdue=1,
              overdue_closed=1)  # fmt: skip
    found = backlogs(small.release(tmp_path), MAY)
    assert [each.unit for each in found] == ["丙", "乙", "丁", "戊", "甲", "庚"]
