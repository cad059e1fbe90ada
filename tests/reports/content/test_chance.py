"""What is more than chance, beside values of published tables."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.reports.content.chance import at_least, at_most, holm, normal, of_shares


@pytest.mark.parametrize(
    ("part", "whole", "usual", "odds"),
    # Binomial tables: P(X <= 2 | 10, 0.5) = 0.0547, P(X <= 0 | 5, 0.1) = 0.5905.
    [(2, 10, Fraction(1, 2), 0.0547), (0, 5, Fraction(1, 10), 0.5905), (5, 5, Fraction(1, 10), 1)],
)
def test_the_binomial_tail(part, whole, usual, odds):
    assert at_most(part, whole, usual) == pytest.approx(odds, abs=5e-5)


@given(st.integers(0, 40), st.integers(1, 40), st.fractions(0, 1))
def test_both_tails_make_a_whole(part, whole, usual):
    part = min(part, whole)
    inner = at_most(part - 1, whole, usual) if part else 0
    assert inner + at_least(part, whole, usual) == pytest.approx(1)


def test_holm_as_in_his_paper():
    """Holm 1979: 0.01 passes 5 % / 3, 0.03 fails 5 % / 2, and nothing behind it passes."""
    assert holm([0.03, 0.01, 0.04]) == [False, True, False]
    assert holm([0.01, 0.02, 0.04]) == [True, True, True]
    assert holm([]) == []


def test_two_shares():
    assert of_shares((90, 100), (90, 100)) == 1
    assert (
        of_shares((0, 100), (0, 100)) == of_shares((5, 5), (9, 9)) == of_shares((0, 0), (1, 2)) == 1
    )
    # z = (0.9 - 0.8) / sqrt(0.85 x 0.15 x 2 / 100) = 1.980
    assert of_shares((90, 100), (80, 100)) == pytest.approx(0.0477, abs=1e-4)
    assert normal(1.96) == pytest.approx(0.05, abs=1e-4)
