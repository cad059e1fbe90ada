"""calls and seats: volume, loss, waits and talk time, and the agents behind them, by hour."""

from collections.abc import Collection

import polars as pl

from assets.facts.absent import measured
from schemas.exports.calls import (
    AGENT_REJECTED,
    ANSWERED,
    HUNG_UP,
    RING_TIMEOUT,
    TEST,
)
from schemas.wall_clock import wall_clock

SERVICE_LEVEL_SECONDS = 15


def calls_facts(calls: pl.LazyFrame, absent: Collection[str] = ()) -> pl.LazyFrame:
    """Aggregate the calls of a month (FACTS.md, section 2).

    Args:
        calls: current rows.
        absent: columns that the platform does not have.

    Returns:
        The measures by `date`, `hour` and `line`; test calls are in `excluded_test` only.
    """
    offered, answered, ended = (pl.col(f"{each}_at") for each in ("offered", "answered", "ended"))
    shown = wall_clock(offered)
    outcome = pl.col("outcome")
    counts = outcome != TEST
    was_answered = outcome == ANSWERED
    wait = (answered - offered).dt.total_seconds()
    lost = counts & ~was_answered
    zero = pl.lit(0, pl.Int64)

    def seconds(rows: pl.Expr, value: pl.Expr) -> pl.Expr:
        return pl.when(rows).then(value).otherwise(zero).sum()

    return (
        calls.with_columns(date=shown.dt.date(), hour=shown.dt.hour().cast(pl.Int64))
        .group_by("date", "hour", "line")
        .agg(
            **measured(
                absent,
                offered=counts.sum(),
                answered=was_answered.sum(),
                hung_up=(outcome == HUNG_UP).sum(),
                ring_timeout=(outcome == RING_TIMEOUT).sum(),
                agent_rejected=(outcome == AGENT_REJECTED).sum(),
                excluded_test=(~counts).sum(),
                legs=pl.col("legs").filter(counts).sum(),
                answered_within_15s=(was_answered & (wait <= SERVICE_LEVEL_SECONDS)).sum(),
                answered_wait_seconds=seconds(was_answered, wait),
                lost_wait_seconds=seconds(lost, (ended - offered).dt.total_seconds()),
                talk_seconds=seconds(was_answered, (ended - answered).dt.total_seconds()),
            )
        )
    )


def seats_facts(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Count the different agents behind the answered calls of a month.

    Args:
        calls: current rows. A call belongs to the hour in which it reached the hotline,
            as in `calls`; test calls and calls without a known agent are left out.

    Returns:
        `agents` by `date` and `hour`.
    """
    offered = wall_clock(pl.col("offered_at"))
    answered = calls.filter(pl.col("outcome") == ANSWERED, pl.col("agent_id").is_not_null()).select(
        "agent_id", "agents", date=offered.dt.date(), hour=offered.dt.hour().cast(pl.Int64)
    )
    hours = ("date", "hour")
    further = (
        answered.filter(pl.col("agents").is_not_null())
        .explode("agents")
        .select(*hours, agent_id="agents")
    )
    return (
        pl.concat([answered.select(*hours, "agent_id"), further])
        .group_by(hours)
        .agg(agents=pl.col("agent_id").n_unique())
    )
