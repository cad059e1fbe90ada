"""The roll-up of the current releases of all cities."""

from assets.province.cities import CityRelease, current_releases, is_read
from assets.province.publish import ProvinceOutcome, bring_province_up_to_date, is_stale

__all__ = [
    "CityRelease",
    "ProvinceOutcome",
    "bring_province_up_to_date",
    "current_releases",
    "is_read",
    "is_stale",
]
