"""The daily report: figures checked by hand, and days on which something is missing."""

from datetime import date

import pytest

from assets.installation.settings import ReportSettings
from assets.reports.content.model import Cards, Chart, Text, Tone
from assets.reports.content.periods import period_of
from assets.reports.content.reports import daily_report
from assets.reports.content.sections.focus import state_at
from tests.reports.said import cells, prose, section, table
from tests.reports.small import Small, at

SETTINGS = ReportSettings(organisation="某市热线中心")


def report(facts, key="2023-05-23"):
    return daily_report(facts, period_of("daily", key), SETTINGS)


@pytest.fixture
def small() -> Small:
    """Two weeks of files, and rows on the day, the day before and the same weekday before."""
    small = Small().taken("2023-05-10", "2023-05-23")
    small.add("calls", "2023-05-23", hour=9, offered=100, answered=90, answered_within_15s=80)
    small.add("calls", "2023-05-23", hour=20, offered=20, answered=15, answered_within_15s=15)
    small.add("calls", "2023-05-22", offered=100, answered=98)
    small.add("calls", "2023-05-16", offered=80, answered=76)
    direct = {"accepted": 6, "direct_answered": 6}
    small.add("tickets", "2023-05-23", **direct)
    small.add(
        "tickets",
        "2023-05-23",
        unit="水务局",
        handling="转办",
        ticket_type="投诉",
        channel="微信",
        region="城固县",
        category="噪声",
        accepted=4,
        dispatched=4,
    )
    small.add("tickets", "2023-05-16", accepted=5, direct_answered=5)
    small.add("workload", "2023-05-10", unit="水务局", opened=9)
    small.add("workload", "2023-05-20", unit="水务局", turned_overdue=3)
    small.add("workload", "2023-05-23", unit="水务局", closed=4, turned_overdue=1, overdue_closed=1)
    small.add("workload", "2023-05-23", unit="人社局", opened=2, turned_due_soon=2)
    return small


def test_the_headline_figures(small, tmp_path):
    told = report(small.release(tmp_path))
    assert told.sections[0].headline.startswith("话务接通率87.50%，低于95%的目标；")
    offered, answered, accepted, direct = told.sections[0].blocks[0].cards
    assert (offered.figure.text, offered.unit, offered.target) == ("120", "通", "")
    assert [(name, figure.text) for name, figure in offered.comparisons] == [
        ("较前一日", "▲20.0%"),
        ("较上周同日", "▲50.0%"),
    ]
    assert (answered.figure.text, answered.target, answered.verdict) == ("87.50%", "≥95%", "未达标")
    assert answered.tone is Tone.BAD
    assert [figure.text for _, figure in answered.comparisons] == [
        "▼10.50个百分点",
        "▼7.50个百分点",
    ]
    assert [figure.tone for _, figure in answered.comparisons] == [Tone.BAD, Tone.BAD]
    assert [figure.tone for _, figure in offered.comparisons] == [Tone.NEUTRAL] * 2
    assert (accepted.figure.text, direct.figure.text) == ("10", "60.00%")
    # Yesterday had a file and no tickets: zero, against which nothing can be compared.
    assert [figure.reason for _, figure in accepted.comparisons] == ["对比期为零", ""]
    assert [figure.text for figure in offered.trend][-2:] == ["100", "120"]


def test_the_table_with_the_month_to_date(small, tmp_path):
    found = table(report(small.release(tmp_path)), "headline_figures")
    heads = [column.title for column in found.columns]
    assert heads == ["指标", "目标", "当日", "较前一日", "较上周同日", "本月累计", "较上月同期"]
    rows = {row[0]: row for row in cells(found)}
    assert rows["话务量（通）"][1:] == ["", "120", "▲20.0%", "▲50.0%", "300", "—"]
    assert rows["转办办结数（件）"][2] == "4"
    assert rows["转办按时办结率"][1:3] == ["≥95%", "75.00%"]
    assert [row.tone for row in found.rows if row.cells[0] == "转办按时办结率"] == [Tone.BAD]


def test_the_backlog_is_that_of_the_end_of_the_day(small, tmp_path):
    facts = small.add("workload", "2023-05-24", unit="水务局", closed=5, overdue_closed=3).release(
        tmp_path
    )
    told = report(facts)
    # 水务局: 9 opened, 4 closed; 4 turned overdue, 1 of them closed.
    assert cells(table(told, "backlog")) == [
        ["水务局", "5", "3", "1", "0"],
        ["人社局", "2", "0", "0", "2"],
        ["合计", "7", "3", "1", "2"],
    ]
    assert section(told, "backlog").headline == (
        "逾期未办结3件，涉及水务局（3件）；当日新增逾期1件，24小时内到期2件"
    )
    before = report(facts, "2023-05-19")
    assert section(before, "backlog").headline == "在办9件，没有逾期；24小时内没有到期的"


def test_units_beyond_those_shown_stand_together(tmp_path):
    small = Small().taken("2023-05-23")
    for number in range(12):
        small.add("workload", "2023-05-23", unit=f"单位{number:02d}", opened=12, turned_overdue=2)
    rows = cells(table(report(small.release(tmp_path)), "backlog"))
    assert [row[0] for row in rows] == [
        *(f"单位{number:02d}" for number in range(4)),
        "其他8个单位",
        "合计",
    ]
    assert rows[-2][1:] == ["96", "16", "16", "0"]
    assert rows[-1][1:] == ["144", "24", "24", "0"]


def test_followed_tickets_with_the_state_of_the_day(tmp_path):
    small = Small().taken("2023-04-28", "2023-05-23")

    def ticket(number, handed_over, deadline, closed=None, **values):
        small.add(
            "focus_tickets",
            handed_over[:10],
            ticket_id=number,
            accepted_at=at(handed_over),
            dispatched_at=at(handed_over),
            deadline=at(deadline),
            closed_at=at(closed) if closed else None,
            **values,
        )

    ticket("T1", "2023-05-23T08:00:00", "2023-05-30T23:59:59")
    ticket(
        "T2",
        "2023-05-23T08:00:00",
        "2023-05-23T10:00:00",
        "2023-05-23T11:00:00",
        urgency="突发",
        sector="安全生产",
    )
    # Closed since: on the evening of the day it was still open.
    ticket("T3", "2023-05-23T09:00:00", "2023-05-24T23:59:59", "2023-05-24T08:00:00")
    ticket("T4", "2023-04-28T09:00:00", "2023-05-08T23:59:59")
    ticket("T5", "2023-05-24T00:00:00", "2023-05-30T23:59:59")
    ticket("T6", "2023-05-02T09:00:00", "2023-05-09T23:59:59", "2023-05-08T09:00:00")
    told = report(small.release(tmp_path))
    new = cells(table(told, "focus_new"))
    assert [(row[0], row[4], row[5]) for row in new] == [
        ("T2", "5月23日 10:00", "逾期办结（突发）"),
        ("T3", "5月24日", "24小时内到期"),
        ("T1", "5月30日", "办理中"),
    ]
    assert [row[0] for row in cells(table(told, "focus_overdue"))] == ["T4"]
    sectors = {row[0]: row[1:] for row in cells(table(told, "focus_sectors"))}
    assert sectors["欠薪"] == ["2", "0", "3", "1", "1"]
    assert sectors["安全生产"] == ["1", "1", "0", "0", "0"]
    assert sectors["社会矛盾纠纷"] == ["0"] * 5
    assert sectors["合计"] == ["3", "1", "3", "1", "1"]
    assert section(told, "focus").headline == (
        "当日转办重点领域工单3件，其中突发1件；逾期未办结1件"
    )


@pytest.mark.parametrize(
    ("deadline", "closed", "state"),
    [
        ("2023-05-23T23:59:59", None, "已逾期"),
        ("2023-05-24T23:59:59", None, "24小时内到期"),
        ("2023-05-25T00:00:00", None, "办理中"),
        (None, None, "办理中"),
        ("2023-05-23T12:00:00", "2023-05-23T12:00:00", "已办结"),
        ("2023-05-23T12:00:00", "2023-05-23T12:00:01", "逾期办结"),
        ("2023-05-23T12:00:00", "2023-05-24T00:00:00", "已逾期"),
        (None, "2023-05-23T12:00:00", "已办结"),
    ],
)
def test_the_state_of_a_ticket_at_midnight(deadline, closed, state):
    moments = (at(each) if each else None for each in (deadline, closed))
    assert state_at(*moments, at("2023-05-24T00:00:00")) == state


def test_a_long_title_is_cut_and_a_hostile_one_kept(tmp_path):
    small = Small().taken("2023-05-23")
    values = {"accepted_at": at("2023-05-23T08:00:00"), "deadline": at("2023-05-30T23:59:59")}
    small.add("focus_tickets", "2023-05-23", ticket_id="T1", title="长" * 90, **values)
    small.add("focus_tickets", "2023-05-23", ticket_id="T2", title="<b>{{x}}", **values)
    rows = cells(table(report(small.release(tmp_path)), "focus_new"))
    assert [row[2] for row in rows] == ["长" * 60, "<b>{{x}}"]


def test_channels_types_and_regions(small, tmp_path):
    told = report(small.release(tmp_path))
    assert cells(table(told, "structure")) == [
        ["渠道：电话", "6", "60.00%", "▲20.0%"],
        ["渠道：微信", "4", "40.00%", "—"],
        ["类型：咨询", "6", "60.00%", "▲20.0%"],
        ["类型：投诉", "4", "40.00%", "—"],
        ["区县：汉台区", "6", "60.00%", "▲20.0%"],
        ["区县：城固县", "4", "40.00%", "—"],
        ["合计", "10", "100.00%", "▲100.0%"],
    ]
    assert section(told, "structure").headline == ("电话占60.00%，咨询占60.00%，汉台区占60.00%")


def test_hours(small, tmp_path):
    told = section(report(small.release(tmp_path)), "hours")
    assert told.headline == "9时来电最多（100通），未接通也最多（10通）"
    chart = told.blocks[0]
    assert isinstance(chart, Chart)
    assert [figure.value for figure in chart.series[1].values] == [0] * 9 + [10] + [0] * 10 + [
        5,
        0,
        0,
        0,
    ]


def test_the_first_day_ever_compares_with_nothing(tmp_path):
    small = Small().taken("2023-01-01").add("calls", "2023-01-01", offered=10, answered=10)
    small.add("tickets", "2023-01-01", accepted=3, direct_answered=3)
    told = report(small.release(tmp_path), "2023-01-01")
    assert told.sections[0].headline == "话务量10通，话务接通率100.00%，接单数3件"
    cards = told.sections[0].blocks[0]
    assert isinstance(cards, Cards)
    assert {figure.reason for card in cards.cards for _, figure in card.comparisons} == {
        "对比期没有数据"
    }
    assert section(told, "topics").headline == "诉求最多的是“供水”（3件）"
    assert section(told, "backlog").headline == "没有在办工单"


def test_a_day_without_files_says_so_everywhere(small, tmp_path):
    told = report(small.release(tmp_path), "2023-06-01")
    assert told.sections[0].headline == "当日没有数据"
    assert told.completeness.startswith("应到5期，实到0期，缺话务（6月1日）、工单（6月1日）")
    for name in ("topics", "structure", "focus"):
        assert section(told, name).headline == "当日没有工单数据"
    assert section(told, "hours").headline == "当日没有话务数据"
    figures = [row[2] for row in cells(table(told, "headline_figures"))]
    assert set(figures) == {"—"}
    # What was open is still known, and said to be as of what has arrived.
    assert section(told, "backlog").blocks[0] == Text(
        "期末当天的工单文件未到，本节按已到的文件统计，可能偏少。"
    )


def test_a_day_of_zero_is_told_as_zero(small, tmp_path):
    told = report(small.taken("2023-05-24").release(tmp_path), "2023-05-24")
    rows = {row[0]: row[2] for row in cells(table(told, "headline_figures"))}
    assert (rows["话务量（通）"], rows["接单数（件）"]) == ("0", "0")
    assert rows["话务接通率"] == "—"
    assert section(told, "hours").headline == "没有来电"
    assert section(told, "structure").headline == "当日没有受理工单"
    assert section(told, "focus").headline == "当日没有转办重点领域工单，没有逾期未办结的"


def test_tables_that_a_release_lacks_are_named(small, tmp_path):
    small.without |= {"workload", "focus_tickets"}
    told = report(small.release(tmp_path))
    assert section(told, "backlog").headline == "未能统计在办与逾期"
    assert section(told, "focus").headline == "未能统计重点领域工单"
    said = "".join(prose(told))
    assert "在办变动表（workload）" in said
    assert "重点领域工单表（focus_tickets）" in said
    closed = next(
        row for row in table(told, "headline_figures").rows if row.cells[0] == "转办办结数（件）"
    )
    assert {figure.reason for figure in closed.cells[2:]} == {"本版数据没有在办变动表（workload）"}


def test_held_back_rows_and_refused_files(tmp_path):
    small = Small().taken("2023-05-23", datasets=("calls",), read=200, quarantined=3)
    small.taken("2023-05-23", datasets=("tickets",), read=100)
    small.taken("2023-05-23", datasets=("callbacks",), state="refused")
    told = report(small.release(tmp_path))
    rows = cells(table(told, "data_quality"))
    assert rows[0] == ["话务", "1", "1", "200", "3", "1.50%", "0", ""]
    assert rows[2] == ["回访", "1", "0", "0", "0", "—", "1", "5月23日"]
    assert rows[-1] == ["合计", "5", "2", "300", "3", "1.00%", "1", ""]
    assert told.completeness == (
        "应到5期，实到2期，缺回访（5月23日）、话务监听（5月23日）、知识库（5月23日）；"
        "隔离3行，占1.00%。"
    )
    assert (
        Text("有文件被整体拒收：回访1个；请导出单位更正后重新报送。")
        in section(told, "data_quality").blocks
    )


def test_the_highest_of_thirty_days_is_a_finding(tmp_path):
    small = Small().taken("2023-04-24", "2023-05-23")
    for number in range(24, 31):
        small.add("calls", f"2023-04-{number}", offered=1000, answered=970)
    for number in range(1, 24):
        answered = 990 if number == 23 else 970
        small.add("calls", f"2023-05-{number:02d}", offered=1000, answered=answered)
    told = report(small.release(tmp_path))
    assert told.sections[0].headline == "话务接通率99.00%，为近30天最高"


def test_the_head_of_a_report(small, tmp_path):
    told = report(small.release(tmp_path))
    assert (told.title, told.organisation) == ("12345政务服务便民热线运行日报", "某市热线中心")
    assert (told.release, told.cutoff.date()) == ("20240101-small", date(2024, 1, 1))
    assert told.period.key == "2023-05-23"
