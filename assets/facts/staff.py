"""staff: people on duty and their assessment by position."""

import polars as pl

from schemas.exports.quality import YES
from schemas.exports.staff import NOT_ASSESSED, PASSED


def staff_facts(staff: pl.LazyFrame) -> pl.LazyFrame:
    """Aggregate the staff list of a month (FACTS.md, section 2).

    Returns:
        `on_duty`, `assessed`, `passed` by `position`.
    """
    return staff.group_by("position").agg(
        on_duty=(pl.col("on_duty") == YES).sum(),
        assessed=(pl.col("assessment") != NOT_ASSESSED).sum(),
        passed=pl.col("assessment").is_in(list(PASSED)).sum(),
    )
