"""knowledge: changes of the knowledge base by day and unit."""

import polars as pl

from schemas.exports.knowledge import ADDED, RETIRED, REVISED
from schemas.wall_clock import wall_clock


def knowledge_facts(knowledge: pl.LazyFrame) -> pl.LazyFrame:
    """Aggregate the changes of a month (FACTS.md, section 2).

    Returns:
        `added`, `revised`, `retired` by `date` and `unit`.
    """
    action = pl.col("action")
    return (
        knowledge.with_columns(date=wall_clock(pl.col("updated_at")).dt.date())
        .group_by("date", "unit")
        .agg(
            added=(action == ADDED).sum(),
            revised=(action == REVISED).sum(),
            retired=(action == RETIRED).sum(),
        )
    )
