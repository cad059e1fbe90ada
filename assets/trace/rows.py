"""The rows behind a sum of facts, by their keys.

The functions that make the facts are asked themselves, with the key of each row in place of one of
the labels that they group by: what counts is decided in one place only.
"""

from collections.abc import Callable, Iterable

import polars as pl

from assets.facts import (
    Inputs,
    callbacks_facts,
    calls_facts,
    knowledge_facts,
    quality_facts,
    staff_facts,
    tickets_facts,
)
from schemas.kpis import Sum

KEY = "key"
# Table -> the column whose values stand for its rows; a callback counts for its ticket.
_KEYS = {
    "calls": "call_id",
    "tickets": "ticket_id",
    "callbacks": "ticket_id",
    "quality": "inspection_id",
    "knowledge": "article_id",
    "staff": "agent_id",
}
_PLAIN: dict[str, tuple[Callable[[pl.LazyFrame], pl.LazyFrame], str]] = {
    "calls": (calls_facts, "line"),
    "quality": (quality_facts, "mode"),
    "knowledge": (knowledge_facts, "unit"),
}


def _by_key(inputs: Inputs, table: str, month: str) -> pl.LazyFrame:
    """The facts of a month with the key of each row in the column `key`."""
    rows = inputs.scan(table, [month])
    if table == "tickets":
        rows = rows.with_columns(category=pl.col("ticket_id"))
        counted = tickets_facts(rows, cutoff=inputs.as_of(table, month))
        return counted.rename({"category": KEY})
    if table == "callbacks":
        tickets = rows.select("ticket_id", unit="ticket_id", ticket_type=pl.lit("")).unique()
        before = inputs.scan(table, inputs.until(table, month, before=True))
        called = before.select("ticket_id").unique()
        return callbacks_facts(rows, tickets=tickets, called_before=called).rename({"unit": KEY})
    if table == "staff":
        # By agent, one at a time: grouped by nothing but the position, which may count.
        return pl.concat(
            staff_facts(rows.filter(agent_id=agent)).with_columns(pl.lit(agent).alias(KEY))
            for agent in rows.select("agent_id").collect().to_series()
        )
    facts, label = _PLAIN[table]
    return facts(rows.with_columns(pl.col(_KEYS[table]).alias(label))).rename({label: KEY})


def rows_behind(inputs: Inputs, total: Sum, months: Iterable[str]) -> pl.DataFrame:
    """Keys of the rows that a sum of facts counts.

    Args:
        inputs: the present details.
        total: the sum.
        months: over which months.

    Returns:
        `month`, `key` (of the call, ticket, inspection, article or agent; the ticket for a
        callback) and `count`, how much it adds; in order of month and key.
    """
    plus = pl.sum_horizontal(*total.add)
    less = pl.sum_horizontal(pl.lit(0), *total.subtract)
    parts = []
    for month in months:
        if month not in inputs.details[total.table]:
            continue
        rows = _by_key(inputs, total.table, month)
        for column, value in total.where:
            rows = rows.filter(pl.col(column) == value)
        counted = rows.group_by(KEY).agg((plus - less).sum().cast(pl.Int64).alias("count"))
        parts.append(
            counted.filter(pl.col("count") != 0).select(pl.lit(month).alias("month"), KEY, "count")
        )
    if not parts:
        return pl.DataFrame(schema={"month": pl.String, KEY: pl.String, "count": pl.Int64})
    return pl.concat(parts).sort("month", KEY).collect()


def locate_rows(inputs: Inputs, total: Sum, behind: pl.DataFrame) -> pl.DataFrame:
    """Where the rows that a sum counts were delivered.

    Args:
        inputs: the present details.
        total: the sum.
        behind: what `rows_behind` gives for it.

    Returns:
        `month`, `key`, `delivery` and `line` of every row that stands; in order of month and key.
    """
    rows = [
        inputs.scan(total.table, [month])
        .select(pl.col(_KEYS[total.table]).alias(KEY), delivery="__delivery", line="__line")
        .with_columns(pl.lit(month).alias("month"))
        for month in behind["month"].unique(maintain_order=True)
    ]
    columns = ("month", KEY, "delivery", "line")
    if not rows:
        return behind.select("month", KEY, delivery=pl.lit(""), line=pl.lit(0, pl.Int64))
    found = pl.concat(rows).join(behind.lazy(), on=["month", KEY], how="semi")
    return found.select(columns).sort("month", KEY, "delivery", "line").collect()
