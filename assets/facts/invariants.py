"""What every fact file must satisfy before it is published (FACTS.md, section 2).

Belongs here: equations within a month's file, and between the file and the detail rows behind it.
"""

import polars as pl


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
# Which measures together count every detail row once.
ROW_COUNTS: dict[str, tuple[str, ...]] = {
    "calls": ("offered", "excluded_test"),
    "tickets": ("accepted", "excluded_void"),
    "callbacks": ("attempts",),
    "quality": ("monitored",),
    "knowledge": ("added", "revised", "retired"),
}


def broken(table: str, rows: pl.DataFrame, examined: int | None = None) -> list[str]:
    """Names of the equations that a fact file breaks.

    Args:
        table: fact table.
        rows: its rows.
        examined: detail rows behind it, where it was built from details.
    """
    found = [
        name
        for name, whole, parts in EQUATIONS.get(table, ())
        if rows.filter(pl.col(whole) != _total(*parts)).height
    ]
    counted = ROW_COUNTS.get(table)
    if counted and examined is not None and rows.select(_total(*counted).sum()).item() != examined:
        found.append("every_row_is_counted")
    return found


def equations(table: str) -> int:
    """How many equations a table is held to."""
    return len(EQUATIONS.get(table, ())) + (table in ROW_COUNTS)
