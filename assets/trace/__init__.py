"""From a published figure back to the raw lines."""

from assets.trace.figure import Figure, trace
from assets.trace.rows import KEY, places, rows_behind

__all__ = [
    "KEY",
    "Figure",
    "places",
    "rows_behind",
    "trace",
]
