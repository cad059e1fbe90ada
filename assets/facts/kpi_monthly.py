"""kpi_monthly: the KPIs of a month, from the facts of that month alone."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from assets.facts.display import count, percent, ratio
from schemas.facts import FACTS
from schemas.kpis import KPIS, Kpi, Sum


def _sum(total: Sum, facts: Mapping[str, pl.DataFrame]) -> int | None:
    """The sum, or None where the month has no facts of that table: missing is not zero."""
    rows = facts.get(total.table)
    if rows is None:
        return None
    for column, value in total.where:
        rows = rows.filter(pl.col(column) == value)
    added = sum(int(rows[name].sum()) for name in total.add)
    return added - sum(int(rows[name].sum()) for name in total.subtract)


def is_met(kpi: Kpi, numerator: int | None, denominator: int | None) -> bool | None:
    """Whether a target is reached, without rounding; None without target or value."""
    if kpi.target is None or numerator is None:
        return None
    if kpi.denominator is None:
        return numerator >= kpi.target
    if not denominator:
        return None
    scale = 100 if kpi.unit == "%" else 1
    return scale * numerator >= kpi.target * denominator


def value_and_display(
    kpi: Kpi, numerator: int | None, denominator: int | None
) -> tuple[float | None, str]:
    """Value in the KPI's unit, not rounded, and the text that reports print."""
    if kpi.denominator is None:
        return (None if numerator is None else float(numerator)), count(numerator)
    if numerator is None or not denominator:
        return None, percent(None, None)
    if kpi.unit == "%":
        return 100 * numerator / denominator, percent(numerator, denominator)
    return numerator / denominator, ratio(numerator, denominator)


def kpi_facts(
    facts: Mapping[str, pl.DataFrame],
    *,
    complete: Mapping[str, bool],
    cutoff: datetime,
) -> pl.DataFrame:
    """All KPIs of a month (FACTS.md, section 3).

    Args:
        facts: fact table -> its rows of the month; a table without any is left out.
        complete: fact table -> whether every expected file of the month has been taken.
        cutoff: moment as of which the month is stated.

    Returns:
        One row for each KPI, also where it cannot be formed.
    """
    rows = []
    for kpi in KPIS:
        numerator = _sum(kpi.numerator, facts)
        denominator = _sum(kpi.denominator, facts) if kpi.denominator else None
        value, display = value_and_display(kpi, numerator, denominator)
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
