"""What is more than chance: the odds of a figure, and how many of them a report may believe.

Method in docs/reports.md: a part of few by the binomial distribution, two shares by their pooled
score, a count by the scatter its days have, and of all that is looked at by Holm's rule at 5 %.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import erfc, exp, lgamma, log, sqrt
from typing import Final

LEVEL: Final = 0.05


def holm(odds: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which of several findings stand out, so that all together err one time in twenty.

    Args:
        odds: of each, how often chance alone would show it (p-values).
        level: how often one of them may be believed wrongly.
    """
    clear = [False] * len(odds)
    for seen, place in enumerate(sorted(range(len(odds)), key=lambda each: odds[each])):
        if odds[place] > level / (len(odds) - seen):
            break
        clear[place] = True
    return clear


def at_most(part: int, whole: int, usual: Fraction) -> float:
    """How often so many of a whole, or fewer, come about where each has the usual chance."""
    return 1.0 if part >= whole else sum(_binomial(k, whole, usual) for k in range(part + 1))


def at_least(part: int, whole: int, usual: Fraction) -> float:
    """How often so many of a whole, or more, come about where each has the usual chance."""
    return at_most(whole - part, whole, 1 - usual)


def _binomial(k: int, n: int, usual: Fraction) -> float:
    if usual in (0, 1):
        return float(k == n * usual)
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(usual) + (n - k) * log(1 - usual))


def of_shares(now: tuple[int, int], then: tuple[int, int]) -> float:
    """How often two shares differ so much by chance: their pooled score (Wilson, Newcombe).

    Args:
        now: part and whole.
        then: part and whole of the other.
    """
    (a, n), (b, m) = now, then
    if not n or not m or not 0 < a + b < n + m:
        return 1.0
    pooled = (a + b) / (n + m)
    return normal((a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))


def normal(distance: float) -> float:
    """How often chance is as many standard deviations off, to either side."""
    return erfc(abs(distance) / sqrt(2))
