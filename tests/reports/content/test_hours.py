"""Hours of the week by hand: when calls are lost, how many seats it takes, when nobody answered."""

from datetime import date

from assets.reports.content.model import Table, Text
from assets.reports.content.periods import month_span
from assets.reports.content.sections.hours import loss_map, week_of, worst_hours
from assets.reports.content.sections.rota import needs, rota_section, seats_of_week
from assets.reports.content.staffing import seats_needed
from tests.reports.small import Small, context

MAY = month_span("2023-05")


def tables(section):
    return {block.name: block for block in section.blocks if isinstance(block, Table)}


def texts(row):
    return [each if isinstance(each, str) else each.text for each in row.cells]


def busy(tmp_path):
    """May 2023 begins on a Monday and has five Mondays, Tuesdays and Wednesdays."""
    small = Small().taken("2023-04-01", "2023-05-31")
    for number in (1, 8, 15, 22, 29):
        small.add("calls", date(2023, 5, number), hour=9, offered=60, answered=54, hung_up=4,
                  ring_timeout=2, answered_wait_seconds=540, lost_wait_seconds=660,
                  talk_seconds=54 * 180)  # fmt: skip
        small.add("seats", date(2023, 5, number), hour=9, agents=3)
    small.add("calls", "2023-05-02", hour=3, offered=2, answered=1, hung_up=1,
              answered_wait_seconds=0, lost_wait_seconds=0, talk_seconds=180)  # fmt: skip
    small.add("seats", "2023-05-02", hour=3, agents=1)
    return small.release(tmp_path)


def test_hours_of_the_week(tmp_path):
    week = week_of(busy(tmp_path), MAY)
    monday, tuesday = week.hours[0][9], week.hours[1][3]
    assert (monday.days, monday.offered, monday.answered) == (5, 300, 270)
    assert (monday.a_day.text, monday.lost.text, monday.title) == ("60", "10.00%", "星期一9时")
    # Two calls are no share worth a colour, and no hour to name.
    assert (tuesday.lost.text, tuesday.lost.reason) == ("—", "来电不足20通")
    assert [each.title for each in worst_hours(week)] == ["星期一9时"]
    drawn = loss_map(week)
    assert (len(drawn.rows), len(drawn.columns)) == (7, 24)
    assert drawn.cells[0][9].text == "10.00%"
    assert "星期一9时（10.00%）" in drawn.summary


def test_seats_come_from_the_calls_own_rates(tmp_path):
    facts = busy(tmp_path)
    week = week_of(facts, MAY)
    # 60 calls an hour, 180 s of talk, (5 × 1,200 s) of waiting over 31 lost calls.
    assert seats_of_week(week)[0][9] == seats_needed(60, 180, 6000 / 31, 0.95)
    assert seats_of_week(week)[1][3] == seats_needed(2, 180, 6000 / 31, 0.95)
    # Open around the clock: somebody is there in an hour without calls.
    assert seats_of_week(week)[2][4] == 1
    assert seats_of_week(week, growth=2.0)[0][9] == seats_needed(120, 180, 6000 / 31, 0.95)
    at_nine = needs(facts, MAY, week)[9]
    assert (at_nine.hour.title, at_nine.present.text) == ("星期一9时", "3.00")
    assert at_nine.short
    assert at_nine.missing.text == f"{at_nine.seats - 3}.00"


def test_the_section_names_hours_that_lack_seats(tmp_path):
    section = rota_section(context(busy(tmp_path)))
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
