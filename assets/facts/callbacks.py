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

_GRAIN = ("date", "unit", "ticket_type")


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
    placed = callbacks.select(
        *("ticket_id", "result", "satisfaction"), date=wall_clock(pl.col("called_at")).dt.date()
    ).join(tickets, on="ticket_id", how="left")
    attempts = placed.group_by(_GRAIN).agg(
        attempts=pl.len(),
        reached=reached.sum(),
        refused=(pl.col("result") == REFUSED).sum(),
        satisfied=(answer == SATISFIED).sum(),
        basically_satisfied=(answer == BASICALLY_SATISFIED).sum(),
        dissatisfied=(answer == DISSATISFIED).sum(),
        unrated=(reached & (answer.is_null() | (answer == UNRATED))).sum(),
    )
    # On the first day that it was called in the month, whichever attempt of that day was first.
    first_called = (
        placed.group_by("ticket_id")
        .agg(pl.min("date"), pl.first("unit", "ticket_type"))
        .join(called_before, on="ticket_id", how="anti")
        .group_by(_GRAIN)
        .agg(tickets_called=pl.len())
    )
    return attempts.join(first_called, on=_GRAIN, how="left", nulls_equal=True).with_columns(
        pl.col("tickets_called").fill_null(0)
    )
