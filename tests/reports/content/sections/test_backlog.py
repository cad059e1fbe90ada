"""What is open at the end of a day, by unit."""

import pytest

from assets.reports.content.model import Tone
from tests.reports.said import cells, section, table
from tests.reports.small import Small, daily


def test_the_backlog_is_that_of_the_end_of_the_day(small, tmp_path):
    facts = small.add("workload", "2023-05-24", unit="水务局", closed=5, overdue_closed=3).release(
        tmp_path
    )
    told = daily(facts)
    # 水务局: 9 opened, 4 closed; 4 turned overdue, 1 of them closed.
    assert cells(table(told, "backlog")) == [
        ["水务局", "5", "3", "1", "0"],
        ["人社局", "2", "0", "0", "2"],
        ["合计", "7", "3", "1", "2"],
    ]
    assert section(told, "backlog").headline == (
        "逾期未办结3件，涉及水务局（3件）；当日新增逾期1件，24小时内到期2件"
    )
    before = daily(facts, "2023-05-19")
    assert section(before, "backlog").headline == "在办9件，没有逾期；24小时内没有到期的"


def test_units_beyond_those_shown_stand_together(tmp_path):
    small = Small().taken("2023-05-23")
    for number in range(12):
        small.add("workload", "2023-05-23", unit=f"单位{number:02d}", opened=12, turned_overdue=2)
    rows = cells(table(daily(small.release(tmp_path)), "backlog"))
    assert [row[0] for row in rows] == [
        *(f"单位{number:02d}" for number in range(4)),
        "其他8个单位",
        "合计",
    ]
    assert rows[-2][1:] == ["96", "16", "16", "0"]
    assert rows[-1][1:] == ["144", "24", "24", "0"]


def test_only_the_last_row_is_a_total_and_overdue_rows_are_bad(small, tmp_path):
    rows = table(daily(small.release(tmp_path)), "backlog").rows
    assert [row.total for row in rows] == [False, False, True]
    assert [row.tone for row in rows] == [Tone.BAD, Tone.NEUTRAL, Tone.NEUTRAL]


@pytest.mark.parametrize(
    ("units", "heads"),
    [
        (4, ["单位0", "单位1", "单位2", "单位3", "合计"]),
        # A rest of one would take the place of the name itself.
        (5, ["单位0", "单位1", "单位2", "单位3", "单位4", "合计"]),
        (6, ["单位0", "单位1", "单位2", "单位3", "其他2个单位", "合计"]),
    ],
)
def test_equal_units_stand_by_name_and_one_more_than_shown_is_named(tmp_path, units, heads):
    small = Small().taken("2023-05-23")
    for number in reversed(range(units)):
        small.add("workload", "2023-05-23", unit=f"单位{number}", opened=12, turned_overdue=2)
    told = daily(small.release(tmp_path))
    assert [row[0] for row in cells(table(told, "backlog"))] == heads
    assert section(told, "backlog").headline.startswith(
        f"逾期未办结{2 * units}件，较多的是单位0（2件）、单位1（2件）；"
    )
