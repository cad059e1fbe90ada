"""From a published figure back to the raw lines.

`trace` (the main entry) says what a figure rests on; `rows_behind` and `locate_rows` give the keys
of the rows that it counts, and where these were delivered.
"""

from assets.trace.figure import Figure, trace
from assets.trace.rows import KEY, locate_rows, rows_behind

__all__ = [
    "KEY",
    "Figure",
    "locate_rows",
    "rows_behind",
    "trace",
]
