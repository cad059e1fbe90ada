"""One row for each key, by month: which version of a row stands."""

from assets.details.known import Details, read_details
from assets.details.late import PREFIX
from assets.details.resolve import ACCEPTED, DUPLICATE, QUARANTINED, RANK, SUPERSEDED
from assets.details.staged import live_files, scan_period
from assets.details.stale import details_plans, stale_details
from assets.details.store import details_schema

__all__ = [
    "ACCEPTED",
    "DUPLICATE",
    "PREFIX",
    "QUARANTINED",
    "RANK",
    "SUPERSEDED",
    "Details",
    "details_plans",
    "details_schema",
    "live_files",
    "read_details",
    "scan_period",
    "stale_details",
]
