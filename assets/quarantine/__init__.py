"""Quarantined rows: which there are, what became of each, and the way back.

`rows` finds the rows and keeps the records of them, `fates` says what became of each (`with_fates`
is the main entry), `forms` writes the workbook in which they are corrected.
"""

from assets.quarantine.fates import (
    BECAME,
    CORRECTED,
    DISCARDED,
    OPEN,
    counts,
    totals,
    with_fates,
)
from assets.quarantine.forms import form, form_name
from assets.quarantine.rows import (
    FILE_GONE,
    discard,
    file_named,
    keep_history,
    quarantined_rows,
    read_history,
    reasons,
)

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
