"""kpi_monthly: the KPIs of a month, from the facts of that month alone."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from assets.facts.absent import sum_if_known
from assets.facts.figures import figure_display, figure_value, reaches_target
from schemas.facts import FACTS
from schemas.kpis import KPIS, Kpi, Sum


def sum_of(total: Sum, rows: pl.LazyFrame, *, nothing: int | None = None) -> int | None:
    """A sum of measures over some rows of its table.

    Args:
        total: what is summed.
        rows: rows of its table.
        nothing: the sum where none of them counts.

    Returns:
        None where a measure or condition is not known of some row.
    """
    added = measures_of(total)
    for column, value in total.where:
        # A row of which that is not known stays, and makes the sum unknown.
        added = pl.when(pl.col(column).is_not_null()).then(added)
        rows = rows.filter((pl.col(column) == value).fill_null(value=True))
    found, count = rows.select(sum_if_known(added).alias("sum"), pl.len()).collect().row(0)
    if not count:
        return nothing
    return None if found is None else int(found)


def measures_of(total: Sum) -> pl.Expr:
    """What a row adds to a declared sum; null where a measure of it is not known."""
    added = pl.sum_horizontal(*total.add, ignore_nulls=False)
    return added - pl.sum_horizontal(pl.lit(0), *total.subtract, ignore_nulls=False)


def _per(kpi: Kpi, denominator: int | None) -> int | None:
    """The denominator of a rate, 0 while it is unknown; None for counts."""
    return (denominator or 0) if kpi.denominator else None


def is_met(kpi: Kpi, numerator: int | None, denominator: int | None) -> bool | None:
    """Whether a target is reached, without rounding; None without target or value."""
    return reaches_target(numerator, _per(kpi, denominator), kpi.target, kpi.unit)


def kpi_value_and_display(
    kpi: Kpi, numerator: int | None, denominator: int | None
) -> tuple[float | None, str]:
    """Value in the KPI's unit, not rounded, and the text that reports print."""
    per = _per(kpi, denominator)
    return figure_value(numerator, per, kpi.unit), figure_display(numerator, per, kpi.unit)


def kpi_facts(
    facts: Mapping[str, pl.DataFrame],
    *,
    complete: Mapping[str, bool],
    cutoff: datetime,
) -> pl.DataFrame:
    """All KPIs of a month (FACTS.md, section 3).

    Args:
        facts: fact table -> its rows of the month; a table without any is left out.
        complete: fact table -> whether every expected file of the month has been ingested.
        cutoff: moment as of which the month is stated.

    Returns:
        One row for each KPI, also where it cannot be formed.
    """

    def added(total: Sum | None) -> int | None:
        """None where the month has no facts of that table: missing is not zero."""
        if total is None or total.table not in facts:
            return None
        return sum_of(total, facts[total.table].lazy(), nothing=0)

    rows = []
    for kpi in KPIS:
        numerator, denominator = added(kpi.numerator), added(kpi.denominator)
        value, display = kpi_value_and_display(kpi, numerator, denominator)
        rows.append(
            {
                "metric": kpi.id,
                "numerator": numerator,
                "denominator": denominator,
                "value": value,
                "display": display,
                "unit": kpi.unit,
                "target": None if kpi.target is None else float(kpi.target),
                "met": is_met(kpi, numerator, denominator),
                "basis": kpi.basis,
                "complete": all(complete.get(table, False) for table in kpi.tables),
                "cutoff": cutoff,
            }
        )
    columns = {c.name: c.polars_type for c in FACTS["kpi_monthly"].columns if c.name != "month"}
    return pl.DataFrame(rows, schema=columns)
