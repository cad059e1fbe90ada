"""Rising topics: the alarms of the release."""

from datetime import date

import pytest

from assets.expectations.forecast import rows_of
from assets.reports.content.periods import Span
from assets.reports.content.sections.topics import rising
from tests.reports.said import cells, section, table
from tests.reports.small import Small, weekly, with_expectations

# slice, since, last day, expected, found
ALARMS = (
    ("category=噪声", date(2023, 5, 23), date(2023, 5, 23), 3, 20),
    ("category=噪声", date(2023, 5, 23), date(2023, 5, 25), 9, 45),
    ("category=噪声;region=汉台区", date(2023, 5, 25), date(2023, 5, 25), 1, 14),
    ("category=漏水;region=城固县", date(2023, 5, 26), date(2023, 5, 26), 0, 16),
    ("region=西乡县", date(2023, 5, 22), date(2023, 5, 28), 40, 80),
    ("category=供暖", date(2023, 5, 26), date(2023, 5, 26), 1, 14),
    ("category=旧事", date(2023, 5, 21), date(2023, 5, 21), 1, 90),
)


@pytest.fixture
def facts(tmp_path):
    small = Small().taken("2023-05-01", "2023-05-28")
    small.add("tickets", "2023-05-22", category="供水", accepted=104)
    small.add("tickets", "2023-05-23", category="噪声", accepted=45)
    names, since, last, expected, found = zip(*ALARMS, strict=True)
    alarms = {"slice": names, "since": since, "date": last, "made_on": last, "expected": expected}
    days = {"date": [date(2023, 5, 24)], "made_on": [date(2023, 5, 23)], "expected": [100]}
    rows = rows_of("alarm", "tickets", alarms | {"found": found}).vstack(
        rows_of("day", "tickets", days)
    )
    return with_expectations(small.release(tmp_path), rows)


def test_alarms_of_a_week_stand_in_its_report(facts):
    told = weekly(facts)
    assert cells(table(told, "rising_topics")) == [
        ["西乡县", "所属区县", "5月22日至5月28日", "80", "40", "▲100.0%"],
        ["噪声", "诉求分类", "5月23日至5月25日", "45", "9", "▲400.0%"],
        ["漏水，城固县", "诉求分类、所属区县", "5月26日", "16", "0", "—"],
    ]
    assert section(told, "topics").headline == (
        "“西乡县”（80件）、“噪声”（45件）等明显上升；诉求最多的是“供水”（104件）"
    )


def test_no_alarm_and_no_basis_are_told_apart(facts):
    quiet, unknown = (Span(date(2023, 5, day), date(2023, 5, day)) for day in (24, 10))
    assert rising(facts, quiet) == []
    assert rising(facts, unknown) is None
    week = Span(date(2023, 5, 22), date(2023, 5, 28))
    assert [len(rising(facts, week, least) or []) for least in (14, 15)] == [4, 3]
