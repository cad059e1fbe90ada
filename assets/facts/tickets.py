"""tickets: the tickets accepted in a month, as they stand at the cutoff."""

from datetime import datetime

import polars as pl

from assets.deadlines import DEADLINE
from schemas import FACTS
from schemas.exports.tickets import DIRECT, DISPATCHED, MERGED, VOIDED
from schemas.wall_clock import wall_clock

table = FACTS["tickets"]


def tickets_facts(tickets: pl.LazyFrame, *, cutoff: datetime) -> pl.LazyFrame:
    """Aggregate the tickets of a month of acceptance (FACTS.md, section 2).

    Args:
        tickets: rows as they now stand, with `deadline`.
        cutoff: open tickets are in time or overdue as of this moment.

    Returns:
        The measures by day of acceptance and attributes; voided ones are in `excluded_void` only.
    """
    counts = pl.col("status") != VOIDED
    closed = counts & pl.col("closed_at").is_not_null()
    # Tickets answered on the spot have no deadline: they are closed when answered.
    late = (pl.col("closed_at") > pl.col(DEADLINE)).fill_null(value=False)
    overdue = (pl.lit(cutoff) > pl.col(DEADLINE)).fill_null(value=False)
    direct = counts & (pl.col("handling") == DIRECT)
    dispatched = counts & (pl.col("handling") == DISPATCHED)
    still_open = counts & ~closed
    taken = (pl.col("closed_at") - pl.col("accepted_at")).dt.total_seconds()
    zero = pl.lit(0, pl.Int64)
    grain = [name for name in table.grain if name not in ("month", "date")]
    return (
        tickets.with_columns(date=wall_clock(pl.col("accepted_at")).dt.date())
        .group_by("date", *grain)
        .agg(
            accepted=counts.sum(),
            direct_answered=direct.sum(),
            dispatched=dispatched.sum(),
            closed=closed.sum(),
            closed_on_time=(closed & ~late).sum(),
            closed_late=(closed & late).sum(),
            open_in_time=(still_open & ~overdue).sum(),
            open_overdue=(still_open & overdue).sum(),
            merged=(pl.col("status") == MERGED).sum(),
            returned_tickets=(counts & (pl.col("returns") > 0)).sum(),
            returns=pl.when(counts).then("returns").otherwise(zero).sum(),
            extended=(counts & pl.col("extended_to").is_not_null()).sum(),
            close_seconds=pl.when(closed).then(taken).otherwise(zero).sum(),
            excluded_void=(~counts).sum(),
        )
    )
