"""Callbacks: who waits to be called back, and how many units a table names."""

from assets.reports.content.model import Text
from assets.reports.content.periods import month_span
from assets.reports.content.sections.callbacks import callback_gaps, callback_section
from tests.reports.said import tables, texts
from tests.reports.small import Small, context

MAY = month_span("2023-05")


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
