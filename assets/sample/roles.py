"""Which ticket has which fate, in exactly the published numbers.

Belongs here: choosing, month by month, the tickets that are answered on the spot, sent back, left
open, declared void, extended or merged. When these things happen is in `lives`.
"""

from dataclasses import dataclass

import numpy as np

from assets.sample.clock import DAY, Flags, Ints, Times, draw_without_return, month_start
from assets.sample.subjects import CONSULTATION, Matters, draw_matters
from assets.sample.volumes import MONTHS, Volumes, share_out

EXTENDED_SHARE, MERGED_SHARE = 0.012, 0.006
_RETURNED_TWICE_SHARE = 0.08
_VOID_DIRECT_SHARE = 0.4


@dataclass(frozen=True)
class Roles:
    """The fate of each ticket; every array has one entry a ticket.

    Attributes:
        void: declared void: counts nowhere.
        direct: answered on the spot.
        urgent: dispatched, to be closed within two hours.
        consultation: a question; has the shorter deadline where dispatched.
        open: dispatched and never closed.
        returned: dispatched and sent back by the unit.
        returned_twice: sent back by the next unit, too.
        extended: dispatched, with a later deadline.
        merged_into: position of the ticket that it was merged into, -1 where it was not.
    """

    void: Flags
    direct: Flags
    urgent: Flags
    consultation: Flags
    open: Flags
    returned: Flags
    returned_twice: Flags
    extended: Flags
    merged_into: Ints


def _choose(
    rng: np.random.Generator, month: Ints, eligible: Flags, counts: tuple[int, ...]
) -> Flags:
    """Choose exactly so many of the eligible tickets of each month."""
    chosen = np.zeros(len(month), np.bool_)
    for number, count in enumerate(counts):
        candidates = np.flatnonzero(eligible & (month == number))
        chosen[candidates[draw_without_return(rng, np.ones(len(candidates)), count)]] = True
    return chosen


def _merge(rng: np.random.Generator, merged: Flags, eligible: Flags) -> Ints:
    """An earlier ticket for each merged one: dispatched, and not merged itself."""
    into = np.full(len(merged), -1)
    hosts = np.flatnonzero(eligible & ~merged)
    guests = np.flatnonzero(merged)
    earlier = np.searchsorted(hosts, guests) - 1 - rng.integers(0, 60, len(guests))
    into[guests] = np.where(earlier >= 0, hosts[np.maximum(earlier, 0)], -1)
    return into


def _difference(more: tuple[int, ...], less: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(more, less, strict=True))


def draw_roles(
    rng: np.random.Generator, volumes: Volumes, accepted: Times, month: Ints, origin: Ints
) -> tuple[Roles, Matters]:
    """Choose the fate of each ticket, and what it is about, which depends on it.

    Args:
        rng: stream to draw from.
        volumes: tickets accepted and closed by month, direct answers and returns of the year.
        accepted: acceptance of each ticket.
        month: month of each acceptance, from 0.
        origin: position of the ticket that was the first about the same matter.
    """
    count = len(accepted)
    everyone = np.ones(count, np.bool_)
    of_month = tuple(np.bincount(month, minlength=len(MONTHS)).tolist())
    void = _choose(rng, month, everyone, _difference(of_month, volumes.tickets_accepted))
    direct_counts = share_out(volumes.direct_answers, volumes.tickets_accepted)
    direct = _choose(rng, month, ~void, direct_counts)
    direct |= void & (rng.random(count) < _VOID_DIRECT_SHARE)
    matters = draw_matters(rng, direct, origin)
    urgent = (matters.urgency == "突发").to_numpy() & ~direct
    consultation = (matters.ticket_type == CONSULTATION).to_numpy()
    ordinary = ~direct & ~urgent & ~void
    # Open tickets must be overdue when the last file is written: none of late December.
    early = accepted < month_start(volumes.year, 11) + 15 * DAY
    open_counts = _difference(volumes.tickets_accepted, volumes.tickets_closed)
    stays_open = _choose(rng, month, ordinary & early, open_counts)
    returned_counts = share_out(volumes.returned_tickets, volumes.tickets_accepted)
    eligible = ordinary & ~stays_open & ~consultation
    returned = _choose(rng, month, eligible, returned_counts)
    plain = ordinary & ~stays_open & ~returned
    extended = plain & (rng.random(count) < EXTENDED_SHARE)
    merged = plain & ~extended & (rng.random(count) < MERGED_SHARE)
    roles = Roles(
        void=void,
        direct=direct,
        urgent=urgent,
        consultation=consultation,
        open=stays_open,
        returned=returned,
        returned_twice=returned & (rng.random(count) < _RETURNED_TWICE_SHARE),
        extended=extended,
        merged_into=_merge(rng, merged, ordinary),
    )
    return roles, matters
