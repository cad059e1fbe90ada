"""Parts of the monthly report by hand: ranking, callbacks, knowledge base, corrections."""

from datetime import date

import pytest

from assets.reports.content.figures import count
from assets.reports.content.model import Table, Text
from assets.reports.content.periods import Span, last_months, month_span, month_title, shifted
from assets.reports.content.sections.callbacks import callback_gaps, callback_section
from assets.reports.content.sections.inspection import inspection_section
from assets.reports.content.sections.knowledge import knowledge_section, next_month, projection
from assets.reports.content.sections.ranking import ranking_section
from assets.reports.content.sections.trend import standing
from assets.reports.content.units import places
from tests.reports.small import Small, context

MAY = month_span("2023-05")


def tables(section):
    return {block.name: block for block in section.blocks if isinstance(block, Table)}


def texts(row):
    return [each if isinstance(each, str) else each.text for each in row.cells]


def test_months_cross_years():
    assert shifted("2023-01", -1) == "2022-12"
    assert shifted("2023-12", 1) == "2024-01"
    assert last_months("2023-02", 3) == ["2022-12", "2023-01", "2023-02"]
    assert month_span("2024-02") == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert month_title("2023-05") == "2023年5月"


# name, handed over, closed late, dissatisfied of 20 reached, sent back
WORK = (
    ("丙局", 40, 0, 0, 0),
    ("乙局", 40, 0, 0, 0),
    ("甲局", 40, 0, 1, 0),
    ("丁局", 40, 4, 0, 0),
    ("戊局", 29, 0, 0, 0),
    ("己局", 30, 0, 0, 3),
    ("城固县人民政府", 50, 0, 0, 1),
    ("滨江新区管理委员会", 50, 0, 0, 2),
)


def worked(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    for name, taken, late, unhappy, back in WORK:
        small.add("tickets", "2023-05-10", unit=name, handling="转办", accepted=taken,
                  dispatched=taken, closed=taken, returned_tickets=back)  # fmt: skip
        small.add("workload", "2023-05-10", unit=name, opened=taken, closed=taken,
                  turned_overdue=late, overdue_closed=late)  # fmt: skip
        small.add("callbacks", "2023-05-20", unit=name, attempts=20, reached=20,
                  satisfied=20 - unhappy, dissatisfied=unhappy, tickets_called=20)  # fmt: skip
    return small.release(tmp_path)


def test_ties_share_a_rank_and_few_tickets_have_none(tmp_path):
    found = places(worked(tmp_path), MAY, 30)
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


def test_the_ranking_table_shows_what_decides_it(tmp_path):
    section = ranking_section(context(worked(tmp_path)), minimum=30)
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


def gapped(tmp_path):
    small = Small().taken("2022-12-01", "2023-05-31")
    small.add("workload", "2022-12-30", month="2022-12", unit="水务局", opened=9, closed=9)
    small.add("workload", "2023-02-03", month="2022-12", unit="水务局", closed=30)
    small.add("workload", "2023-05-03", month="2023-05", unit="水务局", closed=10)
    small.add("workload", "2023-06-01", month="2023-05", unit="水务局", closed=99)
    small.add("workload", "2023-05-03", month="2023-05", unit="教育局", closed=5)
    small.add("tickets", "2023-05-04", accepted=50, direct_answered=50, closed=50)
    small.add("callbacks", "2023-03-01", unit="水务局", attempts=30, reached=20, tickets_called=12)
    small.add("callbacks", "2023-05-06", unit="水务局", attempts=9, reached=8, tickets_called=4)
    small.add("callbacks", "2023-05-06", unit="教育局", attempts=9, reached=8, tickets_called=8)
    small.add("callbacks", "2023-05-06", unit=None, attempts=9, reached=8, tickets_called=7)
    small.add("callbacks", "2023-05-06", unit=None, ticket_type=None, attempts=3, tickets_called=3)
    return small.release(tmp_path)


def test_the_gap_is_what_was_closed_this_year_and_nobody_asked_about(tmp_path):
    found = {
        each.unit: (each.closed, each.called, each.waiting)
        for each in callback_gaps(gapped(tmp_path), MAY)
    }
    assert found == {
        # 30 + 10 closed since January, 12 + 4 called; last year and June are not this.
        "水务局": (10, 4, 24),
        # More called than closed: nothing waits, and nothing is made up for others.
        "教育局": (5, 8, 0),
        # A call about a ticket nobody knows closes no gap.
        "直接答复及未注明单位": (50, 7, 43),
    }


def test_the_callback_section_says_who_waits(tmp_path):
    section = callback_section(context(gapped(tmp_path)))
    assert section.headline == "截至5月31日，本年已办结工单尚有67件未回访"
    said = "".join(block.text for block in section.blocks if isinstance(block, Text))
    assert "其中直接答复及未注明单位的43件，承办单位中最多的是水务局（24件）" in said
    assert texts(tables(section)["callback_gap"].rows[-1]) == ["合计", "65", "19", "67"]


def test_more_than_fifteen_units_are_summed_up(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for place in range(20):
        small.add("workload", "2023-05-03", unit=f"第{place:02d}局", closed=10 + place)
        small.add("callbacks", "2023-05-03", unit=f"第{place:02d}局", attempts=1)
    rows = tables(callback_section(context(small.release(tmp_path))))["callback_gap"].rows
    assert texts(rows[0])[0] == "第19局"
    # 10 + 11 + 12 + 13 + 14
    assert texts(rows[15]) == ["其他5个单位", "60", "0", "60"]
    assert texts(rows[16])[3] == str(sum(range(10, 30)))


def test_the_knowledge_base_is_projected_to_the_end_of_the_month(tmp_path):
    small = Small().taken("2023-03-01", "2023-05-31")
    for day, added in (("2023-03-05", 150), ("2023-04-05", 40), ("2023-05-05", 30)):
        small.add("knowledge", day, unit="水务局", added=added)
    small.add("knowledge", "2023-05-20", unit="教育局", revised=60, retired=5)
    facts = small.release(tmp_path)
    ahead = projection(facts, date(2023, 5, 10))
    # 30 in 10 of 31 days: 93; 70 more in 21 days: 4 a day, rounded up.
    assert (ahead.done, ahead.expected.text, ahead.lacking, ahead.a_day) == (30, "93", 70, 4)
    assert not ahead.on_course
    done = projection(facts, date(2023, 5, 31))
    assert (done.done, done.lacking, done.a_day) == (90, 10, None)
    march = projection(facts, date(2023, 3, 6))
    assert (march.lacking, march.a_day, march.on_course) == (0, 0, True)
    # 150, 40, 90: the one in the middle.
    assert next_month(facts, "2023-05") == 90
    assert next_month(facts, "2023-04") is None
    section = knowledge_section(context(facts))
    assert section.headline == "知识库更新90条，未达标（目标每月100条）"
    said = [block.text for block in section.blocks if isinstance(block, Text)]
    assert said == [
        "本期知识库更新90条，由2个单位报送，更新集中在2天，距目标差10条。",
        "本年有数据的3个月中，1个月达标，2个月未达标。",
        "按近3个月的中位数预计，2023年6月更新90条，仍难以达标。",
    ]
    rows = tables(section)["knowledge_units"].rows
    assert [texts(row) for row in rows] == [
        ["教育局", "60", "0", "60", "5"],
        ["水务局", "30", "30", "0", "0"],
        ["合计", "90", "30", "60", "5"],
    ]


def test_a_month_that_is_not_over_says_what_each_day_must_bring(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-10")
    small.add("knowledge", "2023-05-05", unit="水务局", added=30)
    facts = small.release(tmp_path)
    package = tmp_path / facts.release / "datapackage.json"
    package.write_text('{"cutoff": "2023-05-11T00:00:00+08:00"}', encoding="utf-8")
    said = knowledge_section(context(facts)).blocks[0].text
    assert said == (
        "本期知识库更新30条，由1个单位报送，更新集中在1天。"
        "按截至5月10日的进度，预计月末为93条，达标还差70条，今后每天需更新4条。"
    )


def test_inspections_by_mode_add_up(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    small.add("calls", "2023-05-02", offered=210, answered=200)
    small.add("quality", "2023-05-02", mode="在线", monitored=3, passed=2, score_sum=270.1)
    small.add("quality", "2023-05-03", mode="事后", monitored=5, passed=5, score_sum=460.55)
    section = inspection_section(context(small.release(tmp_path)))
    rows = [texts(row) for row in tables(section)["inspection_modes"].rows]
    assert rows == [
        ["事后", "5", "5", "100.00%", "92.11"],
        ["在线", "3", "2", "66.67%", "90.03"],
        ["合计", "8", "7", "87.50%", "91.33"],
    ]
    assert section.headline == "话务监听合格率87.50%，未达标；质检抽样率4.00%，未达标"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((5, 4, 4, 9), "为有数据的4个月中最高"),
        ((5, 4, 6, 2), "为有数据的4个月中最低"),
        ((5, 9, 6, 7), ""),
        ((9, 5, 2, 3), ""),
        ((None, None, 5, 9), ""),
        ((5, 4, 4, None), ""),
    ],
)
def test_what_stands_out_is_said_only_of_enough_months(values, words):
    assert standing([count(each) for each in values]) == words
