"""Releases: what readers see, checked as a whole, switched as a whole, kept with its history.

Built files are described (`package`), checked (`checks`), compared with the release before
(`compare`) and published (`publish`); what changes too much waits for a person (`approval`), and
each switch is written down (`history`). The main entry is `offer`.
"""

from assets.releases.approval import accept, held_release, pinned_because, roll_back
from assets.releases.checks import stale, stale_tables, verdict, verify
from assets.releases.compare import KPI_TABLE, changes
from assets.releases.history import as_of, entries, switches
from assets.releases.package import (
    DESCRIPTOR,
    Candidate,
    Described,
    current_release,
    datapackage,
    kept_releases,
    named_release,
)
from assets.releases.publish import (
    FACT_CODE,
    Release,
    is_to_publish,
    needs_publishing,
    offer,
    sweep,
)

described = Described.open

__all__ = [
    "DESCRIPTOR",
    "FACT_CODE",
    "KPI_TABLE",
    "Candidate",
    "Described",
    "Release",
    "accept",
    "as_of",
    "changes",
    "current_release",
    "datapackage",
    "described",
    "entries",
    "held_release",
    "is_to_publish",
    "kept_releases",
    "named_release",
    "needs_publishing",
    "offer",
    "pinned_because",
    "roll_back",
    "stale",
    "stale_tables",
    "sweep",
    "switches",
    "verdict",
    "verify",
]
