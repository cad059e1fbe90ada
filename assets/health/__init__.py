"""What is wrong now: the questions that checks, `hotline status`, `doctor` and notices share."""

from assets.health.course import ENOUGH, knowledge_on_course, pace
from assets.health.days import DAILY, missing_days
from assets.health.issues import issued_when_due, overdue
from assets.health.quarantine import old_rows, worked_off

__all__ = [
    "DAILY",
    "ENOUGH",
    "issued_when_due",
    "knowledge_on_course",
    "missing_days",
    "old_rows",
    "overdue",
    "pace",
    "worked_off",
]
