"""Working days, and by when a ticket is due."""

from assets.deadlines.calendar import load_calendar
from assets.deadlines.due import DEADLINE, Deadlines, load_deadlines, with_deadline

__all__ = [
    "DEADLINE",
    "Deadlines",
    "load_calendar",
    "load_deadlines",
    "with_deadline",
]
