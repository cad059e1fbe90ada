"""Releases: what readers see, checked as a whole, switched as a whole, kept with its history.

Built files are described (`package`), checked (`checks`), compared with the release before
(`compare`) and published (`publish`); what changes too much waits for a person (`approval`), and
each switch is written down (`history`). The main entry is `publish_candidate`.
"""

from assets.releases.approval import accept, pending_approval, pinned_because, roll_back
from assets.releases.checks import stale_items, stale_tables, verdict, verify
from assets.releases.compare import KPI_TABLE, changes
from assets.releases.history import as_of, check_history, journal_entries, switches
from assets.releases.package import (
    DESCRIPTOR,
    Candidate,
    Release,
    current_release,
    datapackage,
    find_release,
    is_sound,
    linked_release,
    release_ids,
)
from assets.releases.publish import (
    FACT_CODE,
    PublishResult,
    is_publication_due,
    needs_publishing,
    publish_candidate,
    remove_old_releases,
)

__all__ = [
    "DESCRIPTOR",
    "FACT_CODE",
    "KPI_TABLE",
    "Candidate",
    "PublishResult",
    "Release",
    "accept",
    "as_of",
    "changes",
    "check_history",
    "current_release",
    "datapackage",
    "find_release",
    "is_publication_due",
    "is_sound",
    "journal_entries",
    "linked_release",
    "needs_publishing",
    "pending_approval",
    "pinned_because",
    "publish_candidate",
    "release_ids",
    "remove_old_releases",
    "roll_back",
    "stale_items",
    "stale_tables",
    "switches",
    "verdict",
    "verify",
]
