"""The periods that a database is asked for."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from assets.exports.discover import query_windows
from assets.profiles.profile import load_profile
from assets.sources.settings import Query, SqlSettings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def asked(again_days: int, *, first: date, today: date, **datasets: str) -> list[tuple]:
    profile = load_profile("hanzhong")
    query = Query(query="SELECT :start, :end", again_days=again_days)
    source = SqlSettings(kind="sql", url="mysql://u@h/d", queries=dict.fromkeys(datasets, query))
    own = {
        name: profile.datasets[name].model_copy(update={"files": files})
        for name, files in datasets.items()
    }
    profile = profile.model_copy(update={"datasets": own, "source": source})
    found = query_windows(profile, first=first, today=today)
    return [
        (
            each.path,
            each.start.date(),
            each.end.date(),
            datetime.fromtimestamp(each.modified / 1e9, SHANGHAI).date(),
        )
        for each in found
    ]


def test_periods_are_days_months_and_years_that_have_begun():
    first, today = date(2023, 12, 30), date(2024, 1, 2)
    days = asked(1, first=first, today=today, calls="话单_{YYYYMMDD}*")
    assert days == [
        ("话单_20231230.csv", first, date(2023, 12, 31), date(2024, 1, 1)),
        ("话单_20231231.csv", date(2023, 12, 31), date(2024, 1, 1), today),
        ("话单_20240101.csv", date(2024, 1, 1), today, today),
    ]
    assert asked(0, first=first, today=today, staff="staff_{YYYYMM}*") == [
        ("staff_202312.csv", date(2023, 12, 1), date(2024, 1, 1), date(2024, 1, 1)),
        ("staff_202401.csv", date(2024, 1, 1), date(2024, 2, 1), today),
    ]
    assert [each[:3] for each in asked(0, first=first, today=today, survey="s{YYYY}")] == [
        ("s2023.csv", date(2023, 1, 1), date(2024, 1, 1)),
        ("s2024.csv", date(2024, 1, 1), date(2025, 1, 1)),
    ]


def test_a_period_differs_each_night_for_as_long_as_it_is_asked_again():
    def modified(today: date) -> date:
        nightly = asked(2, first=date(2023, 1, 5), today=today, calls="c_{YYYYMMDD}")
        return nightly[0][3]

    nights = [date(2023, 1, day) for day in (6, 7, 8, 9, 10)]
    assert [modified(night).day for night in nights] == [6, 7, 8, 8, 8]
