"""The life of each ticket: when it was dispatched, sent back, extended, closed, declared void.

Belongs here: times. Which ticket has which fate is in `roles`; what the daily files show of it is
in `versions`.

Every closing is in time by a margin that needs no calendar: k working days after the day of
acceptance are never earlier than k calendar days after it.
"""

from dataclasses import dataclass

import numpy as np

from assets.sample.clock import (
    DAY,
    NEVER,
    Flags,
    Ints,
    Times,
    is_working,
    midnight,
    office_time,
    second_of_day,
    seconds,
)
from assets.sample.roles import Roles

CONSULTATION_DAYS, REQUEST_DAYS = 3, 5
# Share of closings after 0, 1, ... calendar days, before days off are avoided.
_CLOSING_DAYS = (0.1, 0.26, 0.24, 0.19, 0.13, 0.08)
_CONFIRMED_NEXT_DAY_SHARE = 0.03
_TOUCHED_SHARE = 0.02


@dataclass(frozen=True)
class Lives:
    """The life of each ticket; every array has one entry a ticket, NaT where nothing happened.

    Attributes:
        accepted: acceptance.
        dispatched: up to three dispatches, the later ones after a return.
        returned: up to two returns.
        extended: when an extension was approved.
        extended_to: the deadline that it gave.
        closed: closing, or merging.
        voided: when it was declared void.
        touched: when the record was put in order after closing.
    """

    accepted: Times
    dispatched: tuple[Times, Times, Times]
    returned: tuple[Times, Times]
    extended: Times
    extended_to: Times
    closed: Times
    voided: Times
    touched: Times


class _Pen:
    """Draws times relative to the day of acceptance."""

    def __init__(self, rng: np.random.Generator, accepted: Times) -> None:
        self.rng = rng
        self.accepted = accepted
        self.day = midnight(accepted)
        self.count = len(accepted)

    def between(self, low: int, high: int) -> np.ndarray[tuple[int], np.dtype[np.timedelta64]]:
        """Durations between two numbers of seconds."""
        return seconds(self.rng.integers(low, high, self.count))

    def on_day(self, days: Ints | int, low: int, high: int) -> Times:
        """Times on a later day, between two seconds of that day."""
        return np.asarray(self.day + days * DAY + self.between(low, high))

    def in_office(self, days: Ints | int) -> Times:
        """Times on a later day, within office hours."""
        return np.asarray(self.day + days * DAY + office_time(self.rng, self.count))


def _only(condition: Flags, times: Times) -> Times:
    return np.where(condition, times, NEVER)


def _first_dispatch(pen: _Pen, urgent: Flags) -> Times:
    """Handed over within two hours, or the next morning; emergencies at once."""
    soon = pen.accepted + pen.between(240, 7200)
    second = second_of_day(soon)
    morning = midnight(soon) + pen.between(8 * 3600, 10 * 3600)
    late = (second >= 20 * 3600) & (pen.rng.random(pen.count) < 0.8)
    usual = np.where(late, morning + DAY, np.where(second < 8 * 3600, morning, soon))
    return np.where(urgent, pen.accepted + pen.between(60, 900), usual)


def _returns(pen: _Pen, roles: Roles) -> tuple[Times, Times, Times, Times]:
    """First return, next dispatch, second return, dispatch after that: days 1 to 3."""
    back = pen.on_day(1, 37_800, 61_200)
    same_day = back + pen.between(1800, 10_800)
    next_day = pen.on_day(2, 30_600, 37_800)
    slow = roles.returned_twice | (pen.rng.random(pen.count) < 0.5)
    again = np.where(slow, next_day, same_day)
    back_twice = pen.on_day(2, 39_600, 61_200)
    third = pen.on_day(3, 30_600, 37_800)
    once, twice = roles.returned, roles.returned_twice
    return _only(once, back), _only(once, again), _only(twice, back_twice), _only(twice, third)


def _usual_closing(pen: _Pen, dispatched: Times, days: Ints, year: int) -> Times:
    """Closed in office hours, rarely on a day off, within so many calendar days."""
    drawn = np.minimum(pen.rng.choice(6, pen.count, p=_CLOSING_DAYS), days)
    for _ in range(4):
        put_off = ~is_working(pen.day + drawn * DAY, year) & (pen.rng.random(pen.count) < 0.85)
        drawn = np.where(put_off & (drawn < days), drawn + 1, drawn)
    return np.maximum(pen.in_office(drawn), dispatched + pen.between(900, 7200))


def _closing(pen: _Pen, roles: Roles, dispatched: Times, extra_days: Ints, year: int) -> Times:
    limit = np.where(roles.consultation, CONSULTATION_DAYS, REQUEST_DAYS)
    closed = _usual_closing(pen, dispatched, limit, year)
    closed = np.where(roles.urgent, pen.accepted + pen.between(1200, 6900), closed)
    closed = np.where(roles.returned, pen.in_office(pen.rng.integers(4, 6, pen.count)), closed)
    within_extension = pen.in_office(pen.rng.integers(6, extra_days + 1))
    closed = np.where(roles.extended, within_extension, closed)
    confirmed = pen.on_day(1, 32_400, 43_200)
    by_next_day = pen.rng.random(pen.count) < _CONFIRMED_NEXT_DAY_SHARE
    answered = np.where(by_next_day, confirmed, pen.accepted + pen.between(0, 420))
    closed = np.where(roles.direct, answered, closed)
    return _only(~roles.void & ~roles.open, closed)


def draw_lives(
    rng: np.random.Generator, accepted: Times, roles: Roles, misfiled: Flags, year: int
) -> Lives:
    """Draw when everything happens to each ticket.

    Args:
        rng: stream to draw from.
        accepted: acceptance of each ticket.
        roles: the fate of each ticket.
        misfiled: which tickets were first filed under a wrong category.
        year: the sample's year, whose working days are known.
    """
    pen = _Pen(rng, accepted)
    first = _only(~roles.direct, _first_dispatch(pen, roles.urgent))
    back, again, back_twice, third = _returns(pen, roles)
    extra_days = rng.integers(10, 21, pen.count)
    closed = _closing(pen, roles, first, extra_days, year)
    handed_over: Times = np.fmax(accepted, first)
    voided = handed_over + pen.between(300, 20_000)
    touched = midnight(closed) + DAY + office_time(rng, pen.count)
    wanted = misfiled | (rng.random(pen.count) < _TOUCHED_SHARE)
    last_closing = np.nanmax(closed)
    return Lives(
        accepted=accepted,
        dispatched=(first, again, third),
        returned=(back, back_twice),
        extended=_only(roles.extended, pen.in_office(2)),
        extended_to=_only(roles.extended, pen.on_day(extra_days, 86_399, 86_400)),
        closed=closed,
        voided=_only(roles.void, voided),
        # The last file of the sample is that of the last closing: nothing happens later.
        touched=_only(wanted & (touched <= last_closing), touched),
    )
