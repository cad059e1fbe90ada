"""Issue reports: what is due, what is new, numbers, revisions, and the ledger of issued reports.

`due` asks which reports the night has to issue, `renderer` composes and renders one, `revisions`
says what its content changes, `issuer` numbers and writes it, `ledger` enters it, `index` lists it.
Main entry: `Issuer.issue`. An issued report is never overwritten, the same content is issued once,
and a crash at any step leaves nothing half done.
"""

from assets.reports.issue.due import (
    NoReport,
    check_reportable,
    due_moment,
    due_reports,
    release_arrivals,
)
from assets.reports.issue.index import refresh_index, write_index
from assets.reports.issue.issuer import Issued, Issuer
from assets.reports.issue.ledger import Entry, Ledger
from assets.reports.issue.revisions import CONTENT_FILE, describe_changes

__all__ = [
    "CONTENT_FILE",
    "Entry",
    "Issued",
    "Issuer",
    "Ledger",
    "NoReport",
    "check_reportable",
    "describe_changes",
    "due_moment",
    "due_reports",
    "refresh_index",
    "release_arrivals",
    "write_index",
]
