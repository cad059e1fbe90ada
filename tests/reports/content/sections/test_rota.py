"""Seats by hand: how many it takes, and where they lack."""

from assets.expectations.staffing import seats_needed
from assets.reports.content.model import Text
from assets.reports.content.periods import month_span
from assets.reports.content.sections.hours import week_of
from assets.reports.content.sections.rota import needs, rota_section, seats_of_week
from tests.reports.said import tables, texts
from tests.reports.small import Small, context

MAY = month_span("2023-05")


def test_seats_come_from_the_calls_own_rates(busy):
    facts = busy
    week = week_of(facts, MAY)
    # 60 calls an hour, 180 s of talk, (5 × 1,200 s) of waiting over 31 lost calls.
    assert seats_of_week(week)[0][9] == seats_needed(60, 180, 6000 / 31, 0.95)
    assert seats_of_week(week)[1][3] == seats_needed(2, 180, 6000 / 31, 0.95)
    # Open around the clock: somebody is there in an hour without calls.
    assert seats_of_week(week)[2][4] == 1
    assert seats_of_week(week, growth=2.0)[0][9] == seats_needed(120, 180, 6000 / 31, 0.95)
    at_nine = needs(facts, MAY, week, seats_of_week(week))[9]
    assert (at_nine.hour.title, at_nine.present.text) == ("星期一9时", "3.00")
    assert at_nine.short
    assert at_nine.missing.text == f"{at_nine.seats - 3}.00"


def test_the_section_names_hours_that_lack_seats(busy):
    section = rota_section(context(busy))
    said = "".join(block.text for block in section.blocks if isinstance(block, Text))
    assert "目前在席少于所需的有1个时段：9时" in said
    causes = [texts(row)[:3] for row in tables(section)["loss_causes"].rows]
    assert causes == [
        ["来电人等待中挂断", "21", "67.74%"],
        ["振铃超时", "10", "32.26%"],
        ["坐席拒接", "0", "0.00%"],
        ["合计", "31", "100.00%"],
    ]


def test_an_hour_in_which_nobody_answers_is_an_interruption(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    for hour, offered, answered in ((2, 3, 0), (3, 2, 0), (4, 9, 1)):
        small.add("calls", "2023-05-07", hour=hour, offered=offered, answered=answered,
                  hung_up=offered - answered, talk_seconds=100, lost_wait_seconds=60)  # fmt: skip
    section = rota_section(context(small.release(tmp_path)))
    said = [block.text for block in section.blocks if isinstance(block, Text)]
    assert "有1个小时来电不少于3通而无一接通，疑似服务中断：5月7日2时。" in said


def test_without_lost_calls_patience_is_not_guessed(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-31")
    small.add("calls", "2023-05-02", offered=100, answered=100, talk_seconds=100)
    section = rota_section(context(small.release(tmp_path)))
    assert "staffing" not in tables(section)
    assert "不测算在席需求" in section.blocks[-1].text
