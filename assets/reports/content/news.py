"""Which figures of a report are news: what moved by more than chance, of all that it looks at.

A rate is held against the same rate of the other spans, a count against what its days were to be
expected to be (`assets.expectations`), which knows weekdays, holidays and how far days scatter.
Method: docs/reports.md.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.deadlines import load_calendar
from assets.expectations import CountModel, day_features
from assets.reports.content.chance import holm, normal, of_shares
from assets.reports.content.facts import Facts
from assets.reports.content.measures import ALL_KPIS, FLOWS, Measure, measure
from assets.reports.content.model import Form
from assets.reports.content.periods import Span, days_of

# Counts that come every day; others have no usual day.
_COUNTED: Final = tuple(
    map(measure, ("calls_offered", "tickets_accepted", "handed_over", "closed_in_period"))
)
_RATES: Final = tuple(each for each in (*ALL_KPIS, *FLOWS) if each.form is Form.RATE)
# Days from which the model learns what is usual, and without which it says nothing.
_LEARNT: Final = timedelta(days=200)
_ENOUGH: Final = 28

Floats = NDArray[np.float64]
# A measure, the days it is of, and the days it is held against (None: against its expectation).
Change = tuple[str, Span, Span | None]


def news_of(facts: Facts, span: Span, pairs: Sequence[tuple[Span, Span]]) -> frozenset[Change]:
    """The changes that stand out of all that a report looks at, allowing for how many these are.

    Args:
        facts: the release.
        span: the period of the report.
        pairs: spans of the report and those they are compared with.
    """
    odds: dict[Change, float] = {}
    for each in _RATES:
        for now, then in pairs:
            chance = _of_rate(facts, each, now, then)
            if chance is not None:
                odds[each.id, now, then] = chance
    for each, chance in zip(_COUNTED, _of_counts(facts, span), strict=True):
        if chance is not None:
            odds[each.id, span, None] = chance
    clear = holm(list(odds.values()))
    return frozenset(change for change, stands_out in zip(odds, clear, strict=True) if stands_out)


def _of_rate(facts: Facts, each: Measure, now: Span, then: Span) -> float | None:
    """How often two spans differ so much by chance; None where they cannot be compared."""
    if each.exact(facts, now) is None or each.exact(facts, then) is None:
        return None
    (part, whole), (other, of) = each.sums(facts, now), each.sums(facts, then)
    return of_shares((part or 0, whole or 0), (other or 0, of or 0))


def _of_counts(facts: Facts, span: Span) -> list[float | None]:
    """How often the counts of a span are so far from their expectation; None where unknown."""
    past = Span(span.first - _LEARNT, span.first - timedelta(days=1))
    model, features = CountModel(len(_COUNTED)), _features(past)
    model.follow(_by_day(facts, past), features)
    ahead = model.forecast(_features(span))
    mean = ahead.mean.sum(axis=1)
    # What is not known of one day is not known of the next: deviations add up.
    deviation = (ahead.mean * ahead.deviation).sum(axis=1)
    return [
        normal((float(value) - mean[at]) / deviation[at])
        if model.seen[at] >= _ENOUGH and (value := each.exact(facts, span)) is not None
        else None
        for at, each in enumerate(_COUNTED)
    ]


def _by_day(facts: Facts, span: Span) -> Floats:
    days = [Span(day, day) for day in days_of(span)]
    # A day without a count becomes NaN.
    return np.array([[each.exact(facts, day) for day in days] for each in _COUNTED], np.float64)


@cache
def _features(span: Span) -> Floats:
    return day_features(load_calendar(), span.first, len(days_of(span)))
