"""Order and ties of exact values."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.reports.content.comparing import extreme, outstanding, run, spread, tops
from assets.reports.content.model import Form

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=8)


def test_the_highest_is_that_of_the_fraction():
    """Both read 1.15 %."""
    assert tops([("应急局", Fraction(5, 436)), ("水利局", Fraction(8, 693))]) == ["水利局"]


@given(VALUES, st.booleans())
def test_whoever_is_level_with_the_first_is_first(values, least):
    items = list(enumerate(values))
    found = tops(items, least=least)
    known = [value for value in values if value is not None]
    best = (min if least else max)(known) if known else None
    assert found == [i for i, value in items if value is not None and value == best]
    named = outstanding(items, least=least)
    assert named in ([], found)
    # Whoever is named has somebody below.
    assert len(named) < len(known) or not named


@given(st.lists(st.integers(0, 4), max_size=7), st.integers(1, 4))
def test_nobody_is_named_above_others_who_have_as_many(values, most):
    parts = [(f"<{i}>", n) for i, n in enumerate(sorted(values, reverse=True))]
    said = spread(parts, "件", most)
    named = [n for name, n in parts if name in said]
    others = [n for name, n in parts if n and name not in said]
    assert len(named) <= most
    assert not named or not others or min(named) > max(others)
    assert bool(said) == any(values)


@pytest.mark.parametrize(
    ("last", "words"),
    [(106, ""), (111, "为近30天最高"), (90, "为近30天最低"), (89, "为近30天最低")],
)
def test_an_extreme_is_alone_and_far_from_the_usual(last, words):
    assert extreme([100, 101, 99, last], "近30天", 3, Form.COUNT) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((1, 2, 3, 4), "连续3个月上升"),
        ((4, 3, 2, 1), "连续3个月下降"),
        ((1, 2, 3, 3), ""),
        ((1, 2, None, 3, 4), ""),
        # Equal to two decimals of a percent, and not equal.
        ([Fraction(n, 10**7) for n in range(4)], "连续3个月上升"),
    ],
)
def test_a_run_goes_one_way_without_a_gap(values, words):
    assert run(list(values), 3) == words
