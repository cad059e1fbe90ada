"""The callbacks of the year: which closed tickets were called, how often, and what was said.

Belongs here: true rows of the dataset `callbacks`. The attempts of a month are counted by when
they were made, so all attempts about a ticket are made to lie in one month.
"""

import numpy as np
import polars as pl

from assets.sample.clock import (
    DAY,
    NEVER,
    Flags,
    Ints,
    Times,
    midnight,
    month_index,
    month_start,
    second_of_day,
    seconds,
)
from assets.sample.tickets import Tickets
from assets.sample.volumes import MONTHS, Volumes

REACHED, MISSED, REFUSED = range(3)
RESULTS = ("接通", "未接通", "拒访")
SATISFIED, BASICALLY, DISSATISFIED, UNRATED, NOTHING = range(5)
SATISFACTIONS = ("满意", "基本满意", "不满意", "未评价", None)
# Of the attempts that reached nobody: share that is the first one of a ticket never reached.
_NEVER_REACHED_SHARE = 0.35
_REFUSED_SHARE = 0.12
_BASICALLY_SHARE = 0.11
_MOST_RETRIES = 2
_OPENS, _CLOSES = 8 * 3600 + 1800, 20 * 3600 + 1800


def _first_calls(rng: np.random.Generator, closed: Times) -> Times:
    """When a closed ticket would first be called: some hours later, by day."""
    wanted = closed + seconds(rng.integers(1800, 60 * 3600, len(closed)))
    second = second_of_day(wanted)
    morning = midnight(wanted) + seconds(rng.integers(_OPENS, 12 * 3600, len(closed)))
    by_day = np.where(second >= _CLOSES, morning + DAY, np.where(second < _OPENS, morning, wanted))
    return np.maximum(by_day, closed + seconds(np.full(len(closed), 60)))


def _month(
    rng: np.random.Generator, volumes: Volumes, month: int, first: Times
) -> tuple[Ints, Times, Ints]:
    """A month's attempts: position of the ticket, time, result.

    Args:
        rng: stream to draw from.
        volumes: attempts and reached by month.
        month: 0 for January.
        first: when each ticket would first be called, NaT for those that cannot be.
    """
    reached = volumes.callbacks_reached[month]
    missed = volumes.callbacks_attempted[month] - reached
    never = round(missed * _NEVER_REACHED_SHARE)
    candidates = np.flatnonzero(month_index(first, volumes.year) == month)
    called = np.sort(rng.choice(candidates, reached + never, replace=False))
    is_never = np.zeros(len(called), np.bool_)
    is_never[rng.choice(len(called), never, replace=False)] = True
    # Retries come on the next days: only where these still lie in the month.
    end = month_start(volumes.year, month + 1)
    early = np.flatnonzero(first[called] < end - (_MOST_RETRIES + 1) * DAY)
    slots = np.tile(early, _MOST_RETRIES)
    retries = np.bincount(rng.choice(slots, missed - never, replace=False), minlength=len(called))
    number = np.concatenate([np.arange(each) for each in retries + 1])
    position = np.repeat(np.arange(len(called)), retries + 1)
    start = first[called][position]
    jitter = seconds(rng.integers(_OPENS, _CLOSES, len(position)))
    at = np.where(number > 0, midnight(start) + number * DAY + jitter, start)
    is_last = number == retries[position]
    refused = is_last & is_never[position] & (rng.random(len(position)) < _REFUSED_SHARE)
    result = np.where(is_last & ~is_never[position], REACHED, np.where(refused, REFUSED, MISSED))
    return called[position], at, result


def _satisfaction(rng: np.random.Generator, volumes: Volumes, month: Ints, reached: Flags) -> Ints:
    """What was said: exactly as many satisfied, of either degree, as published."""
    said = np.full(len(month), NOTHING)
    for number in MONTHS:
        positions = rng.permutation(np.flatnonzero(reached & (month == number)))
        satisfied = volumes.callbacks_satisfied[number]
        happy, others = positions[:satisfied], positions[satisfied:]
        said[happy] = np.where(rng.random(satisfied) < _BASICALLY_SHARE, BASICALLY, SATISFIED)
        said[others] = np.where(rng.random(len(others)) < 0.6, DISSATISFIED, UNRATED)
    return said


def make_callbacks(
    seed: np.random.SeedSequence, volumes: Volumes, tickets: Tickets
) -> pl.DataFrame:
    """The year's attempts to call citizens back.

    Args:
        seed: its streams are independent of all other datasets'.
        volumes: attempts, reached and satisfied by month.
        tickets: the year's tickets; only closed ones are called.

    Returns:
        Columns of the dataset in canonical names, times naive, sorted by `called_at`.
    """
    first, last, *streams = (
        np.random.Generator(np.random.PCG64(each)) for each in seed.spawn(2 + len(MONTHS))
    )
    closed = np.where(tickets.roles.merged_into < 0, tickets.lives.closed, NEVER)
    first_call = _first_calls(first, closed)
    months = [_month(streams[month], volumes, month, first_call) for month in MONTHS]
    position, at, result = (np.concatenate(parts) for parts in zip(*months, strict=True))
    order = np.lexsort((position, at))
    position, at, result = position[order], at[order], result[order]
    month = month_index(at, volumes.year)
    said = _satisfaction(last, volumes, month, result == REACHED)
    agents = last.integers(1, volumes.agents_on_duty + 1, len(at))
    called_at = pl.Series(at.astype("datetime64[us]"))
    running = pl.int_range(1, len(at) + 1, eager=True).cast(pl.String).str.zfill(6)
    return pl.DataFrame(
        {
            "callback_id": "HF" + called_at.dt.strftime("%Y%m%d") + running,
            "ticket_id": tickets.fixed["ticket_id"].gather(position),
            "called_at": called_at,
            "result": pl.Series(RESULTS).gather(result),
            "satisfaction": pl.Series(SATISFACTIONS).gather(said),
            "agent_id": pl.Series(agents).cast(pl.String).str.zfill(4),
        }
    )
