"""Declared figures beside what the rows say (FACTS.md, section 5).

Belongs here: the comparison. The computed figure is the one that is published; a declared one that
differs is not an error of the pipeline but the finding, so it closes nothing. Where it differs,
other bases are tried (`bases.py`): a figure that one of them gives was counted otherwise.
"""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from assets.facts import NOTHING, value_and_display
from assets.indicators.bases import BASES, Base
from assets.indicators.inputs import YearInputs
from schemas import FACTS
from schemas.kpis import KPIS, Sum

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", "cannot be computed"
_KPIS = {kpi.id: kpi for kpi in KPIS}


def agrees(declared: float, value: float | None, display: str) -> bool:
    """Whether a figure is the declared one, at the declared one's own precision.

    Printed 97.39 is 97.3882 rounded, printed 57 is 57.0017; and 99.99, by the display rule, is
    99.9967, which plain rounding would print as 100.
    """
    if value is None:
        return False
    printed = Decimal(repr(declared)).normalize()
    if display != NOTHING and Decimal(display) == printed:
        return True
    step = Decimal(1).scaleb(min(int(printed.as_tuple().exponent), 0))
    return Decimal(repr(value)).quantize(step, ROUND_HALF_UP) == printed


def _sum(total: Sum, period: str, year: YearInputs) -> int | None:
    rows = year.facts(total.table).filter(pl.col("month").str.starts_with(period))
    for column, value in total.where:
        rows = rows.filter(pl.col(column) == value)
    plus = pl.sum_horizontal(*total.add) - pl.sum_horizontal(pl.lit(0), *total.subtract)
    found, count = rows.select(plus.sum().alias("sum"), pl.len()).collect().row(0)
    return int(found) if count else None


def _reproduces(base: Base, metric: str, declared: float, period: str, year: YearInputs) -> bool:
    numerator = _sum(base.numerator, period, year)
    denominator = _sum(base.denominator, period, year) if base.denominator else None
    return agrees(declared, *value_and_display(_KPIS[metric], numerator, denominator))


def _computed(metric: str, period: str, year: YearInputs) -> tuple[float | None, str]:
    months = year.kpi(metric).filter(pl.col("month").str.starts_with(period))
    if not months.height:
        return None, NOTHING
    kpi = _KPIS[metric]
    denominator = int(months["denominator"].sum()) if kpi.denominator else None
    return value_and_display(kpi, int(months["numerator"].sum()), denominator)


def reconciliation(year: YearInputs) -> pl.DataFrame:
    """The declared figures of a year, in the columns of the table `reconciliation`."""
    rows = []
    declared = year.rows("declared").select("period", "metric", "source", "value").collect()
    for period, metric, source, value in declared.iter_rows():
        computed, display = _computed(metric, period, year)
        same = agrees(value, computed, display)
        bases = () if same or computed is None else BASES.get(metric, ())
        reproduced = [
            each.title for each in bases if _reproduces(each, metric, value, period, year)
        ]
        rows.append(
            {
                "period": period,
                "metric": metric,
                "source": source,
                "declared": value,
                "computed": computed,
                "display": display,
                "difference": None if computed is None else value - computed,
                "relative": (value - computed) / computed if computed else None,
                "verdict": UNKNOWN if computed is None else AGREES if same else DIFFERS,
                "reproduced_by": "、".join(reproduced),
            }
        )
    columns = FACTS["reconciliation"].columns
    return pl.DataFrame(rows, schema={column.name: column.polars_type for column in columns})
