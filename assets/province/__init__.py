"""The province: the roll-up of the current releases of all cities.

The releases are read and rolled up table by table (`roll_up`), then built and published like any
release (`publish`). The main entry is `bring_province_up_to_date`.
"""

from assets.province.publish import ProvinceOutcome, bring_province_up_to_date, is_stale
from assets.province.roll_up import CityRelease, current_releases, is_read

__all__ = [
    "CityRelease",
    "ProvinceOutcome",
    "bring_province_up_to_date",
    "current_releases",
    "is_read",
    "is_stale",
]
