"""Which details are out of date; without Dagster, so that `hotline status` is quick."""

from assets.details.build import DetailsPlan
from assets.site import Site
from schemas import EXPORTS


def stale_details(site: Site) -> list[str]:
    """Details that are not built from what they should be: "dataset period"."""
    return [
        f"{name} {period}"
        for name in EXPORTS
        for period in DetailsPlan(site.warehouse, name, site.deadlines).stale()
    ]
