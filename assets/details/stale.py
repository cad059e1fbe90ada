"""Which details are out of date; without Dagster, so that `hotline status` is quick."""

from collections.abc import Mapping

from assets.details.build import DetailsPlan
from assets.installation import Installation
from schemas import EXPORTS


def details_plans(installation: Installation) -> dict[str, DetailsPlan]:
    """What the details of every dataset should be built from, by the present ledgers."""
    return {
        name: DetailsPlan(
            installation.warehouse, name, installation.deadlines, memory=installation.memory
        )
        for name in EXPORTS
    }


def stale_details(plans: Mapping[str, DetailsPlan]) -> list[str]:
    """Details that are not built from what they should be: "dataset period"."""
    return [f"{name} {period}" for name, plan in plans.items() for period in plan.stale()]
