"""Kinds of bad calls: times that run backwards, outcomes that contradict them.

Belongs here: one small function for each kind. The row that it gets is an answered call.
"""

import numpy as np

from assets.sample.damage.any_rows import shifted
from assets.sample.damage.kind import Row
from assets.sample.damage.registry import bad_row


@bad_row("calls", rule="answered_at_before_offered_at")
def answered_before_offered(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A negative waiting time, beyond the difference of two clocks."""
    return row | {"answered_at": shifted(row["offered_at"], -int(rng.integers(3, 900)))}


@bad_row("calls", rule="ended_at_before_answered_at")
def negative_duration(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A call that ended before it was answered."""
    return row | {"ended_at": shifted(row["answered_at"], -int(rng.integers(3, 900)))}


@bad_row("calls", rule="answered_at_before_offered_at")
def twelve_hour_clock(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A call from 12:59 to 1:04 in the afternoon, by a clock of twelve hours."""
    day = (row["offered_at"] or "")[:10]
    return row | {
        "offered_at": f"{day} 12:59:{rng.integers(10, 60)}",
        "answered_at": f"{day} 01:00:{rng.integers(10, 60)}",
        "ended_at": f"{day} 01:04:{rng.integers(10, 60)}",
    }


@bad_row("calls", rule="call_too_long")
def longer_than_six_hours(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A line that was never hung up."""
    return row | {"ended_at": shifted(row["offered_at"], 6 * 3600 + int(rng.integers(1, 7200)))}


@bad_row("calls", rule="outcome_answered")
def answered_without_time(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An answered call without the time of answering."""
    return row | {"answered_at": None}


@bad_row("calls", rule="outcome_answered")
def lost_with_answer_time(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A lost call with a time of answering."""
    return row | {"outcome": str(rng.choice(["用户挂断", "振铃超时", "坐席拒接"]))}
