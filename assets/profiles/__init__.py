"""How one platform exports: file names, headers, codes, timestamp formats, limits.

`load_profile` is the main entry: it reads a TOML file into a `Profile`, which holds a
`DatasetProfile` for each dataset. `parse_timestamps` reads timestamps by the formats of a profile.
"""

from assets.profiles.absent import unanswerable
from assets.profiles.derived import FILE_DATES, Derivation, Unit
from assets.profiles.file_names import draft_names
from assets.profiles.profile import (
    BUILT_IN,
    DatasetProfile,
    Exclusion,
    Profile,
    load_profile,
    period_end,
)
from assets.profiles.text_format import EDITIONS, TextFormat
from assets.profiles.timestamps import DERIVED, date_formats, parse_timestamps

__all__ = [
    "BUILT_IN",
    "DERIVED",
    "EDITIONS",
    "FILE_DATES",
    "DatasetProfile",
    "Derivation",
    "Exclusion",
    "Profile",
    "TextFormat",
    "Unit",
    "date_formats",
    "draft_names",
    "load_profile",
    "parse_timestamps",
    "period_end",
    "unanswerable",
]
