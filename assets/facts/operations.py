"""quality, knowledge and staff: inspections, the knowledge base and the people of the hotline.

`absent` names the columns that the platform does not have.
"""

from collections.abc import Collection

import polars as pl

from assets.facts.absent import measured
from schemas.exports.knowledge import ADDED, RETIRED, REVISED
from schemas.exports.quality import YES
from schemas.exports.staff import NOT_ASSESSED, PASSED
from schemas.wall_clock import wall_clock


def quality_facts(quality: pl.LazyFrame, absent: Collection[str] = ()) -> pl.LazyFrame:
    """Aggregate the inspections of a month (FACTS.md, section 2).

    Returns:
        `monitored`, `passed`, `score_sum` by `date` and `mode`. Scores are summed in hundredths: a
        sum of floats would depend on the order of the rows.
    """
    scores = (pl.col("score") * 100).round().cast(pl.Int64).sum()
    return (
        quality.with_columns(date=wall_clock(pl.col("inspected_at")).dt.date())
        .group_by("date", "mode")
        .agg(
            **measured(
                absent,
                monitored=pl.len(),
                passed=(pl.col("passed") == YES).sum(),
                score_sum=scores / 100,
            )
        )
    )


def knowledge_facts(knowledge: pl.LazyFrame, absent: Collection[str] = ()) -> pl.LazyFrame:
    """Aggregate the changes of a month (FACTS.md, section 2).

    Returns:
        `added`, `revised`, `retired` by `date` and `unit`.
    """
    action = pl.col("action")
    return (
        knowledge.with_columns(date=wall_clock(pl.col("updated_at")).dt.date())
        .group_by("date", "unit")
        .agg(
            **measured(
                absent,
                added=(action == ADDED).sum(),
                revised=(action == REVISED).sum(),
                retired=(action == RETIRED).sum(),
            )
        )
    )


def staff_facts(staff: pl.LazyFrame, absent: Collection[str] = ()) -> pl.LazyFrame:
    """Aggregate the staff list of a month (FACTS.md, section 2).

    Returns:
        `on_duty`, `assessed`, `passed` by `position`.
    """
    return staff.group_by("position").agg(
        **measured(
            absent,
            on_duty=(pl.col("on_duty") == YES).sum(),
            assessed=(pl.col("assessment") != NOT_ASSESSED).sum(),
            passed=pl.col("assessment").is_in(list(PASSED)).sum(),
        )
    )
