"""tickets, workload, focus_tickets, callbacks: the tickets of a month and what became of them."""

from collections.abc import Collection
from datetime import datetime

import polars as pl

from assets.deadlines import DEADLINE
from assets.facts.absent import measured
from schemas.exports.callbacks import (
    BASICALLY_SATISFIED,
    DISSATISFIED,
    REACHED,
    REFUSED,
    SATISFIED,
    UNRATED,
)
from schemas.exports.tickets import DIRECT, DISPATCHED, MERGED, VOIDED
from schemas.facts import FACTS
from schemas.wall_clock import wall_clock


def tickets_facts(
    tickets: pl.LazyFrame, *, cutoff: datetime, absent: Collection[str] = ()
) -> pl.LazyFrame:
    """Aggregate the tickets of a month of acceptance (FACTS.md, section 2).

    Args:
        tickets: current rows, with `deadline`.
        cutoff: open tickets are in time or overdue as of this moment.
        absent: columns that the platform does not have, and `deadline`.

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
    duration = (pl.col("closed_at") - pl.col("accepted_at")).dt.total_seconds()
    zero = pl.lit(0, pl.Int64)
    grain = [name for name in FACTS["tickets"].grain if name not in ("month", "date")]
    return (
        tickets.with_columns(date=wall_clock(pl.col("accepted_at")).dt.date())
        .group_by("date", *grain)
        .agg(
            **measured(
                absent,
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
                close_seconds=pl.when(closed).then(duration).otherwise(zero).sum(),
                excluded_void=(~counts).sum(),
            )
        )
    )


def workload_facts(
    tickets: pl.LazyFrame, *, as_of: datetime, absent: Collection[str] = ()
) -> pl.LazyFrame:
    """Count what happened to the dispatched tickets of a month of acceptance, day by day.

    A state at the end of a day counts what happened before the midnight that ends it. A ticket is
    overdue after the last second of its deadline, and due soon while less than 24 hours are left.

    Args:
        tickets: current rows, with `deadline`: an extended ticket counts as if it had
            had its last deadline from the start.
        as_of: what open tickets would go through after this moment has not happened; the same
            moment that `tickets` of the month is stated as of.
        absent: columns that the platform does not have, and `deadline`.

    Returns:
        The measures by day of the event and unit. Their sums over the file are those of `tickets`:
        opened = dispatched, turned_overdue = closed_late + open_overdue of the dispatched ones.
    """
    accepted, closed, deadline = pl.col("accepted_at"), pl.col("closed_at"), pl.col(DEADLINE)
    is_closed = closed.is_not_null()
    # A closed ticket is known to its end, an open one up to now.
    known_until = pl.coalesce(closed, pl.lit(as_of))
    late = known_until > deadline
    soon_from = pl.max_horizontal(accepted, deadline - pl.duration(hours=24))
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
    lacking = set(absent)
    unknown = [name for name, at in happened_at.items() if lacking & set(at.meta.root_names())]
    return (
        tickets.filter(pl.col("handling") == DISPATCHED, pl.col("status") != VOIDED)
        .select("unit", *(wall_clock(at).dt.date().alias(name) for name, at in happened_at.items()))
        .unpivot(index="unit", variable_name="event", value_name="date")
        .drop_nulls("date")
        .group_by("date", "unit")
        .agg((pl.col("event") == name).sum().alias(name) for name in FACTS["workload"].measures)
        .with_columns(pl.lit(None, pl.Int64).alias(name) for name in unknown)
    )


def focus_tickets_facts(tickets: pl.LazyFrame) -> pl.LazyFrame:
    """List the dispatched tickets of the sectors that are followed daily, one by one.

    Args:
        tickets: current rows of a month, with `deadline`.

    Returns:
        The columns of the table: no free text.
    """
    table = FACTS["focus_tickets"]
    return tickets.filter(
        pl.col("sector").is_not_null(),
        pl.col("handling") == DISPATCHED,
        pl.col("status") != VOIDED,
    ).select(
        wall_clock(pl.col("accepted_at")).dt.date().alias("date"),
        *(name for name in table.measures if name != "date"),
        "ticket_id",
    )


def callbacks_facts(
    callbacks: pl.LazyFrame,
    *,
    tickets: pl.LazyFrame,
    called_before: pl.LazyFrame,
    absent: Collection[str] = (),
) -> pl.LazyFrame:
    """Aggregate the callbacks of a month (FACTS.md, section 2).

    Args:
        callbacks: current rows.
        tickets: `ticket_id`, `unit`, `ticket_type` of the tickets of this month and before.
        called_before: `ticket_id` of the callbacks of earlier months.
        absent: columns of callbacks that the platform does not have.

    Returns:
        The measures by day, unit and type; both are empty while the ticket is unknown. A reached
        citizen without an answer counts as unrated.
    """
    grain = ("date", "unit", "ticket_type")
    reached = pl.col("result") == REACHED
    answer = pl.col("satisfaction")
    placed = callbacks.select(
        *("ticket_id", "result", "satisfaction"), date=wall_clock(pl.col("called_at")).dt.date()
    ).join(tickets, on="ticket_id", how="left")
    attempts = placed.group_by(grain).agg(
        **measured(
            absent,
            attempts=pl.len(),
            reached=reached.sum(),
            refused=(pl.col("result") == REFUSED).sum(),
            satisfied=(answer == SATISFIED).sum(),
            basically_satisfied=(answer == BASICALLY_SATISFIED).sum(),
            dissatisfied=(answer == DISSATISFIED).sum(),
            unrated=(reached & (answer.is_null() | (answer == UNRATED))).sum(),
        )
    )
    # On the first day that it was called in the month, whichever attempt of that day was first.
    first_called = (
        placed.group_by("ticket_id")
        .agg(pl.min("date"), pl.first("unit", "ticket_type"))
        .join(called_before, on="ticket_id", how="anti")
        .group_by(grain)
        .agg(tickets_called=pl.len())
    )
    return attempts.join(first_called, on=grain, how="left", nulls_equal=True).with_columns(
        pl.col("tickets_called").fill_null(0)
    )
