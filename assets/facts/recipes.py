"""From which details each table is computed, and what identifies them.

For each table made of details: the rows that go in and, beside them, what must be part of its
fingerprint, so that the two are read together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from assets.deadlines import DEADLINE
from assets.details import rows_with_keys
from assets.facts.calls import calls_facts, seats_facts
from assets.facts.inputs import Inputs
from assets.facts.operations import knowledge_facts, quality_facts, staff_facts
from assets.facts.repeats import first_day, repeats_facts
from assets.facts.tickets import (
    callbacks_facts,
    focus_tickets_facts,
    tickets_facts,
    workload_facts,
)

Rows = Callable[[Inputs, str], pl.LazyFrame]
Links = Callable[[Inputs, str], tuple[object, ...]]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a table is made of details.

    Attributes:
        dataset: its rows of the month go in, and its months are those of the table.
        rows: computes the table of a month, without its column `month`.
        dated: whether the figures are stated as of a moment, which is then recorded with them.
        needs: (dataset, column) without one of which there is no such table at all.
        others: further datasets whose rows go in.
        links: what identifies the rows that go in besides those of the dataset and month.
    """

    dataset: str
    rows: Rows
    dated: bool = True
    needs: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    links: Links = lambda _inputs, _month: ()


def _plain(dataset: str, compute: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Rows:
    """The rows of the month go in, and nothing else."""
    return lambda inputs, month: compute(inputs.scan(dataset, [month]))


def _counted(dataset: str, compute: Callable[[pl.LazyFrame, frozenset[str]], pl.LazyFrame]) -> Rows:
    """The same, and measures of columns that the platform does not have are empty."""
    return lambda inputs, month: compute(inputs.scan(dataset, [month]), inputs.absent(dataset))


def _absent_of_tickets(inputs: Inputs, month: str) -> frozenset[str]:
    """Columns that the platform does not have, and the deadline where the calendar ends before."""
    lacking = [DEADLINE] if inputs.years_unknown("tickets", month) else []
    return inputs.absent("tickets").union(lacking)


def _tickets(inputs: Inputs, month: str) -> pl.LazyFrame:
    return tickets_facts(
        inputs.scan("tickets", [month]),
        cutoff=inputs.as_of("tickets", month),
        absent=_absent_of_tickets(inputs, month),
    )


def _workload(inputs: Inputs, month: str) -> pl.LazyFrame:
    return workload_facts(
        inputs.scan("tickets", [month]),
        as_of=inputs.as_of("tickets", month),
        absent=_absent_of_tickets(inputs, month),
    )


def _callbacks(inputs: Inputs, month: str) -> pl.LazyFrame:
    own = inputs.scan("callbacks", [month])
    key = ["ticket_id"]
    called = own.select(key).collect().lazy()
    tickets = inputs.scan("tickets", inputs.until("tickets", month))
    earlier = inputs.scan("callbacks", inputs.until("callbacks", month, before=True))
    return callbacks_facts(
        own,
        tickets=rows_with_keys(tickets, called, key).select("ticket_id", "unit", "ticket_type"),
        called_before=rows_with_keys(earlier, called, key).select("ticket_id"),
        absent=inputs.absent("callbacks"),
    )


def _callbacks_links(inputs: Inputs, month: str) -> tuple[object, ...]:
    return (
        inputs.links("tickets", "units", inputs.until("tickets", month)),
        inputs.links("callbacks", "known", inputs.until("callbacks", month, before=True)),
    )


def _repeats_periods(inputs: Inputs, month: str) -> tuple[list[str], list[str]]:
    """Periods of tickets and of calls: a call may lie in the month before its ticket."""
    first = first_day(month)
    month_before = first.replace(day=1) - timedelta(days=1)
    return inputs.since("tickets", first, month), inputs.since("calls", month_before, month)


def _repeats(inputs: Inputs, month: str) -> pl.LazyFrame:
    tickets, calls = _repeats_periods(inputs, month)
    asked = inputs.scan("tickets", tickets)
    asked = asked.filter(pl.col("accepted_at") >= inputs.start_of(first_day(month)))
    called = inputs.scan("calls", calls).select("call_id", "caller_key")
    return repeats_facts(asked, calls=called, month=month)


def _repeats_links(inputs: Inputs, month: str) -> tuple[object, ...]:
    tickets, calls = _repeats_periods(inputs, month)
    return (
        inputs.links("tickets", "requests", tickets),
        inputs.links("calls", "callers", calls),
    )


def _of(dataset: str, *columns: str) -> tuple[tuple[str, str], ...]:
    return tuple((dataset, column) for column in columns)


RECIPES: dict[str, Recipe] = {
    "calls": Recipe(dataset="calls", rows=_counted("calls", calls_facts)),
    "tickets": Recipe(dataset="tickets", rows=_tickets),
    "callbacks": Recipe(
        dataset="callbacks", rows=_callbacks, others=("tickets",), links=_callbacks_links
    ),
    "quality": Recipe(dataset="quality", rows=_counted("quality", quality_facts)),
    "knowledge": Recipe(dataset="knowledge", rows=_counted("knowledge", knowledge_facts)),
    "staff": Recipe(dataset="staff", rows=_counted("staff", staff_facts)),
    "workload": Recipe(
        dataset="tickets",
        rows=_workload,
        needs=_of("tickets", "handling", "status", "closed_at", DEADLINE),
    ),
    "focus_tickets": Recipe(
        dataset="tickets",
        rows=_plain("tickets", focus_tickets_facts),
        dated=False,
        needs=_of("tickets", "sector", "handling", "status"),
    ),
    "repeats": Recipe(
        dataset="tickets",
        rows=_repeats,
        dated=False,
        needs=(*_of("tickets", "call_id", "category", "status"), *_of("calls", "caller")),
        others=("calls",),
        links=_repeats_links,
    ),
    "seats": Recipe(
        dataset="calls",
        rows=_plain("calls", seats_facts),
        dated=False,
        needs=_of("calls", "outcome", "agent_id"),
    ),
}
