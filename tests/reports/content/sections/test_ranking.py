"""The ranking of a month and the units of a week, by hand."""

import pytest

from assets.reports.content.model import Text, Tone
from assets.reports.content.periods import month_span
from assets.reports.content.sections.ranking import ranking_section
from tests.reports.said import cells, section, table, tables, texts
from tests.reports.small import Small, context, weekly

MAY = month_span("2023-05")


def test_the_ranking_table_shows_what_decides_it(worked):
    section = ranking_section(context(worked), minimum=30)
    departments = tables(section)["ranking_departments"]
    assert texts(departments.rows[4]) == [
        "丁局", "5", "—", "40", "40", "90.00%", "100.00%", "0.00%", "0",
    ]  # fmt: skip
    assert texts(departments.rows[5])[1] == "不排名"
    assert section.headline == "1个单位按时办结率低于95%：丁局（90.00%）"
    # 90.00 % is not below 90 %.
    assert not any(isinstance(block, Text) for block in section.blocks)


def test_the_place_of_the_month_before_stands_beside(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    for day, late in (("2023-04-10", 0), ("2023-05-10", 8)):
        for name in ("甲局", "乙局"):
            small.add("tickets", day, unit=name, handling="转办", accepted=40, dispatched=40)
            small.add("workload", day, unit=name, month=day[:7], opened=40, closed=40,
                      overdue_closed=late if name == "甲局" else 0)  # fmt: skip
    section = ranking_section(context(small.release(tmp_path)), minimum=30)
    rows = tables(section)["ranking_departments"].rows
    assert [texts(row)[:3] for row in rows] == [["乙局", "1", "1"], ["甲局", "2", "1"]]
    # 80 % is a matter of responsibility.
    assert "甲局（80.00%）" in section.blocks[0].text


def test_units(tmp_path):
    small = Small().taken("2023-05-15", "2023-05-28")
    small.add("workload", "2023-05-15", unit="人社局", opened=5, turned_overdue=2)
    small.add("workload", "2023-05-22", unit="水务局", opened=20, closed=19)
    small.add(
        "workload",
        "2023-05-22",
        unit="城管局",
        opened=20,
        closed=10,
        turned_overdue=1,
        overdue_closed=1,
    )
    small.add("workload", "2023-05-23", unit="住建局", opened=10, closed=10)
    small.add(
        "workload",
        "2023-05-23",
        unit="教育局",
        opened=3,
        closed=3,
        turned_overdue=3,
        overdue_closed=3,
    )
    returned = {"accepted": 20, "dispatched": 20, "returned_tickets": 2, "handling": "转办"}
    small.add("tickets", "2023-05-22", unit="城管局", **returned)
    small.add("tickets", "2023-05-15", unit="城管局", **returned)
    small.add("callbacks", "2023-05-24", unit="水务局", reached=8, satisfied=5, dissatisfied=2)
    small.add("callbacks", "2023-05-24", unit=None, reached=9, dissatisfied=9)
    told = weekly(small.release(tmp_path))
    assert cells(table(told, "units")) == [
        ["住建局", "1", "10", "10", "100.00%", "0", "0", "0.00%", "0", "—"],
        ["水务局", "1", "20", "19", "100.00%", "0", "0", "0.00%", "2", "75.00%"],
        ["城管局", "3", "20", "10", "90.00%", "0", "2", "10.00%", "0", "—"],
        ["教育局", "不排名", "3", "3", "0.00%", "0", "0", "0.00%", "0", "—"],
        ["人社局", "不排名", "0", "0", "—", "2", "0", "—", "0", "—"],
        ["合计", "", "53", "42", "90.48%", "2", "2", "3.77%", "2", "75.00%"],
    ]
    rows = table(told, "units").rows
    assert [row.tone for row in rows[:5]] == [
        Tone.NEUTRAL, Tone.NEUTRAL, Tone.BAD, Tone.BAD, Tone.BAD,
    ]  # fmt: skip
    assert rows[1].cells[-1].tone is Tone.BAD
    assert section(told, "units").headline == (
        "按时办结率低于95%的有城管局（90.00%）；退单2件，最多的是城管局（2件）；"
        "不满意2次，最多的是水务局（2次）"
    )


@pytest.mark.parametrize(("late", "liable"), [(1001, True), (1000, False)])
def test_just_below_ninety_percent_somebody_has_to_answer(tmp_path, late, liable):
    small = Small().taken("2023-05-01", "2023-05-31")
    small.add("workload", "2023-05-10", unit="甲局", opened=10_000, closed=10_000,
              overdue_closed=late)  # fmt: skip
    blocks = ranking_section(context(small.release(tmp_path)), minimum=30).blocks
    said = [block.text for block in blocks if isinstance(block, Text)]
    assert said == (
        ["按时办结率低于90%的有1个单位：甲局（89.99%），按规定应当追究责任。"] if liable else []
    )


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ((0, 0), "，没有退单"),
        ((1, 2), "；退单率最高的是乙局（5.00%）"),
        ((2, 1), "；退单率最高的是甲局（5.00%）"),
        ((1, 1), "；退单率最高的是乙局（2.50%）"),
    ],
)
def test_the_unit_that_sends_back_most_is_named(tmp_path, returned, said):
    small = Small().taken("2023-05-01", "2023-05-31")
    for name, back in zip(("甲局", "乙局"), returned, strict=True):
        small.add("workload", "2023-05-10", unit=name, opened=40, closed=40)
        small.add("tickets", "2023-05-10", unit=name, handling="转办", accepted=40,
                  dispatched=40, returned_tickets=back)  # fmt: skip
    section = ranking_section(context(small.release(tmp_path)), minimum=30)
    assert section.headline == f"参加排名的2个单位按时办结率均不低于95%{said}"
