"""quality: inspections of calls by day and mode."""

import polars as pl

from schemas.exports.quality import YES
from schemas.wall_clock import wall_clock


def quality_facts(quality: pl.LazyFrame) -> pl.LazyFrame:
    """Aggregate the inspections of a month (FACTS.md, section 2).

    Returns:
        `monitored`, `passed`, `score_sum` by `date` and `mode`. Scores are summed in hundredths: a
        sum of floats would depend on the order of the rows.
    """
    scores = (pl.col("score") * 100).round().cast(pl.Int64).sum()
    return (
        quality.with_columns(date=wall_clock(pl.col("inspected_at")).dt.date())
        .group_by("date", "mode")
        .agg(monitored=pl.len(), passed=(pl.col("passed") == YES).sum(), score_sum=scores / 100)
    )
