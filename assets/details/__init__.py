"""Details: of all rows that arrived with one key the current one, by month or year.

Staged rows (`rows`) are resolved (`resolve`; `legs` where several rows are one
call), those of keys with rows in several periods over all
of them (`cross_period_keys`); those that are accepted are written with a summary of what became of
every row (`summary`). The main entry is `DetailsPlan` (`build`): what is stale, and building it.
"""

from assets.details.build import CROSS_FILE_PREFIX, DetailsPlan, details_plans, stale_details
from assets.details.resolve import ACCEPTED, DUPLICATE, JOINED, QUARANTINED, RANK, SUPERSEDED
from assets.details.rows import (
    details_schema,
    has_legs,
    live_files,
    rows_with_keys,
    scan_staged,
    zone_of,
)
from assets.details.summary import DetailsSummary, read_details

__all__ = [
    "ACCEPTED",
    "CROSS_FILE_PREFIX",
    "DUPLICATE",
    "JOINED",
    "QUARANTINED",
    "RANK",
    "SUPERSEDED",
    "DetailsPlan",
    "DetailsSummary",
    "details_plans",
    "details_schema",
    "has_legs",
    "live_files",
    "read_details",
    "rows_with_keys",
    "scan_staged",
    "stale_details",
    "zone_of",
]
