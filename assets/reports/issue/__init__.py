"""What is due, what is new, numbers, revisions, the ledger of issued reports."""

from assets.reports.issue.content import FILE
from assets.reports.issue.due import due_reports
from assets.reports.issue.forms import Office
from assets.reports.issue.index import refresh_index, write_index
from assets.reports.issue.issued import Issued, file_name
from assets.reports.issue.issuer import Issuer
from assets.reports.issue.ledger import Entry, Ledger
from assets.reports.issue.refusal import NoReport, arrived, check
from assets.reports.issue.revisions import changes
from assets.reports.issue.timeliness import due_moment

__all__ = [
    "FILE",
    "Entry",
    "Issued",
    "Issuer",
    "Ledger",
    "NoReport",
    "Office",
    "arrived",
    "changes",
    "check",
    "due_moment",
    "due_reports",
    "file_name",
    "refresh_index",
    "write_index",
]
