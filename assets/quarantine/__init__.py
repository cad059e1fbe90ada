"""Quarantined rows: which there are, what became of each, and the way back.

`rows` finds the rows and keeps the records of them, `fates` says what became of each (`with_fates`
is the main entry), `forms` writes the workbook in which they are corrected.
"""

from assets.quarantine.fates import (
    CORRECTED,
    DISCARDED,
    OPEN,
    ROW_FATE,
    calls_lacking_legs,
    counts,
    totals,
    with_fates,
)
from assets.quarantine.forms import correction_file_name, correction_form
from assets.quarantine.rows import (
    FILE_GONE,
    discard,
    file_named,
    quarantined_rows,
    read_discarded,
    read_history,
    reasons,
    update_history,
)

__all__ = [
    "CORRECTED",
    "DISCARDED",
    "FILE_GONE",
    "OPEN",
    "ROW_FATE",
    "calls_lacking_legs",
    "correction_file_name",
    "correction_form",
    "counts",
    "discard",
    "file_named",
    "quarantined_rows",
    "read_discarded",
    "read_history",
    "reasons",
    "totals",
    "update_history",
    "with_fates",
]
