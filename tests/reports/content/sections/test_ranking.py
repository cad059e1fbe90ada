"""The units of a month and of a week in their bands, by hand."""

import pytest

from assets.reports.content.model import Text, Tone
from assets.reports.content.periods import month_span
from assets.reports.content.sections.ranking import ranking_section
from tests.reports.said import cells, section, table, tables, texts
from tests.reports.small import Small, context, weekly

MAY = month_span("2023-05")


def test_the_table_shows_what_decides_the_band(worked):
    section = ranking_section(context(worked), minimum=30)
    departments = tables(section)["ranking_departments"]
    assert texts(departments.rows[4]) == [
        "丁局", "良", "—", "40", "40", "90.00%", "100.00%", "0.00%", "0",
    ]  # fmt: skip
    assert texts(departments.rows[5])[1] == "不参与评定"
    assert section.headline == "参加评定的7家单位中，优6家、良1家"
    # 90.00 % is not below 90 %.
    assert not any(isinstance(block, Text) for block in section.blocks)


def test_the_band_of_the_month_before_stands_beside(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    for day, late in (("2023-04-10", 0), ("2023-05-10", 8)):
        for name in ("甲局", "乙局"):
            small.add("tickets", day, unit=name, handling="转办", accepted=40, dispatched=40)
            small.add("workload", day, unit=name, month=day[:7], opened=40, closed=40,
                      overdue_closed=late if name == "甲局" else 0)  # fmt: skip
    section = ranking_section(context(small.release(tmp_path)), minimum=30)
    rows = tables(section)["ranking_departments"].rows
    assert [texts(row)[:3] for row in rows] == [["乙局", "优", "优"], ["甲局", "中", "优"]]
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
        ["住建局", "优", "10", "10", "100.00%", "0", "0", "0.00%", "0", "—"],
        ["城管局", "优", "20", "10", "90.00%", "0", "2", "10.00%", "0", "—"],
        ["水务局", "优", "20", "19", "100.00%", "0", "0", "0.00%", "2", "75.00%"],
        ["人社局", "不参与评定", "0", "0", "—", "2", "0", "—", "0", "—"],
        ["教育局", "不参与评定", "3", "3", "0.00%", "0", "0", "0.00%", "0", "—"],
        ["合计", "", "53", "42", "90.48%", "2", "2", "3.77%", "2", "75.00%"],
    ]
    rows = table(told, "units").rows
    assert [row.tone for row in rows[:5]] == [
        Tone.NEUTRAL, Tone.BAD, Tone.NEUTRAL, Tone.BAD, Tone.BAD,
    ]  # fmt: skip
    assert rows[2].cells[-1].tone is Tone.BAD
    assert section(told, "units").headline == (
        "参加评定的3家单位中，优3家；退单2件，最多的是城管局（2件）；"
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
        ["按时办结率低于90%的有1家单位：甲局（89.99%），按规定应当追究责任。"] if liable else []
    )


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ((0, 0), ""),
        # One or two tickets are no finding, nor is the same share of everybody.
        ((1, 2), ""),
        ((9, 9), ""),
        ((3, 19), "；退单率明显偏高的有乙局（47.50%）"),
    ],
)
def test_a_unit_that_clearly_sends_back_more_is_named(tmp_path, returned, said):
    small = Small().taken("2023-05-01", "2023-05-31")
    for name, back in zip(("甲局", "乙局"), returned, strict=True):
        small.add("workload", "2023-05-10", unit=name, opened=40, closed=40)
        small.add("tickets", "2023-05-10", unit=name, handling="转办", accepted=40,
                  dispatched=40, returned_tickets=back)  # fmt: skip
    section = ranking_section(context(small.release(tmp_path)), minimum=30)
    assert section.headline == f"参加评定的2家单位中，优2家{said}"
