"""The running number of a report, 第N期, from its period alone.

Belongs here: counting periods. A report is numbered by where its period stands among those of its
year, not by when it was issued: reports that are made up for in any order get the same numbers, and
a day without data leaves a number unused. A period belongs to the year of its first day, so the
week over New Year is the last of the old year.
"""

from datetime import date, timedelta

from assets.reports.content import Period
from schemas.reports import ReportKind

_WEEK = 7


def number(period: Period, first: date) -> int:
    """Position of a period in its year, from 1.

    Args:
        period: not before the first that is reported (`is_reported`).
        first: first day for which reports of this kind are made.
    """
    day = period.first
    begin = max(first, date(day.year, 1, 1))
    if period.kind == "daily":
        return (day - begin).days + 1
    if period.kind == "weekly":
        # The first week of the year is the first that begins in it.
        begin += timedelta((day - begin).days % _WEEK)
        return (day - begin).days // _WEEK + 1
    if period.kind == "monthly":
        return day.month - begin.month + 1
    return 1


def is_reported(kind: ReportKind, begins: date, ends: date, first: date) -> bool:
    """Whether there are reports of a period.

    Days and weeks begin on the first day or after it; the month and the year that hold it count.
    """
    return (begins if kind in ("daily", "weekly") else ends) >= first
