"""Each kind of fault, planted into days that are otherwise as usual."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from assets.deadlines import load_calendar
from assets.expectations.measures import DayMeasures
from assets.expectations.usual import COMPARABLE
from assets.expectations.verdicts import judge
from tests.expectations.planted import FAULTS, TABLE, scaled, usual_days
from tests.expectations.series import FIRST, Kind, draw

# Until a Wednesday without a holiday near.
DAYS = 110


@pytest.fixture(scope="module")
def days() -> dict[date, DayMeasures]:
    rng = np.random.default_rng(3)
    return usual_days(rng, draw(rng, Kind(storms=0), DAYS).counts)


def verdicts(days):
    found = judge({TABLE: {day: [each] for day, each in days.items()}}, load_calendar())
    return {day: findings[0] for (_, day), findings in found.items() if findings[0]}


def rules(findings):
    return {(each.rule, each.hold) for each in findings}


LAST = FIRST + timedelta(DAYS - 1)
BEFORE = LAST - timedelta(1)


def test_usual_days_are_not_held(days):
    assert not [each for found in verdicts(days).values() for each in found if each.hold]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_held_on_its_day(days, kind):
    rule, fault = FAULTS[kind]
    broken = fault(days[LAST], days[LAST - timedelta(7)])
    assert (rule, True) in rules(verdicts(days | {LAST: broken})[LAST])


def test_rows_of_another_day_are_known_again(days):
    copied = replace(days[LAST], sample=days[FIRST].sample)
    (found,) = verdicts(days | {LAST: copied})[LAST]
    assert (found.rule, found.hold) == ("same_rows", True)
    assert str(FIRST) in found.found


def test_the_first_days_are_held_for_certain_faults_only(days):
    young = dict(list(days.items())[:COMPARABLE])
    day = list(young)[-1]
    assert not verdicts(young | {day: replace(young[day], rows=10, own=10)})
    assert verdicts(young | {day: replace(young[day], own=0)})[day][0].rule == "other_days"


def test_a_day_is_judged_by_earlier_days_alone(days):
    broken = days | {BEFORE: replace(days[BEFORE], rows=1, own=1)}
    until = {day: each for day, each in broken.items() if day <= BEFORE}
    assert verdicts(until)[BEFORE] == verdicts(broken)[BEFORE]


def test_the_order_of_arrival_does_not_matter(days):
    broken = days | {BEFORE: replace(days[BEFORE], rows=9, own=9)}
    assert verdicts(dict(reversed(broken.items()))) == verdicts(broken)


def test_what_is_held_is_not_learned_from_and_what_is_released_is(days):
    half = {day: scaled(each, 0.4) for day, each in list(days.items())[-10:]}
    held = verdicts(days | half)
    assert all((("rows_low", True) in rules(held[day])) for day in half)
    first = next(iter(half))
    released = verdicts(days | half | {first: replace(half[first], released=True)})
    second = first + timedelta(1)
    assert ("rows_low", True) not in rules(released.get(second, ()))


def test_a_burst_passes_from_its_second_day_on(days):
    burst = {day: scaled(each, 2.5) for day, each in list(days.items())[-4:-1]}
    found = verdicts(days | burst)
    first, *others = burst
    assert first in found
    assert not [each for day in (*others, LAST) for each in found.get(day, ()) if each.hold]


def test_where_the_last_delivery_is_held_the_one_before_counts(days):
    bad = replace(days[LAST], rows=3, own=3)
    found = judge(
        {TABLE: {day: [each] for day, each in days.items()} | {LAST: [bad, days[LAST]]}},
        load_calendar(),
    )[TABLE.name, LAST]
    assert [any(each.hold for each in of) for of in found] == [True, False]


def test_a_number_that_grows_by_a_digit_is_no_new_form(days):
    grown = replace(days[LAST], forms={"A9999999": days[LAST].rows}, middle_key="A1000000")
    assert "id_form" not in {each.rule for each in verdicts(days | {LAST: grown}).get(LAST, ())}


def test_nothing_is_judged_where_nothing_is():
    assert judge({TABLE: {}}, load_calendar()) == {}
    assert judge({}, load_calendar()) == {}


def test_follow_ups_that_go_on_alone_are_told_and_count(days):
    """As where a service has ended, and only tickets are still closed."""
    other = replace(TABLE, name="another")
    known = {day: each for day, each in days.items() if day < LAST}
    alone = replace(days[LAST], rows=40, own=40, opened=0)
    found = judge(
        {TABLE: {day: [each] for day, each in (known | {LAST: alone}).items()}}
        | {other: {day: [each] for day, each in known.items()}},
        load_calendar(),
    )
    assert [(each.rule, each.hold) for each in found[TABLE.name, LAST][0]] == [
        ("only_follow_ups", False)
    ]
    opened = replace(alone, opened=20)
    found = judge(
        {TABLE: {day: [each] for day, each in (known | {LAST: opened}).items()}}
        | {other: {day: [each] for day, each in known.items()}},
        load_calendar(),
    )
    assert ("rows_low", True) in rules(found[TABLE.name, LAST][0])
