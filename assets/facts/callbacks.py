"""callbacks: attempts, contacts and answers, with unit and type of the ticket."""

import polars as pl

from schemas.exports.callbacks import (
    BASICALLY_SATISFIED,
    DISSATISFIED,
    REACHED,
    REFUSED,
    SATISFIED,
    UNRATED,
)
from schemas.wall_clock import wall_clock


def callbacks_facts(
    callbacks: pl.LazyFrame, *, tickets: pl.LazyFrame, called_before: pl.LazyFrame
) -> pl.LazyFrame:
    """Aggregate the callbacks of a month (FACTS.md, section 2).

    Args:
        callbacks: rows as they now stand.
        tickets: `ticket_id`, `unit`, `ticket_type` of the tickets of this month and before.
        called_before: `ticket_id` of the callbacks of earlier months.

    Returns:
        The measures by day, unit and type; both are empty while the ticket is unknown. A reached
        citizen without an answer counts as unrated.
    """
    reached = pl.col("result") == REACHED
    answer = pl.col("satisfaction")
    before = called_before.select("ticket_id", before=pl.lit(value=True)).unique()
    first = pl.col("first_of_month") & pl.col("before").is_null()
    return (
        callbacks.sort("called_at", "callback_id")
        .with_columns(
            date=wall_clock(pl.col("called_at")).dt.date(),
            first_of_month=pl.col("ticket_id").is_first_distinct(),
        )
        .join(tickets, on="ticket_id", how="left")
        .join(before, on="ticket_id", how="left")
        .group_by("date", "unit", "ticket_type")
        .agg(
            attempts=pl.len(),
            reached=reached.sum(),
            refused=(pl.col("result") == REFUSED).sum(),
            satisfied=(answer == SATISFIED).sum(),
            basically_satisfied=(answer == BASICALLY_SATISFIED).sum(),
            dissatisfied=(answer == DISSATISFIED).sum(),
            unrated=(reached & (answer.is_null() | (answer == UNRATED))).sum(),
            tickets_called=first.sum(),
        )
    )
