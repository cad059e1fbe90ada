"""What is said first of a day and of a week, and the table of key figures."""

from assets.reports.content.model import Cards, Tone
from tests.reports.said import cells, section, table
from tests.reports.small import Small, daily, weekly


def test_the_headline_figures(small, tmp_path):
    told = daily(small.release(tmp_path))
    assert told.sections[0].headline == "话务接通率87.50%，低于95%的目标"
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
    # 105 of 120 against 98 of 100 is more than chance, against 76 of 80 it is not.
    assert [figure.tone for _, figure in answered.comparisons] == [Tone.BAD, Tone.NEUTRAL]
    assert [figure.tone for _, figure in offered.comparisons] == [Tone.NEUTRAL] * 2
    assert (accepted.figure.text, direct.figure.text) == ("10", "60.00%")
    # Yesterday had a file and no tickets: zero, against which nothing can be compared.
    assert [figure.reason for _, figure in accepted.comparisons] == ["对比期为零", ""]
    assert [figure.text for figure in offered.trend][-2:] == ["100", "120"]


def test_the_table_with_the_month_to_date(small, tmp_path):
    found = table(daily(small.release(tmp_path)), "headline_figures")
    heads = [column.title for column in found.columns]
    assert heads == ["指标", "目标", "当日", "较前一日", "较上周同日", "本月累计", "较上月同期"]
    rows = {row[0]: row for row in cells(found)}
    assert rows["话务量（通）"][1:] == ["", "120", "▲20.0%", "▲50.0%", "300", "—"]
    assert rows["转办办结数（件）"][2] == "4"
    assert rows["转办按时办结率"][1:3] == ["≥95%", "75.00%"]
    assert [row.tone for row in found.rows if row.cells[0] == "转办按时办结率"] == [Tone.BAD]


def test_the_first_day_ever_compares_with_nothing(tmp_path):
    small = Small().taken("2023-01-01").add("calls", "2023-01-01", offered=10, answered=10)
    small.add("tickets", "2023-01-01", accepted=3, direct_answered=3)
    told = daily(small.release(tmp_path), "2023-01-01")
    assert told.sections[0].headline == "话务量10通，话务接通率100.00%，接单数3件"
    cards = told.sections[0].blocks[0]
    assert isinstance(cards, Cards)
    assert {figure.reason for card in cards.cards for _, figure in card.comparisons} == {
        "对比期没有数据"
    }
    assert section(told, "topics").headline == "诉求最多的是“供水”（3件）"
    assert section(told, "backlog").headline == "没有在办工单"


def test_the_highest_of_thirty_days_is_a_finding(tmp_path):
    small = Small().taken("2023-04-24", "2023-05-23")
    for number in range(24, 31):
        small.add("calls", f"2023-04-{number}", offered=1000, answered=970)
    for number in range(1, 24):
        answered = 990 if number == 23 else 970
        small.add("calls", f"2023-05-{number:02d}", offered=1000, answered=answered)
    told = daily(small.release(tmp_path))
    assert told.sections[0].headline == "话务接通率99.00%，为近30天最高"


def test_the_week_against_the_week_before_and_the_year_before(tmp_path):
    small = Small().taken("2023-05-15", "2023-05-28").taken("2022-05-23", "2022-05-29")
    small.add("calls", "2023-05-22", offered=200, answered=190)
    small.add("calls", "2023-05-28", offered=20, answered=20)
    small.add("calls", "2023-05-21", offered=200, answered=180)
    small.add("calls", "2022-05-23", offered=110, answered=110)
    # Outside of all three weeks.
    small.taken("2023-05-29").add("calls", "2023-05-29", offered=999, answered=999)
    told = weekly(small.release(tmp_path))
    rows = {row[0]: row[1:] for row in cells(table(told, "headline_figures"))}
    assert rows["话务量（通）"] == ["", "220", "200", "▲10.0%", "110", "▲100.0%"]
    assert rows["话务接通率"] == [
        "≥95%", "95.45%", "90.00%", "▲5.45个百分点", "100.00%", "▼4.55个百分点",
    ]  # fmt: skip
    # 210 of 220 against 180 of 200 is no news, nor is a tenth more calls.
    assert told.sections[0].headline == "话务量220通，话务接通率95.45%，接单数0件"
