"""The weekly report: figures checked by hand, ranks and ties, rising topics, repeated requests."""

from datetime import date, timedelta

import pytest

from assets.installation.settings import ReportSettings
from assets.reports.content.model import Tone
from assets.reports.content.periods import Span, period_of
from assets.reports.content.reports import weekly_report
from assets.reports.content.sections.structure import ordered
from assets.reports.content.sections.topics import rising
from assets.reports.content.units import Unit, ranked
from tests.reports.said import cells, section, table
from tests.reports.small import Small

WEEK = "2023-05-22"


def report(facts, key=WEEK, **settings):
    chosen = ReportSettings(**settings)
    return weekly_report(facts, period_of("weekly", key, chosen.week_start), chosen)


def test_the_week_against_the_week_before_and_the_year_before(tmp_path):
    small = Small().taken("2023-05-15", "2023-05-28").taken("2022-05-23", "2022-05-29")
    small.add("calls", "2023-05-22", offered=200, answered=190)
    small.add("calls", "2023-05-28", offered=20, answered=20)
    small.add("calls", "2023-05-21", offered=200, answered=180)
    small.add("calls", "2022-05-23", offered=110, answered=110)
    # Outside of all three weeks.
    small.taken("2023-05-29").add("calls", "2023-05-29", offered=999, answered=999)
    told = report(small.release(tmp_path))
    rows = {row[0]: row[1:] for row in cells(table(told, "headline_figures"))}
    assert rows["话务量（通）"] == ["", "220", "200", "▲10.0%", "110", "▲100.0%"]
    assert rows["话务接通率"] == [
        "≥95%", "95.45%", "90.00%", "▲5.45个百分点", "100.00%", "▼4.55个百分点",
    ]  # fmt: skip
    assert told.sections[0].headline == "话务接通率95.45%，较上周提高5.45个百分点"


def test_the_days_of_the_week(tmp_path):
    small = Small().taken("2023-05-22", "2023-05-25").taken("2023-05-27", "2023-05-28")
    small.add("calls", "2023-05-22", offered=100, answered=99)
    small.add("calls", "2023-05-23", offered=50, answered=40)
    small.add("workload", "2023-05-23", opened=9, turned_overdue=2)
    small.add("workload", "2023-05-27", closed=3, overdue_closed=1)
    told = report(small.release(tmp_path))
    rows = cells(table(told, "days"))
    assert [row[0] for row in rows] == [
        "5月22日（星期一）", "5月23日（星期二）", "5月24日（星期三）", "5月25日（星期四）",
        "5月26日（星期五）", "5月27日（星期六）", "5月28日（星期日）", "本周",
    ]  # fmt: skip
    assert rows[0][1:] == ["100", "99.00%", "0", "—", "0", "—", "0"]
    assert rows[1][1:] == ["50", "80.00%", "0", "—", "0", "—", "2"]
    assert set(rows[4][1:]) == {"—"}
    assert rows[5][1:] == ["0", "—", "0", "—", "3", "66.67%", "1"]
    assert rows[7][1:] == ["150", "92.67%", "0", "—", "3", "66.67%", "1"]
    tones = [row.tone for row in table(told, "days").rows]
    assert [i for i, tone in enumerate(tones) if tone is Tone.BAD] == [1, 5]
    assert section(told, "days").headline == "星期一话务量最多（100通），星期二接通率最低（80.00%）"
    assert told.completeness == (
        "应到35期，实到30期，缺话务（5月26日）、工单（5月26日）、回访（5月26日）、"
        "话务监听（5月26日）、知识库（5月26日）；没有隔离的行。"
    )


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
    told = report(small.release(tmp_path))
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


@pytest.fixture
def five_weeks() -> Small:
    """Four even weeks of four topics, then the week of the report."""
    small = Small().taken("2023-04-24", "2023-05-28")
    for number in range(28):
        day = date(2023, 4, 24) + timedelta(days=number)
        for category, count in (("供水", 10), ("噪声", 3), ("供暖", 1)):
            small.add("tickets", day, category=category, accepted=count)
    return small


def test_rising_topics(five_weeks, tmp_path):
    five_weeks.add("tickets", "2023-05-22", category="供水", accepted=104)  # 70: less than half
    five_weeks.add("tickets", "2023-05-23", category="噪声", accepted=45)  # 21
    five_weeks.add("tickets", "2023-05-23", category="供暖", accepted=14)  # 7, too few
    five_weeks.add("tickets", "2023-05-24", category="漏水", accepted=15)  # new
    told = report(five_weeks.release(tmp_path))
    assert cells(table(told, "rising_topics")) == [
        ["噪声", "45", "21.00", "▲114.3%"],
        ["漏水", "15", "0.00", "—"],
    ]
    assert section(told, "topics").headline == (
        "“噪声”（45件）、“漏水”（15件）明显上升；诉求最多的是“供水”（104件）"
    )
    assert cells(table(told, "hot_topics"))[0] == ["供水", "104", "58.43%", "▲48.6%", "0"]


def test_an_excess_that_chance_gives_is_not_rising(five_weeks, tmp_path):
    # Usual: 7. 16 is more than half above and three scatters are 7.9.
    facts = five_weeks.add("tickets", "2023-05-22", category="供暖", accepted=14).release(tmp_path)
    week = Span(date(2023, 5, 22), date(2023, 5, 28))
    assert rising(facts, week, 1, 50) == []
    assert [each.topic for each in rising(facts, week, 1, 0) or []] == []


def test_a_mean_of_four_weeks_leaves_out_days_without_files(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-14").taken("2023-05-22", "2023-05-28")
    for number in range(1, 15):
        small.add("tickets", f"2023-05-{number:02d}", category="噪声", accepted=2)
    small.add("tickets", "2023-05-22", category="噪声", accepted=30)
    facts = small.release(tmp_path)
    found = rising(facts, Span(date(2023, 5, 22), date(2023, 5, 28)), 15, 50)
    assert [(each.now.text, each.usual.text) for each in found or []] == [("30", "14.00")]
    # 13 known days are too few.
    assert rising(facts, Span(date(2023, 5, 14), date(2023, 5, 14)), 1, 50) is None


def test_repeated_requests(tmp_path):
    small = Small().taken("2023-05-15", "2023-05-28")
    small.add("tickets", "2023-05-22", accepted=40, merged=3)
    small.add("tickets", "2023-05-15", accepted=40, merged=6)

    def repeat(number, day, first, sequence, **values):
        small.add("repeats", day, ticket_id=number, first_ticket_id=first, sequence=sequence,
                  first_date=date(2023, 5, 2), **values)  # fmt: skip

    repeat("R1", "2023-05-22", "A", 3, unit=None)
    repeat("R2", "2023-05-26", "A", 4)
    repeat("R3", "2023-05-26", "B", 2, category="噪声")
    repeat("R4", "2023-05-15", "C", 2)
    told = report(small.release(tmp_path))
    assert cells(table(told, "repeat_totals")) == [
        ["重复诉求", "3", "7.50%", "1", "▲200.0%"],
        ["其中第三次及以上", "2", "5.00%", "0", "—"],
        ["并单", "3", "7.50%", "6", "▼50.0%"],
    ]
    assert cells(table(told, "repeat_chains")) == [["A", "供水", "汉台区", "水务局", "5月2日", "4"]]
    assert cells(table(told, "repeat_topics"))[0] == ["供水", "2", "40", "5.00%"]
    assert section(told, "repeats").headline == (
        "群众再次来电反映同类诉求3件，占接单数的7.50%；最多的是“供水”（2件）"
    )


def test_a_release_without_the_newer_tables_names_them(tmp_path):
    small = Small().taken("2023-05-22", "2023-05-28")
    small.without |= {"workload", "repeats"}
    told = report(small.release(tmp_path))
    assert section(told, "units").headline == "未能统计承办单位"
    assert section(told, "repeats").headline == "未能统计重复诉求"
    assert {row[-1] for row in cells(table(told, "days"))} == {"—"}


def test_a_week_before_all_data(tmp_path):
    told = report(Small().taken("2023-05-22").release(tmp_path), "2023-05-15")
    assert told.sections[0].headline == "本周没有数据"
    for name in ("units", "topics", "repeats", "structure"):
        assert section(told, name).headline == "本周没有工单数据"
    assert section(told, "days").headline == "逐日情况"


def test_a_week_over_the_turn_of_the_year(tmp_path):
    small = Small().taken("2022-12-19", "2023-01-01")
    small.add("calls", "2022-12-31", offered=10, answered=10)
    small.add("calls", "2023-01-01", offered=5, answered=5)
    told = report(small.release(tmp_path), "2022-12-26")
    assert told.period.title == "2022年12月26日至2023年1月1日"
    assert cells(table(told, "days"))[-1][1] == "15"


def test_equal_parts_stand_by_name():
    assert ordered({"乙": 2, "甲": 2, "丙": 3}) == [("丙", 3), ("乙", 2), ("甲", 2)]
