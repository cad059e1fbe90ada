"""The tables of the province: what the cities of an installation published, one below the other.

Counts only: tables of single tickets (`focus_tickets`, `repeats`), file names (`files`) and the
forms of a city's evaluation stay in the city.
"""

from typing import Any, Final

import pandera.polars as pa

from schemas.facts import FACTS
from schemas.fields import label
from schemas.table import FactTable

SITE: Final = "site"
_CROSSING = (
    "calls",
    "tickets",
    "callbacks",
    "quality",
    "knowledge",
    "staff",
    "workload",
    "seats",
    "data_quality",
    "kpi_monthly",
)


class _City(pa.DataFrameModel):
    """The column that comes first in every table of the province."""

    site: str = label("城市", "Name of the city in the installation.")


def _by_city(table: FactTable) -> FactTable:
    """The same table with the city in front; pandera takes the columns of the last base first."""
    model: Any = type(
        f"Site{table.model.__name__}",
        (table.model, _City),
        {"__doc__": table.zh},
        name=f"site_{table.name}",
        title=f"各城市{table.title}",
        description=f"By city: {table.description}",
        grain=(SITE, *table.grain),
        version=table.version,
        of=table.name,
    )
    made: FactTable = model.table()
    return made


BY_SITE: dict[str, FactTable] = {
    table.name: table for table in (_by_city(FACTS[name]) for name in _CROSSING)
}
# `kpi_monthly` is the contract of ever, of the province as a whole.
PROVINCE: dict[str, FactTable] = {**BY_SITE, "kpi_monthly": FACTS["kpi_monthly"]}
PUBLISHED: dict[str, FactTable] = {**FACTS, **BY_SITE}
