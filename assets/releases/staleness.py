"""What is not built from what it should be, over all layers: what keeps a release from being made.

Belongs here: the question. Each layer answers for itself.
"""

from assets.core import Warehouse
from assets.details import details_plans, stale_details
from assets.facts import MONTHLY, FactsPlan
from assets.indicators import YEARLY, IndicatorsPlan
from assets.installation import Installation


def stale_tables(warehouse: Warehouse, plan: FactsPlan) -> list[str]:
    """Published tables that are out of date: "table month" or "table year".

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
    """
    yearly = IndicatorsPlan(warehouse, plan)
    return [
        *(f"{table} {month}" for table in MONTHLY for month in plan.stale(table)),
        *(f"{table} {year}" for table in YEARLY for year in yearly.stale(table)),
    ]


def stale(installation: Installation, plan: FactsPlan) -> list[str]:
    """Details and published tables that are out of date."""
    return [
        *stale_details(details_plans(installation)),
        *stale_tables(installation.warehouse, plan),
    ]
