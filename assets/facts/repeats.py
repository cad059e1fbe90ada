"""repeats: tickets whose caller had a ticket of the same category in the 30 days before."""

from datetime import date, timedelta

import polars as pl

from schemas.exports.tickets import VOIDED
from schemas.wall_clock import wall_clock

DAYS = 30
_GROUP = ["caller_key", "category"]


def first_day(month: str) -> date:
    """The earliest day whose tickets a ticket of the month can repeat."""
    return date.fromisoformat(f"{month}-01") - timedelta(days=DAYS)


def repeats_facts(tickets: pl.LazyFrame, *, calls: pl.LazyFrame, month: str) -> pl.LazyFrame:
    """List the repeated requests of a month of acceptance, without voided tickets.

    Args:
        tickets: current rows, accepted in the month or up to 30 days before it.
        calls: `call_id` and `caller_key` of the calls that these tickets came from. Callers who are
            not known are null, and are never one person.
        month: YYYY-MM.

    Returns:
        The columns of the table; callers are only compared and do not leave this function.
    """
    calls = calls.filter(pl.col("caller_key").is_not_null())
    counted = tickets.filter(pl.col("status") != VOIDED, pl.col("call_id").is_not_null())
    again = _called_again(counted, calls)
    asked = (
        counted.filter(again)
        .select(
            *("ticket_id", "call_id", "category", "region", "unit", "accepted_at"),
            date=wall_clock(pl.col("accepted_at")).dt.date(),
        )
        .join(calls.filter(again), on="call_id")
        .sort("accepted_at", "ticket_id")
        .with_columns(number=pl.int_range(pl.len()).over(_GROUP))
    )
    # The first ticket of each day: the earliest of them within the 30 days is the first of all.
    firsts = asked.unique([*_GROUP, "date"], keep="first", maintain_order=True).select(
        *_GROUP,
        pl.col("ticket_id").alias("first_ticket_id"),
        pl.col("date").alias("first_date"),
        pl.col("number").alias("first_number"),
    )
    return (
        asked.filter(pl.col("date") >= date.fromisoformat(f"{month}-01"))
        .with_columns(since=pl.col("date") - pl.duration(days=DAYS))
        .join_asof(
            firsts,
            left_on="since",
            right_on="first_date",
            by=_GROUP,
            strategy="forward",
            coalesce=False,
            # Both sides are in order of acceptance, which cannot be checked group by group.
            check_sortedness=False,
        )
        .filter(pl.col("number") > pl.col("first_number"))
        .select(
            *("ticket_id", "date", "first_ticket_id", "category", "region", "unit", "first_date"),
            sequence=pl.col("number") - pl.col("first_number") + 1,
            days_since_first=(pl.col("date") - pl.col("first_date")).dt.total_days(),
        )
    )


def _called_again(tickets: pl.LazyFrame, calls: pl.LazyFrame) -> pl.Expr:
    """Whether a row's `call_id` may be of a caller who asked about the same more than once.

    Most callers ask once, and their rows need not be read whole or held. Texts are compared by
    hash: where two collide, a row too many is kept, never one too few.
    """
    call = pl.col("call_id").hash()
    asked = tickets.select(call=call, category=pl.col("category").hash())
    called = calls.select(call=call, caller=pl.col("caller_key").hash())
    group = pl.col("caller") + pl.col("category")
    again = asked.join(called, on="call").filter(group.is_duplicated()).select("call").collect()
    return call.is_in(again["call"].unique().implode())
