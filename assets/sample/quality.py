"""The inspections of the year: which answered calls were listened to, live or afterwards.

Belongs here: true rows of the dataset `quality`.
"""

import numpy as np
import polars as pl

from assets.sample.clock import DAY, Times, midnight, month_index, office_time, seconds
from assets.sample.volumes import MONTHS, Volumes

MODES = ("在线", "事后")
_LIVE_SHARE = 0.35
# Three of the back office, whose ids follow those of the forty agents.
_INSPECTORS = ("0041", "0042", "0043")
PASS_MARK = 80


def _month(
    rng: np.random.Generator, volumes: Volumes, month: int, answered: pl.DataFrame
) -> pl.DataFrame:
    count = volumes.calls_monitored[month]
    calls = answered.filter(answered["month"] == month)
    calls = calls[np.sort(rng.choice(calls.height, count, replace=False))]
    start: Times = calls["answered_at"].to_numpy().astype("datetime64[s]")
    talk = (calls["ended_at"] - calls["answered_at"]).dt.total_seconds().to_numpy()
    during = start + seconds(talk * rng.random(count))
    afterwards = midnight(start) + rng.integers(1, 4, count) * DAY + office_time(rng, count)
    # A call of the last days of a month is listened to live: the inspection counts in the month.
    live = (rng.random(count) < _LIVE_SHARE) | (month_index(afterwards, volumes.year) != month)
    during = np.where(month_index(during, volumes.year) == month, during, start)
    passed = np.zeros(count, np.bool_)
    passed[rng.choice(count, volumes.calls_monitored_passed[month], replace=False)] = True
    high = np.minimum(PASS_MARK + rng.integers(0, 31, count), 100)
    low = PASS_MARK - rng.integers(1, 31, count)
    return pl.DataFrame(
        {
            "call_id": calls["call_id"],
            "inspected_at": np.where(live, during, afterwards).astype("datetime64[us]"),
            "mode": pl.Series(MODES).gather((~live).astype(np.int64)),
            "inspector_id": pl.Series(_INSPECTORS).gather(rng.integers(0, 3, count)),
            "score": np.where(passed, high, low),
            "passed": pl.Series(["否", "是"]).gather(passed.astype(np.int64)),
        }
    )


def make_quality(
    seed: np.random.SeedSequence, volumes: Volumes, calls: pl.DataFrame
) -> pl.DataFrame:
    """The year's inspections, each of an answered call of the same month.

    Args:
        seed: its streams are independent of all other datasets'.
        volumes: monitored and passed by month.
        calls: the year's calls, as `make_calls` returns them.

    Returns:
        Columns of the dataset in canonical names, times naive, sorted by `inspected_at`; the
        score in points of 100.
    """
    streams = [np.random.Generator(np.random.PCG64(each)) for each in seed.spawn(len(MONTHS))]
    answered = calls.filter(calls["outcome"] == "接通")
    months = month_index(answered["answered_at"].to_numpy().astype("datetime64[s]"), volumes.year)
    answered = answered.with_columns(pl.Series("month", months))
    rows = pl.concat([_month(streams[month], volumes, month, answered) for month in MONTHS])
    rows = rows.sort("inspected_at", "call_id")
    running = pl.int_range(1, rows.height + 1, eager=True).cast(pl.String).str.zfill(6)
    ids = "ZJ" + rows["inspected_at"].dt.strftime("%Y%m%d") + running
    return rows.select(ids.alias("inspection_id"), pl.all())
