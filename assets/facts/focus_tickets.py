"""focus_tickets: the dispatched tickets of the sectors that are followed daily, one by one."""

import polars as pl

from schemas import FACTS
from schemas.exports.tickets import DISPATCHED, VOIDED
from schemas.wall_clock import wall_clock

table = FACTS["focus_tickets"]

_LIMITS = {column.name: column.max_length for column in table.columns}


def focus_tickets_facts(tickets: pl.LazyFrame) -> pl.LazyFrame:
    """List the dispatched tickets of a followed sector, voided ones apart.

    Args:
        tickets: rows of a month as they now stand, titles already masked, with `deadline`.

    Returns:
        The columns of the table; titles are cut to its limit.
    """
    return tickets.filter(
        pl.col("sector").is_not_null(),
        pl.col("handling") == DISPATCHED,
        pl.col("status") != VOIDED,
    ).select(
        wall_clock(pl.col("accepted_at")).dt.date().alias("date"),
        pl.col("title").str.head(_LIMITS["title"]),
        *(name for name in table.measures if name not in ("date", "title")),
        "ticket_id",
    )
