"""How one platform exports: file names, headers, codes, timestamp formats, limits.

`load_profile` is the main entry: it reads a TOML file into a `Profile`, which holds a
`DatasetProfile` for each dataset. `moments` reads timestamps by the formats of a profile.
"""

from assets.profiles.profile import (
    DatasetProfile,
    Exclusion,
    Profile,
    load_profile,
    period_end,
)
from assets.profiles.timestamps import moments

__all__ = [
    "DatasetProfile",
    "Exclusion",
    "Profile",
    "load_profile",
    "moments",
    "period_end",
]
