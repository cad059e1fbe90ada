"""The calls of the year: who called which line when, how long it rang, who answered.

Belongs here: true rows of the dataset `calls`. The hour-of-day load is in `clock`; what a call
was about is in `tickets`.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.sample.clock import (
    NEVER,
    Flags,
    Ints,
    Times,
    arrivals,
    draw_without_return,
    second_of_day,
    seconds,
)
from assets.sample.volumes import MONTHS, TEST_CALL_SHARE, Volumes, read_data

ANSWERED, HUNG_UP, RING_TIMEOUT, REJECTED, TEST = range(5)
OUTCOMES = ("接通", "用户挂断", "振铃超时", "坐席拒接", "测试")
RATINGS = ("非常满意", "满意", "基本满意", "不满意", "未评价", None)
RATING_SHARES = (0.09, 0.24, 0.015, 0.004, 0.201, 0.45)
CITIZENS = 90_000
_AREA_CODE = "0916"
_LANDLINE_SHARE = 0.07
_MOBILE_PREFIXES = np.array(
    [f"13{digit}" for digit in range(10)]
    + [f"15{digit}" for digit in (0, 1, 2, 3, 5, 6, 7, 8, 9)]
    + [f"18{digit}" for digit in range(10)]
    + ["147", "166", "173", "175", "176", "177", "178", "191", "193", "198", "199"]
)
# Agents on duty in each shift, of 40: most by day, few at night (section on sustainability).
_SHIFTS = ((0, 8, 4), (8, 14, 15), (14, 18, 19), (18, 21, 8), (21, 24, 4))


def citizens(rng: np.random.Generator) -> NDArray[np.str_]:
    """Phone numbers of the citizens: mobiles, and landlines with area code."""
    prefixes = _MOBILE_PREFIXES[rng.integers(0, len(_MOBILE_PREFIXES), CITIZENS)]
    numbers = rng.integers(10_000_000, 99_999_999, CITIZENS).astype(str)
    landlines = np.char.add(_AREA_CODE, rng.integers(2_100_000, 8_999_999, CITIZENS).astype(str))
    is_landline = rng.random(CITIZENS) < _LANDLINE_SHARE
    return np.where(is_landline, landlines, np.char.add(prefixes, numbers))


def _lost(rng: np.random.Generator, offered: Times, count: int) -> Flags:
    """Which calls are lost: more at the peaks of the day, and at night."""
    hour = second_of_day(offered) // 3600
    peak = ((hour >= 8) & (hour < 12)) | ((hour >= 14) & (hour < 18))
    weights = np.where(peak, 2.6, np.where(hour < 7, 1.6, 1.0))
    lost = np.zeros(len(offered), np.bool_)
    lost[draw_without_return(rng, weights, count)] = True
    return lost


def _wait(rng: np.random.Generator, offered: Times, outcome: Ints) -> Ints:
    """Seconds from the call's arrival until it was answered or lost."""
    count = len(offered)
    hour = second_of_day(offered) // 3600
    busy = np.where(((hour >= 8) & (hour < 11)) | ((hour >= 14) & (hour < 17)), 1.35, 1.0)
    answered = np.minimum(rng.lognormal(1.75, 0.75, count) * busy, 240)
    answered[rng.random(count) < 0.02] = 0
    gave_up = np.clip(rng.lognormal(3.2, 0.7, count), 2, 400)
    rang_out = rng.integers(30, 62, count).astype(float)
    rejected = rng.integers(3, 16, count).astype(float)
    return np.asarray(
        np.select(
            [outcome == HUNG_UP, outcome == RING_TIMEOUT, outcome == REJECTED],
            [gave_up, rang_out, rejected],
            answered,
        ),
        dtype=np.int64,
    )


def _agents(offered: Times) -> Ints:
    """Number of the agent who is rung: the shift's agents in turn, the shifts rotating by day."""
    hour = second_of_day(offered) // 3600
    day = np.asarray(offered.astype("datetime64[D]"), dtype=np.int64)
    agent = np.zeros(len(offered), np.int64)
    turn = np.arange(len(offered))
    for number, (start, end, size) in enumerate(_SHIFTS):
        on_shift = (hour >= start) & (hour < end)
        first = day[on_shift] * 3 + number * 11
        agent[on_shift] = (first + turn[on_shift] % size) % 40
    return agent + 1


def _month(
    rng: np.random.Generator, volumes: Volumes, month: int, numbers: NDArray[np.str_]
) -> pl.DataFrame:
    offered_count = volumes.calls_offered[month]
    test_count = round(offered_count * TEST_CALL_SHARE)
    count = offered_count + test_count
    offered = arrivals(rng, volumes, month, count)
    is_test = np.zeros(count, np.bool_)
    is_test[rng.choice(count, test_count, replace=False)] = True
    true_calls = np.flatnonzero(~is_test)
    lost = _lost(rng, offered[true_calls], offered_count - volumes.calls_answered[month])
    outcome = np.full(count, TEST)
    reason = rng.choice([HUNG_UP, RING_TIMEOUT, REJECTED], len(true_calls), p=[0.8, 0.15, 0.05])
    outcome[true_calls] = np.where(lost, reason, ANSWERED)
    answered_at = offered + seconds(_wait(rng, offered, outcome))
    talk = np.clip(rng.lognormal(4.7, 0.75, count), 8, 3 * 3600)
    talk[is_test] = rng.integers(3, 20, test_count)
    has_answer = (outcome == ANSWERED) | (is_test & (rng.random(count) < 0.7))
    ended_at = np.where(has_answer, answered_at + seconds(talk), answered_at)
    names = read_data("subjects.toml")["text"]
    shares = np.array(names["line_weights"]) / sum(names["line_weights"])
    line = np.where(is_test, 0, rng.choice(len(shares), count, p=shares))
    rating = rng.choice(len(RATINGS), count, p=RATING_SHARES)
    callers = numbers[(CITIZENS * rng.random(count) ** 2).astype(np.int64)]
    answered_at[~has_answer] = NEVER
    rung = has_answer | (outcome == RING_TIMEOUT) | (outcome == REJECTED)
    return pl.DataFrame(
        {
            "caller": np.where(is_test, "09162609999", callers),
            "line": pl.Series(names["lines"]).gather(line),
            "offered_at": offered.astype("datetime64[us]"),
            "answered_at": answered_at.astype("datetime64[us]"),
            "ended_at": ended_at.astype("datetime64[us]"),
            "agent_id": np.where(rung, _agents(offered), 0),
            "outcome": pl.Series(OUTCOMES).gather(outcome),
            "rating": pl.Series(RATINGS).gather(np.where(outcome == ANSWERED, rating, 5)),
        }
    )


def make_calls(seed: np.random.SeedSequence, volumes: Volumes) -> pl.DataFrame:
    """The year's calls, test calls included.

    Args:
        seed: its streams are independent of all other datasets'.
        volumes: calls offered and answered by month.

    Returns:
        Columns of the dataset in canonical names, times naive, sorted by `offered_at`.
    """
    first, *months = seed.spawn(1 + len(MONTHS))
    numbers = citizens(np.random.Generator(np.random.PCG64(first)))
    rows = pl.concat(
        [
            _month(np.random.Generator(np.random.PCG64(stream)), volumes, month, numbers)
            for month, stream in enumerate(months)
        ]
    )
    running = pl.int_range(1_000_001, 1_000_001 + rows.height).cast(pl.String).str.zfill(10)
    return rows.select(
        (pl.col("offered_at").dt.strftime("%Y%m%d") + running).alias("call_id"),
        "caller",
        "line",
        "offered_at",
        "answered_at",
        "ended_at",
        pl.when(pl.col("agent_id") > 0).then(pl.col("agent_id").cast(pl.String).str.zfill(4)),
        "outcome",
        "rating",
    )
