"""Join the legs of a call: rows of one id, as transfers and further rings make them.

Used where the profile says `same_id = "legs"`. Like `resolve` a pure function of the set of rows,
so that the legs of a call may lie in several files, in any order:

- rows with the same times and agent are one leg: the later file's row stands, then the later line;
- a leg that ends more than six hours after the call began belongs to another call, whose id was
  used again, and is quarantined;
- the others are one call: first offer, first answer, last end. It was answered if any leg was; else
  the leg that ended last says what became of it.
"""

import polars as pl

from assets.details.resolve import (
    ACCEPTED,
    DUPLICATE,
    FATE,
    JOINED,
    QUARANTINED,
    RANK,
    SUPERSEDED,
)
from assets.exports import LINE
from schemas.exports.calls import ANSWERED, LONGEST
from schemas.table import ExportTable

# Columns that the details of calls have beside those of the export: the number of its rows, and its
# agents in order where it has several rows: those who answered; of a lost call, those of its
# outcome.
LEGS: dict[str, pl.DataType] = {"legs": pl.Int64(), "agents": pl.List(pl.String)}
ONE_LEG = (pl.lit(1, pl.Int64).alias("legs"), pl.lit(None, LEGS["agents"]).alias("agents"))
# What a leg breaks that belongs to another call: rule and column.
STRAY_LEG = ("call_too_long", "ended_at")
_OUTCOME = "__outcome"


def resolve_legs(rows: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Give every row its fate, and the row that stands for a call what its legs say together.

    Args:
        rows: as of `resolve`.
        table: the calls.

    Returns:
        The rows in any order, with `__fate` and the columns of `LEGS`: the first leg of each call
        is accepted and holds the whole call, the others are joined.
    """
    key = list(table.key)
    several = pl.struct(key).is_duplicated()
    alone = rows.filter(~several).with_columns(pl.lit(ACCEPTED).alias(FATE))
    leg = pl.struct(*key, *table.order, "agent_id")
    ranked = (
        rows.filter(several)
        .sort(RANK, LINE)
        .with_columns(
            pl.when(~pl.struct(table.stored_columns).is_last_distinct())
            .then(pl.lit(DUPLICATE))
            .when(~leg.is_last_distinct())
            .then(pl.lit(SUPERSEDED))
            .otherwise(pl.lit(JOINED))
            .alias(FATE)
        )
    )
    again, legs = ranked.filter(pl.col(FATE) != JOINED), ranked.filter(pl.col(FATE) == JOINED)
    began = pl.col("offered_at").min().over(key)
    is_stray = (pl.col("ended_at") - began > LONGEST).fill_null(value=False)
    stray = legs.filter(is_stray).with_columns(pl.lit(QUARANTINED).alias(FATE))
    legs = legs.filter(~is_stray).sort(*table.order, RANK, LINE, nulls_last=True)
    joined = legs.filter(~pl.struct(key).is_first_distinct())
    parts = [alone, again, stray, joined]
    return pl.concat([*(each.with_columns(ONE_LEG) for each in parts), _calls(legs, key)])


def _calls(legs: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """One row for each call, from its legs in the order of their times."""
    last = pl.col("outcome").sort_by("ended_at", RANK, LINE).last().over(key)
    was_answered = (pl.col("outcome") == ANSWERED).any().over(key)
    outcome = pl.when(was_answered).then(pl.lit(ANSWERED)).otherwise(last)
    of_outcome = pl.col("outcome").eq_missing(pl.col(_OUTCOME))
    agents = pl.col("agent_id").filter(of_outcome & pl.col("agent_id").is_not_null())
    together = {
        "caller_key": pl.col("caller_key").drop_nulls().first(),
        "answered_at": pl.col("answered_at").filter(of_outcome).min(),
        "ended_at": pl.col("ended_at").max(),
        "agent_id": agents.first(),
        "outcome": pl.col(_OUTCOME).first(),
        "rating": pl.col("rating").drop_nulls().last(),
        FATE: pl.lit(ACCEPTED),
    }
    firsts = {name: pl.col(name).first() for name in legs.columns if name not in key}
    marked = legs.with_columns(outcome.alias(_OUTCOME))
    return (
        marked.group_by(key, maintain_order=True)
        .agg(
            **firsts | together,
            legs=pl.len().cast(pl.Int64),
            agents=agents.unique(maintain_order=True),
        )
        .select(*legs.columns, *LEGS)
    )
