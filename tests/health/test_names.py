"""Two names that look alike on one day are named; nothing is merged."""

import pytest

from assets.health import similar_name_sentences
from tests.driver import bring_up_to_date, deliver, facts
from tests.samples import row


def tickets(day, *units):
    times = {
        "accepted_at": f"{day} 08:05:00",
        "dispatched_at": f"{day} 08:10:00",
        "updated_at": f"{day} 08:10:00",
    }
    return [row("tickets", ticket_id=f"{day}{each}", unit=each, **times) for each in units]


@pytest.mark.parametrize("same_day", [True, False])
def test_names_that_look_alike_are_told_where_both_stand_on_one_day(installation, same_day):
    first, second = ("市水务局", "市水務局") if same_day else ("市水务局", "市教育局")
    deliver(installation, "tickets_20230105.csv", tickets("2023-01-05", first, second))
    deliver(installation, "tickets_20230106.csv", tickets("2023-01-06", "市水務局"))
    bring_up_to_date(installation)
    found = similar_name_sentences(installation)
    if same_day:
        (sentence,) = found["tickets"]
        assert "承办单位" in sentence
        assert "“市水务局”与“市水務局”" in sentence
        assert set(facts(installation, "tickets", "2023-01")["unit"]) == {first, second}
    else:
        assert found["tickets"] == ()
    assert found["calls"] == ()


def test_nothing_is_told_before_there_are_facts(installation):
    assert set(similar_name_sentences(installation).values()) == {()}
