"""Hours of the day and of the week by hand: when calls are lost, when nobody answered."""

import pytest

from assets.reports.content.model import Chart
from assets.reports.content.periods import month_span
from assets.reports.content.sections.hours import (
    HourOfWeek,
    Week,
    busiest_hours,
    interruptions,
    loss_map,
    volume_map,
    week_of,
    worst_hours,
)
from tests.reports.said import section
from tests.reports.small import Small, daily

MAY = month_span("2023-05")


def test_hours_of_the_week(busy):
    found = week_of(busy, MAY)
    monday, tuesday = found.hours[0][9], found.hours[1][3]
    assert (monday.days, monday.offered, monday.answered) == (5, 300, 270)
    assert (monday.a_day.text, monday.lost.text, monday.title) == ("60", "10.00%", "星期一9时")
    # Two calls are no share worth a colour, and no hour to name.
    assert (tuesday.lost.text, tuesday.lost.reason) == ("—", "来电不足20通")
    # All calls but two: it does not stand out of itself.
    assert worst_hours(found) == []
    drawn = loss_map(found)
    assert (len(drawn.rows), len(drawn.columns)) == (7, 24)
    assert drawn.cells[0][9].text == "10.00%"
    assert "均无明显偏高" in drawn.summary


def test_hours(small, tmp_path):
    told = section(daily(small.release(tmp_path)), "hours")
    assert told.headline == "9时至10时为来电高峰（100通），未接通亦最多（10通）"
    chart = told.blocks[0]
    assert isinstance(chart, Chart)
    assert [figure.value for figure in chart.series[1].values] == [0] * 9 + [10] + [0] * 10 + [
        5,
        0,
        0,
        0,
    ]


def calls(weekday: int, hour: int, offered: int, lost: int = 0) -> HourOfWeek:
    return HourOfWeek(weekday, hour, 1, offered, offered - lost)


def week(*some: HourOfWeek) -> Week:
    """A week with calls in some hours only."""
    known = {(each.weekday, each.hour): each for each in some}
    hours = tuple(
        tuple(known.get((day, hour), calls(day, hour, 0)) for hour in range(24)) for day in range(7)
    )
    offered, answered = (sum(getattr(e, n) for e in some) for n in ("offered", "answered"))
    return Week(hours, offered, answered, 180 * answered, 600)


def test_the_busiest_hours_come_first_and_the_earlier_of_equals():
    found = busiest_hours(week(calls(0, 9, 50), calls(2, 8, 70), calls(1, 9, 50), calls(0, 3, 1)))
    assert [each.title for each in found[:4]] == [
        "星期三8时", "星期一9时", "星期二9时", "星期一3时",
    ]  # fmt: skip
    named = volume_map(week(calls(0, 9, 50), calls(2, 8, 70), calls(1, 9, 60), calls(0, 3, 1)))
    assert named.summary == (
        "话务最集中的时段依次是星期三8时（70通）、星期二9时（60通）、星期一9时（50通）。"
    )


def test_the_busiest_hour_is_that_with_most_calls_a_day_not_in_all():
    once, often = HourOfWeek(0, 9, 1, 40, 40), HourOfWeek(1, 9, 5, 100, 100)
    assert [each.title for each in busiest_hours(week(often, once))[:2]] == [
        "星期一9时", "星期二9时",
    ]  # fmt: skip


@pytest.mark.parametrize(("offered", "share"), [(19, "—"), (20, "10.00%")])
def test_a_share_of_lost_calls_wants_twenty_calls(offered, share):
    assert calls(0, 9, offered, lost=2).lost.text == share


def test_the_worst_hours_are_busy_ones_that_clearly_lose_more():
    # 168 × 20 calls: the average hour has 20.
    many = [calls(day, hour, 20) for day in range(7) for hour in range(24) if (day, hour) > (0, 3)]
    found = week(
        calls(0, 0, 20, lost=9), calls(0, 1, 19, lost=19), calls(0, 2, 21, lost=21),
        calls(0, 3, 20, lost=9), *many,
    )  # fmt: skip
    assert found.offered == 168 * 20
    # One call below the average does not count, the average does; a tie goes to the earlier.
    assert [each.title for each in worst_hours(found)] == ["星期一2时", "星期一0时", "星期一3时"]
    assert "明显高于总体的有星期一2时（100.00%）、星期一0时（45.00%）" in loss_map(found).summary


@pytest.mark.parametrize(("offered", "answered", "count"), [(2, 0, 0), (3, 0, 1), (3, 1, 0)])
def test_three_calls_without_an_answer_are_an_interruption(tmp_path, offered, answered, count):
    small = Small().taken("2023-05-01", "2023-05-31")
    small.add("calls", "2023-05-07", hour=2, offered=offered, answered=answered)
    said = interruptions(small.release(tmp_path), MAY)
    assert said.startswith(f"有{count}个小时") if count else not said


def test_more_than_five_interruptions_are_not_all_named(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for hour in range(6):
        small.add("calls", "2023-05-07", hour=hour, offered=3)
    said = interruptions(small.release(tmp_path), MAY)
    assert said.endswith("5月7日0时、5月7日1时、5月7日2时、5月7日3时、5月7日4时等。")
