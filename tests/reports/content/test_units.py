"""Units: who is a district, who is judged, and in which band."""

import pytest

from assets.indicators import UnitBands
from assets.reports.content.periods import month_span
from assets.reports.content.units import (
    Unit,
    backlogs,
    judged,
    judged_apart,
    late_units,
    returning_units,
)
from tests.reports.small import Small

MAY = month_span("2023-05")


def test_units_stand_in_bands_by_name_and_few_tickets_have_none(worked):
    found = judged_apart(worked, MAY, 30)
    assert [(each.unit.name, each.band) for each in found if not each.district] == [
        ("丙局", "优"), ("乙局", "优"), ("己局", "优"), ("甲局", "优"), ("丁局", "良"),
        ("戊局", None),
    ]  # fmt: skip
    assert [(each.unit.name, each.band) for each in found if each.district] == [
        ("城固县人民政府", "优"), ("滨江新区管理委员会", "优"),
    ]  # fmt: skip


def test_a_region_named_like_the_city_makes_no_department_a_district(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for name, region in (
        ("汉中市教育局", "汉中市"), ("汉台区城管局", "汉台区"), ("勉县人民政府", "汉中市"),
    ):  # fmt: skip
        small.add("tickets", "2023-05-10", unit=name, region=region, accepted=1, dispatched=1)
        small.add("workload", "2023-05-10", unit=name, opened=1)
    found = judged_apart(small.release(tmp_path), MAY, 30)
    assert {each.unit.name for each in found if each.district} == {"汉台区城管局", "勉县人民政府"}


@pytest.mark.parametrize(
    ("closed", "late", "overdue", "band"),
    [
        # By binomial tails: 2 of 40 late pass 98 % by chance (4.6 %), 3 of 40 do not (0.8 %)...
        (40, 2, 0, "优"), (40, 4, 0, "良"), (40, 6, 0, "中"), (40, 12, 0, "差"),
        # ... and the same share of many is no chance any more.
        (4000, 200, 0, "良"), (4000, 400, 0, "中"), (4000, 800, 0, "差"),
        # Open past their deadline: not in time, and never 优.
        (40, 0, 1, "良"), (40, 0, 12, "差"), (0, 0, 5, "差"),
    ],
)  # fmt: skip
def test_a_band_is_missed_only_where_it_is_more_than_chance(closed, late, overdue, band):
    unit = Unit("甲", handed_over=40, closed=closed, late=late, overdue=overdue)
    assert judged([unit], 30, UnitBands())[0].band == band


def test_the_weaker_of_two_rates_decides():
    unit = Unit("甲", handed_over=40, closed=40, reached=40, dissatisfied=9)
    assert judged([unit], 30, UnitBands())[0].band == "中"


@pytest.mark.parametrize(
    ("handed_over", "closed", "band"), [(30, 1, "优"), (29, 1, None), (30, 0, None)]
)
def test_a_band_wants_so_many_tickets_and_one_that_was_due(handed_over, closed, band):
    found = judged([Unit("甲", handed_over=handed_over, closed=closed)], 30, UnitBands())
    assert [each.band for each in found] == [band]


@pytest.mark.parametrize(
    ("late", "liable", "misses"),
    [(1001, True, True), (1000, False, True), (501, False, True), (500, False, False)],
)
def test_limits_of_closing_on_time_are_met_exactly(late, liable, misses):
    unit = Unit("甲", closed=10_000, late=late)
    assert (unit.liable, unit.misses_on_time) == (liable, misses)


def test_late_units_are_the_judged_ones_clearly_below_the_target_lowest_first():
    units = [
        Unit("甲", handed_over=40, closed=40, late=6),
        Unit("乙", handed_over=40, closed=40, late=9),
        Unit("丙", handed_over=40, closed=40, late=3),
        Unit("丁", handed_over=9, closed=9, late=9),
        Unit("戊", handed_over=40, closed=40, late=9),
    ]
    found = late_units(judged(units, 30, UnitBands()))
    assert [each.name for each in found] == ["乙", "戊", "甲"]


def test_the_highest_rate_is_that_of_the_fraction_not_of_its_printed_form():
    """8 of 693 and 5 of 436 both read 1.15 %."""
    units = [
        Unit("应急局", handed_over=436, returned=5),
        Unit("水利局", handed_over=693, returned=8),
        Unit("其他", handed_over=200_000, returned=1),
    ]
    assert units[0].return_rate.text == units[1].return_rate.text == "1.15%"
    assert [each.name for each in returning_units(units)] == ["水利局", "应急局"]


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
