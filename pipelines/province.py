"""The roll-up, of warehouses on this machine or of releases in an object store.

Belongs here: which releases it is made of. What is made of them is in `assets.province`.
"""

from collections.abc import Sequence

from assets.installation import Installation
from assets.province import (
    CityRelease,
    ProvinceOutcome,
    bring_province_up_to_date,
    current_releases,
)
from pipelines.cluster.copies import released


def roll_up(
    province: Installation, installations: Sequence[Installation], *, why: str
) -> tuple[list[CityRelease], ProvinceOutcome]:
    """Bring the province up to date with the current releases of its cities.

    Args:
        province: the roll-up's own place; hold its warehouse, and have it at hand.
        installations: the cities.
        why: what led to it, for the journal.

    Returns:
        The releases that it is made of, and what was done.

    Raises:
        HotlineError: no city has published anything, or a release is damaged.
    """
    cities = current_releases(released(installations, province))
    return cities, bring_province_up_to_date(province, cities, why=why)
