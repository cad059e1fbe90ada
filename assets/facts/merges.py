"""Tickets that were merged into one that never came, or in a circle."""

from collections.abc import Mapping

import polars as pl

from assets.details import rows_with_keys
from assets.facts.inputs import Inputs
from schemas.exports.tickets import MERGED

_ID, _INTO = "ticket_id", "merged_into"


def merge_faults(inputs: Inputs, month: str) -> dict[str, int]:
    """How many tickets of a month were merged into an unknown ticket, or in a circle.

    Args:
        inputs: the details.
        month: month of acceptance. Tickets of the month after are looked at, too: a ticket may be
            merged into a later one.

    Returns:
        `merged_unknown` and `merged_circular`; a ticket is in a circle where following it never
        comes to one that is not merged.
    """
    merged = pl.col("status") == MERGED
    own = inputs.scan("tickets", [month]).filter(merged).select(_ID, _INTO).collect()
    into: dict[str, str | None] = dict(own.iter_rows())
    tickets = inputs.scan("tickets", inputs.until_next("tickets", month))
    asked: set[str] = set()
    while wanted := {target for target in into.values() if target} - into.keys() - asked:
        asked |= wanted
        keys = pl.LazyFrame({_ID: sorted(wanted)})
        known = rows_with_keys(tickets, keys, [_ID])
        target = pl.when(merged).then(_INTO)
        into |= dict(known.select(_ID, target).collect().iter_rows())
    return {
        "merged_unknown": sum(target not in into for target in own[_INTO]),
        "merged_circular": sum(_is_circular(ticket, into) for ticket in own[_ID]),
    }


def _is_circular(ticket: str, into: Mapping[str, str | None]) -> bool:
    seen = set()
    at: str | None = ticket
    while at is not None and at not in seen:
        seen.add(at)
        at = into.get(at)
    return at is not None
