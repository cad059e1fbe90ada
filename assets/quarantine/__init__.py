"""What became of quarantined rows, the form to correct them, the record of discarded ones."""

from assets.quarantine.discarded import discard
from assets.quarantine.fate import BECAME, CORRECTED, DISCARDED, OPEN, counts, totals, with_fates
from assets.quarantine.forms import form, form_name
from assets.quarantine.history import FILE_GONE, keep_history, read_history
from assets.quarantine.rows import file_named, quarantined_rows, reasons

__all__ = [
    "BECAME",
    "CORRECTED",
    "DISCARDED",
    "FILE_GONE",
    "OPEN",
    "counts",
    "discard",
    "file_named",
    "form",
    "form_name",
    "keep_history",
    "quarantined_rows",
    "read_history",
    "reasons",
    "totals",
    "with_fates",
]
