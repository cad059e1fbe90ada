"""Equations that every fact file must satisfy before it is published (FACTS.md, section 2)."""

import polars as pl

from assets.facts.absent import sum_if_known
from schemas import BY_SITE
from schemas.exports.tickets import DISPATCHED, VOIDED


def _sum(*names: str) -> pl.Expr:
    """A sum over the columns of a row; null where one is not known, and then nothing is broken."""
    return pl.sum_horizontal(*names, ignore_nulls=False)


def _never_negative(*, added: tuple[str, ...], removed: tuple[str, ...]) -> pl.Expr:
    """Whether a unit's state, counted from its events, is at or above zero after each day."""
    # Counts are unsigned until they are published, and would overflow instead of going below zero.
    change = _sum(*added).cast(pl.Int64) - _sum(*removed).cast(pl.Int64)
    return change.cum_sum().over("unit", order_by="date") >= 0


_READ_IS_FATES = {
    "read_is_fates": pl.col("read")
    == _sum("accepted", "quarantined", "duplicate", "superseded", "joined", "held")
}
# Table -> equation -> what must hold in each row of a month's file.
ROWS: dict[str, dict[str, pl.Expr]] = {
    "calls": {
        "offered_is_split": pl.col("offered")
        == _sum("answered", "hung_up", "ring_timeout", "agent_rejected"),
        "a_call_has_a_leg": pl.col("legs") >= pl.col("offered"),
    },
    "tickets": {
        "accepted_is_state": pl.col("accepted") == _sum("closed", "open_in_time", "open_overdue"),
        "accepted_is_handling": pl.col("accepted") == _sum("direct_answered", "dispatched"),
        "closed_is_timeliness": pl.col("closed") == _sum("closed_on_time", "closed_late"),
    },
    "callbacks": {
        "reached_is_answers": pl.col("reached")
        == _sum("satisfied", "basically_satisfied", "dissatisfied", "unrated"),
    },
    "data_quality": _READ_IS_FATES,
    "files": _READ_IS_FATES,
    "repeats": {
        "a_repeat_follows": pl.col("sequence") >= 2,
        "days_are_between_the_dates": pl.col("days_since_first")
        == (pl.col("date") - pl.col("first_date")).dt.total_days(),
    },
    "seats": {"someone_answered": pl.col("agents") >= 1},
    "workload": {
        "overdue_is_never_negative": _never_negative(
            added=("turned_overdue",), removed=("overdue_closed",)
        ),
        "due_soon_is_never_negative": _never_negative(
            added=("turned_due_soon",), removed=("due_soon_ended",)
        ),
        "overdue_and_due_soon_are_open": _never_negative(
            added=("opened", "overdue_closed", "due_soon_ended"),
            removed=("closed", "turned_overdue", "turned_due_soon"),
        ),
    },
}
_DISPATCHED = (pl.col("handling") == DISPATCHED) & (pl.col("status") != VOIDED)
# Table -> equation -> (sum over the fact rows, the same over the detail rows).
DETAILS: dict[str, dict[str, tuple[pl.Expr, pl.Expr]]] = {
    **{
        table: {"every_row_is_counted": (sum_if_known(_sum(*measures)), pl.len())}
        for table, measures in {
            "calls": ("offered", "excluded_test"),
            "tickets": ("accepted", "excluded_void"),
            "callbacks": ("attempts",),
            "quality": ("monitored",),
            "knowledge": ("added", "revised", "retired"),
        }.items()
    },
    "workload": {
        "opened_is_dispatched": (pl.col("opened").sum(), _DISPATCHED.sum()),
        "closed_is_closed": (
            pl.col("closed").sum(),
            (_DISPATCHED & pl.col("closed_at").is_not_null()).sum(),
        ),
    },
    "focus_tickets": {
        "every_ticket_is_listed": (pl.len(), (_DISPATCHED & pl.col("sector").is_not_null()).sum())
    },
}


def broken(table: str, rows: pl.DataFrame, details: pl.LazyFrame | None = None) -> list[str]:
    """Names of the equations that a fact file breaks.

    Args:
        table: fact table.
        rows: its rows.
        details: the detail rows of its month, where it is built from them and they are available.
    """
    if table in BY_SITE:
        cities = rows.partition_by("site", include_key=False)
        return sorted({name for own in cities for name in broken(BY_SITE[table].of, own)})
    holds = ROWS.get(table, {})
    held = rows.select(each.all().alias(name) for name, each in holds.items())
    wrong = [name for name in holds if not held[name].item()]
    equal = DETAILS.get(table, {})
    if details is not None and equal:
        counted = rows.select(of.alias(name) for name, (of, _) in equal.items())
        behind = details.select(of.alias(name) for name, (_, of) in equal.items()).collect()
        wrong += [
            name
            for name in equal
            if (count := counted[name].item()) is not None and count != behind[name].item()
        ]
    return wrong


def equations(table: str) -> int:
    """How many equations a table is held to."""
    name = BY_SITE[table].of if table in BY_SITE else table
    return len(ROWS.get(name, {})) + len(DETAILS.get(name, {}))
