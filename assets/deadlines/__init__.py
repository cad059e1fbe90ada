"""Deadlines: working days (`calendar`), and by when a ticket is due (`due`).

Rules and calendar are loaded once (`load_deadlines`); the main entry is `with_deadline`.
"""

from assets.deadlines.calendar import Calendar, load_calendar
from assets.deadlines.due import DEADLINE, Deadlines, load_deadlines, with_deadline

__all__ = ["DEADLINE", "Calendar", "Deadlines", "load_calendar", "load_deadlines", "with_deadline"]
