"""The tables of the province: what the cities of an installation published, one below the other.

Belongs here: which tables of a city cross, and that `site` comes first in their grain. Counts only:
tables of single tickets (`focus_tickets`, `repeats`), file names (`files`) and the forms of a
city's evaluation stay in the city.
"""

from dataclasses import replace

from schemas.facts import FACTS
from schemas.facts.shared import label
from schemas.tables import FactTable

SITE = label("site", "城市", "Name of the city in the installation.")
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


def _by_installation(table: FactTable) -> FactTable:
    return replace(
        table,
        name=f"site_{table.name}",
        title=f"各城市{table.title}",
        description=f"By city: {table.description}",
        grain=(SITE.name, *table.grain),
        columns=(SITE, *table.columns),
        of=table.name,
    )


BY_SITE: dict[str, FactTable] = {
    table.name: table for table in (_by_installation(FACTS[name]) for name in _CROSSING)
}
# `kpi_monthly` is the contract of ever, of the province as a whole.
PROVINCE: dict[str, FactTable] = {**BY_SITE, "kpi_monthly": FACTS["kpi_monthly"]}
PUBLISHED: dict[str, FactTable] = {**FACTS, **BY_SITE}
