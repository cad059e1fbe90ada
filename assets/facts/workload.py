"""workload: what happened to the dispatched tickets of a month of acceptance, day by day.

A state at the end of a day counts what happened before the midnight that ends it. A ticket is
overdue after the last second of its deadline, and due soon while less than 24 hours are left.
"""

from datetime import datetime

import polars as pl

from assets.deadlines import DEADLINE
from schemas import FACTS
from schemas.exports.tickets import DISPATCHED, VOIDED
from schemas.wall_clock import wall_clock

table = FACTS["workload"]

_SOON = pl.duration(hours=24)


def workload_facts(tickets: pl.LazyFrame, *, as_of: datetime) -> pl.LazyFrame:
    """Count events of the dispatched tickets, voided ones apart.

    Args:
        tickets: rows as they now stand, with `deadline`: an extended ticket counts as if it had
            had its last deadline from the start.
        as_of: what open tickets would go through after this moment has not happened; the same
            moment that `tickets` of the month is stated as of.

    Returns:
        The measures by day of the event and unit. Their sums over the file are those of `tickets`:
        opened = dispatched, turned_overdue = closed_late + open_overdue of the dispatched ones.
    """
    accepted, closed, deadline = pl.col("accepted_at"), pl.col("closed_at"), pl.col(DEADLINE)
    is_closed = closed.is_not_null()
    # A closed ticket is known to its end, an open one up to now.
    known_until = pl.coalesce(closed, pl.lit(as_of))
    late = known_until > deadline
    soon_from = pl.max_horizontal(accepted, deadline - _SOON)
    soon_until = pl.min_horizontal(known_until, deadline)
    was_soon = deadline.is_not_null() & (soon_until > soon_from)
    happened_at = {
        "opened": accepted,
        "closed": closed,
        "turned_overdue": pl.when(late).then(deadline),
        "overdue_closed": pl.when(is_closed & late).then(closed),
        "turned_due_soon": pl.when(was_soon).then(soon_from),
        "due_soon_ended": pl.when(was_soon & (is_closed | late)).then(soon_until),
    }
    return (
        tickets.filter(pl.col("handling") == DISPATCHED, pl.col("status") != VOIDED)
        .select("unit", *(wall_clock(at).dt.date().alias(name) for name, at in happened_at.items()))
        .unpivot(index="unit", variable_name="event", value_name="date")
        .drop_nulls("date")
        .group_by("date", "unit")
        .agg((pl.col("event") == name).sum().alias(name) for name in table.measures)
    )
