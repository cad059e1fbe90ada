"""The knowledge base: where a month is heading, and what each day must bring."""

from datetime import date

from assets.reports.content.model import Text
from assets.reports.content.periods import month_span
from assets.reports.content.sections.knowledge import (
    knowledge_projection,
    knowledge_section,
    next_month,
)
from tests.reports.said import tables, texts
from tests.reports.small import Small, context

MAY = month_span("2023-05")


def test_the_knowledge_base_is_projected_to_the_end_of_the_month(tmp_path):
    small = Small().taken("2023-03-01", "2023-05-31")
    for day, added in (("2023-03-05", 150), ("2023-04-05", 40), ("2023-05-05", 30)):
        small.add("knowledge", day, unit="水务局", added=added)
    small.add("knowledge", "2023-05-20", unit="教育局", revised=60, retired=5)
    facts = small.release(tmp_path)
    ahead = knowledge_projection(facts, date(2023, 5, 10))
    # 30 in 10 of 31 days: 93; 70 more in 21 days: 4 a day, rounded up.
    assert (ahead.done, ahead.expected.text, ahead.lacking, ahead.a_day) == (30, "93", 70, 4)
    assert not ahead.on_course
    done = knowledge_projection(facts, date(2023, 5, 31))
    assert (done.done, done.lacking, done.a_day) == (90, 10, None)
    march = knowledge_projection(facts, date(2023, 3, 6))
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
        "按近3个月的中位数预计，2023年6月更新90条，预计难以达标。",
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
