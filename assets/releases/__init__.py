"""Gate, publication, verification, comparison, rollback, history and retention of releases."""

from assets.releases.compare import changes, kpi_changes
from assets.releases.draft import Candidate
from assets.releases.folder import DESCRIPTOR, Described, described, kept_releases, named_release
from assets.releases.gate import verdict
from assets.releases.hold import held_release, pinned_because
from assets.releases.journal import entries
from assets.releases.package import datapackage
from assets.releases.past import as_of, history
from assets.releases.publish import (
    FACT_CODE,
    Release,
    current_release,
    is_to_publish,
    needs_publishing,
    offer,
)
from assets.releases.retention import sweep
from assets.releases.rollback import accept, roll_back
from assets.releases.staleness import stale, stale_tables
from assets.releases.verification import verify

__all__ = [
    "DESCRIPTOR",
    "FACT_CODE",
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
    "history",
    "is_to_publish",
    "kept_releases",
    "kpi_changes",
    "named_release",
    "needs_publishing",
    "offer",
    "pinned_because",
    "roll_back",
    "stale",
    "stale_tables",
    "sweep",
    "verdict",
    "verify",
]
