"""Rising topics: above their mean, and by more than chance."""

from datetime import date, timedelta

import pytest

from assets.reports.content.periods import Span
from assets.reports.content.sections.topics import rising
from tests.reports.said import cells, section, table
from tests.reports.small import Small, weekly


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
    told = weekly(five_weeks.release(tmp_path))
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
