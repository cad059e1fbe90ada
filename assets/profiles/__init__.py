"""How one platform exports: file names, headers, codes, timestamp formats, limits."""

from assets.profiles.dataset_profile import DatasetProfile, Exclusion
from assets.profiles.profile import Profile, load_profile, period_end
from assets.profiles.timestamps import moments

__all__ = [
    "DatasetProfile",
    "Exclusion",
    "Profile",
    "load_profile",
    "moments",
    "period_end",
]
