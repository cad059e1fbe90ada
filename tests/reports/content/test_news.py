"""What is more than chance among all that a report looks at: rates, and counts of usual days."""

from datetime import date, timedelta

import pytest

from assets.reports.content.model import Cards, Tone
from tests.reports.small import Small, context, daily

LAST = date(2023, 5, 23)


def usual(tmp_path, *, offered: int, answered: int):
    """Ten weeks whose days scatter by 15 % where Poisson would give 5 %, and one more day."""
    small = Small().taken("2023-03-14", f"{LAST}")
    for back in range(1, 70):
        calls = 400 + 60 * (back * 37 % 3 - 1)
        small.add("calls", LAST - timedelta(days=back), offered=calls, answered=calls * 97 // 100)
    return small.add("calls", LAST, offered=offered, answered=answered).release(tmp_path)


@pytest.mark.parametrize(
    ("offered", "said"),
    # 20 % more is 4 deviations of Poisson and no news where days scatter so.
    [(480, False), (330, False), (900, True), (100, True)],
)
def test_a_count_is_news_beyond_the_scatter_of_its_days(tmp_path, offered, said):
    told = daily(usual(tmp_path, offered=offered, answered=offered * 97 // 100))
    headline = told.sections[0].headline
    assert ("较上周同日" in headline or "为近30天" in headline) is said


@pytest.mark.parametrize(("answered", "tone"), [(377, Tone.NEUTRAL), (340, Tone.BAD)])
def test_a_rate_is_coloured_where_it_is_news(tmp_path, answered, tone):
    told = daily(usual(tmp_path, offered=400, answered=answered))
    cards = told.sections[0].blocks[0]
    assert isinstance(cards, Cards)
    rate = next(card for card in cards.cards if card.label == "话务接通率")
    assert {moved.tone for _, moved in rate.comparisons} == {tone}


def test_nothing_is_news_where_too_few_days_are_known(tmp_path):
    small = Small().taken("2023-05-10", "2023-05-23")
    for number in range(10, 24):
        small.add("calls", f"2023-05-{number}", offered=400 if number < 23 else 4000, answered=390)
    found = context(small.release(tmp_path), "daily", "2023-05-23")
    assert not any(each == "calls_offered" for each, *_ in found._news)
