"""What every fact file must satisfy before it is published (FACTS.md, section 2).

Belongs here: equations within a month's file, and between the file and the detail rows behind it.
"""

import polars as pl

from schemas import BY_SITE
from schemas.exports.tickets import DISPATCHED, VOIDED


def _total(*names: str) -> pl.Expr:
    return pl.sum_horizontal(*names)


EQUATIONS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "calls": (
        ("offered_is_split", "offered", ("answered", "hung_up", "ring_timeout", "agent_rejected")),
    ),
    "tickets": (
        ("accepted_is_state", "accepted", ("closed", "open_in_time", "open_overdue")),
        ("accepted_is_handling", "accepted", ("direct_answered", "dispatched")),
        ("closed_is_timeliness", "closed", ("closed_on_time", "closed_late")),
    ),
    "callbacks": (
        (
            "reached_is_answers",
            "reached",
            ("satisfied", "basically_satisfied", "dissatisfied", "unrated"),
        ),
    ),
    "data_quality": (
        ("read_is_fates", "read", ("accepted", "quarantined", "duplicate", "superseded")),
    ),
    "files": (("read_is_fates", "read", ("accepted", "quarantined", "duplicate", "superseded")),),
}
# Table -> what must hold in each row, besides.
ROWS: dict[str, dict[str, pl.Expr]] = {
    "repeats": {
        "a_repeat_follows": pl.col("sequence") >= 2,
        "days_are_between_the_dates": pl.col("days_since_first")
        == (pl.col("date") - pl.col("first_date")).dt.total_days(),
    },
    "seats": {"someone_answered": pl.col("agents") >= 1},
}
# Table -> state -> (what adds to it, what takes from it): no unit's state is ever below zero.
STATES: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "workload": {
        "overdue_is_never_negative": (("turned_overdue",), ("overdue_closed",)),
        "due_soon_is_never_negative": (("turned_due_soon",), ("due_soon_ended",)),
        "overdue_and_due_soon_are_open": (
            ("opened", "overdue_closed", "due_soon_ended"),
            ("closed", "turned_overdue", "turned_due_soon"),
        ),
    },
}
_DISPATCHED = (pl.col("handling") == DISPATCHED) & (pl.col("status") != VOIDED)
# Table -> equation -> (over the fact rows, the same over the detail rows).
DETAILS: dict[str, dict[str, tuple[pl.Expr, pl.Expr]]] = {
    **{
        table: {"every_row_is_counted": (_total(*measures).sum(), pl.len())}
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
        details: the detail rows of its month, where it is built from them and they are at hand.
    """
    if table in BY_SITE:
        of_cities = rows.partition_by("site", include_key=False)
        return sorted({name for own in of_cities for name in broken(BY_SITE[table].of, own)})
    holds = {
        **{
            name: (pl.col(whole) == _total(*parts)).all()
            for name, whole, parts in EQUATIONS.get(table, ())
        },
        **{name: each.all() for name, each in ROWS.get(table, {}).items()},
        **{name: _never_negative(*each) for name, each in STATES.get(table, {}).items()},
    }
    equal = DETAILS.get(table, {}) if details is not None else {}
    counted = {name: of for name, (of, _) in equal.items()}
    found = rows.select(**holds, **counted).row(0, named=True) if holds or counted else {}
    wrong = [name for name in holds if not found[name]]
    if details is not None and equal:
        behind = details.select(of.alias(name) for name, (_, of) in equal.items()).collect()
        wrong += [name for name in equal if behind[name].item() != found[name]]
    return wrong


def _never_negative(more: tuple[str, ...], less: tuple[str, ...]) -> pl.Expr:
    # Counts are unsigned until they are published, and would run over instead of below zero.
    change = _total(*more).cast(pl.Int64) - _total(*less).cast(pl.Int64)
    return (change.cum_sum().over("unit", order_by="date") >= 0).all()


def equations(table: str) -> int:
    """How many equations a table is held to."""
    if table in BY_SITE:
        table = BY_SITE[table].of
    return sum(len(each.get(table, ())) for each in (EQUATIONS, ROWS, STATES, DETAILS))
