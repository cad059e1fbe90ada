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
    assert section(before, "backlog").headline == "在办工单9件，无逾期；24小时内无到期工单"


def test_who_has_to_act_is_named_and_the_others_may_stand_together(tmp_path):
    small = Small().taken("2023-05-23")
    for number in range(12):
        due = {"turned_overdue": 2} if number < 5 else {"turned_due_soon": 1} if number < 7 else {}
        small.add("workload", "2023-05-23", unit=f"单位{number:02d}", opened=12, **due)
    rows = cells(table(daily(small.release(tmp_path)), "backlog"))
    assert [row[0] for row in rows] == [
        *(f"单位{number:02d}" for number in range(7)),
        "其他5个单位",
        "合计",
    ]
    assert rows[-2][1:] == ["60", "0", "0", "0"]
    assert rows[-1][1:] == ["144", "10", "10", "2"]


def test_only_the_last_row_is_a_total_and_overdue_rows_are_bad(small, tmp_path):
    rows = table(daily(small.release(tmp_path)), "backlog").rows
    assert [row.total for row in rows] == [False, False, True]
    assert [row.tone for row in rows] == [Tone.BAD, Tone.NEUTRAL, Tone.NEUTRAL]


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ((2,), "涉及单位0（2件）"),
        ((2, 2), "涉及单位0、单位1（各2件）"),
        ((3, 2), "涉及单位0（3件）、单位1（2件）"),
        ((1, 1, 1), "涉及3家单位，各1件"),
        ((5, 3, 2), "涉及3家单位，较多的有单位0（5件）、单位1（3件）"),
        ((5, 2, 2), "涉及3家单位，较多的有单位0（5件）"),
        ((2, 2, 2, 1), "涉及4家单位，1至2件不等"),
    ],
)
def test_nobody_is_named_above_others_who_have_as_many(tmp_path, late, said):
    small = Small().taken("2023-05-23")
    for number, overdue in enumerate(late):
        small.add("workload", "2023-05-23", unit=f"单位{number}", opened=9, turned_overdue=overdue)
    headline = section(daily(small.release(tmp_path)), "backlog").headline
    assert headline.startswith(f"逾期未办结{sum(late)}件，{said}；")
