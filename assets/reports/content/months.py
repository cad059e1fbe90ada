"""Calendar months as spans: the months before one, and how a month is written.

Belongs here: arithmetic on YYYY-MM. Which periods a report compares is decided by its module.
"""

from calendar import monthrange
from datetime import date

from assets.reports.content.reading import Span


def month_span(month: str) -> Span:
    """All days of a month."""
    year, number = int(month[:4]), int(month[5:])
    return Span(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def shifted(month: str, by: int) -> str:
    """The month so many months later, or earlier where negative."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def last_months(month: str, count: int) -> list[str]:
    """So many months up to and including one, oldest first."""
    return [shifted(month, back) for back in range(1 - count, 1)]


def month_title(month: str) -> str:
    """A month in Chinese: 2023年5月."""
    return f"{int(month[:4])}年{int(month[5:])}月"


def day_title(day: date) -> str:
    """A day in Chinese without its year: 5月31日."""
    return f"{day.month}月{day.day}日"
