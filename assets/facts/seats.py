"""seats: how many agents answered calls, hour by hour."""

import polars as pl

from schemas.exports.calls import ANSWERED
from schemas.wall_clock import wall_clock


def seats_facts(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Count the different agents behind the answered calls of a month.

    Args:
        calls: rows as they now stand. A call belongs to the hour in which it reached the hotline,
            as in `calls`; test calls and calls without a known agent are left out.

    Returns:
        `agents` by `date` and `hour`.
    """
    offered = wall_clock(pl.col("offered_at"))
    return (
        calls.filter(pl.col("outcome") == ANSWERED, pl.col("agent_id").is_not_null())
        .group_by(date=offered.dt.date(), hour=offered.dt.hour().cast(pl.Int64))
        .agg(agents=pl.col("agent_id").n_unique())
    )
