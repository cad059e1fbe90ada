"""The days of a report and those that it is compared with; how days and months are written.

What a key such as 2023-05-23 means for a kind of report, the period before, the same period of a
year before, and the day by which a report is due (REPORTS.md).
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assets.core import HotlineError, did_you_mean
from assets.reports.content.model import Period
from schemas.reports import KINDS, TITLES, ReportKind

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
# How many parts of a date a key of a kind has, and an example.
_FORMS: dict[ReportKind, tuple[int, str]] = {
    "daily": (3, "2023-05-23"),
    "weekly": (3, "2023-05-22"),
    "monthly": (2, "2023-05"),
    "annual": (1, "2023"),
}
_WEDNESDAY = 2
_MONTHLY_DUE_DAY = 5
# A year is compared with the same weekdays of the year before: 52 whole weeks.
_YEAR_OF_WEEKS = timedelta(weeks=52)
_DAY = timedelta(days=1)
_END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date


def period_of(kind: str, key: str, week_start: int = 0) -> Period:
    """The period that a key names.

    Args:
        kind: daily, weekly, monthly or annual.
        key: 2023-05-23, the first day of the week, 2023-05, or 2023.
        week_start: weekday on which a week starts, 0 for Monday.

    Raises:
        HotlineError: there is no such kind, or the key is not of its form.
    """
    known: ReportKind | None = next((each for each in KINDS if each == kind), None)
    if known is None:
        said = did_you_mean(kind, KINDS) or f"请用 {'、'.join(KINDS)} 之一。"
        raise HotlineError(f"没有“{kind}”这一类报告。{said}")
    first = _first_day(known, key)
    period = containing(known, first, week_start)
    if period.first != first:
        raise HotlineError(
            f"周报的期间“{key}”是{WEEKDAYS[first.weekday()]}，本单位的周从"
            f"{WEEKDAYS[week_start]}算起：请改用这一周的第一天 {period.key}。"
        )
    return period


def _first_day(kind: ReportKind, key: str) -> date:
    """The first day that a key names, in its one written form."""
    parts, example = _FORMS[kind]
    try:
        first = date.fromisoformat(key + "-01" * (3 - parts))
    except ValueError:
        first = date.min
    # The first and the last year of the calendar have no year before or after them.
    if first.year in (date.min.year, date.max.year) or first.isoformat()[: len(example)] != key:
        raise HotlineError(
            f"{TITLES[kind]}的期间“{key[:40]}”写法不对或没有这一天：请写成 {example} 的样子。"
        )
    return first


def containing(kind: ReportKind, day: date, week_start: int = 0) -> Period:
    """The period of a kind that a day lies in."""
    match kind:
        case "daily":
            title = f"{_chinese(day)}（{WEEKDAYS[day.weekday()]}）"
            return Period(kind, day.isoformat(), day, day, title)
        case "weekly":
            first = day - timedelta(days=(day.weekday() - week_start) % 7)
            last = first + timedelta(days=6)
            return Period(kind, first.isoformat(), first, last, _days_title(first, last))
        case "monthly":
            month = f"{day:%Y-%m}"
            span = month_span(month)
            return Period(kind, month, span.first, span.last, month_title(month))
        case "annual":
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
            return Period(kind, str(day.year), first, last, f"{day.year}年")


def _chinese(day: date) -> str:
    return f"{day.year}年{day_title(day)}"


def _days_title(first: date, last: date) -> str:
    """Both ends, without saying the same year or month twice."""
    if first.year != last.year:
        return f"{_chinese(first)}至{_chinese(last)}"
    return f"{_chinese(first)}至{day_title(last) if first.month != last.month else f'{last.day}日'}"


def day_title(day: date) -> str:
    """A day in Chinese without its year: 5月31日."""
    return f"{day.month}月{day.day}日"


def moment_title(moment: datetime) -> str:
    """A moment without its year: 5月23日 18:00; a whole day where it ends with it."""
    day = day_title(moment.date())
    return day if moment.time() >= _END_OF_DAY else f"{day} {moment:%H:%M}"


def month_title(month: str) -> str:
    """A month in Chinese: 2023年5月."""
    return f"{int(month[:4])}年{int(month[5:])}月"


def span_of(period: Period) -> Span:
    """The days of a period."""
    return Span(period.first, period.last)


def month_span(month: str) -> Span:
    """All days of a month, YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    return Span(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))


def year_span(year: int) -> Span:
    """All days of a year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def days_of(span: Span) -> list[date]:
    """The days of a span, oldest first."""
    return [span.first + timedelta(days=i) for i in range((span.last - span.first).days + 1)]


def shifted(month: str, by: int) -> str:
    """The month so many months later, or earlier where negative."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def last_months(month: str, count: int) -> list[str]:
    """So many months up to and including one, oldest first."""
    return [shifted(month, back) for back in range(1 - count, 1)]


def months_of_year(year: int) -> list[str]:
    """The twelve months of a year."""
    return last_months(f"{year}-12", 12)


def previous(period: Period) -> Period:
    """The period before (环比); for a week the seven days before, whatever day it starts on."""
    return containing(period.kind, period.first - _DAY, period.first.weekday())


def week_before(period: Period) -> Period:
    """The same weekday of the week before, for a day."""
    return containing(period.kind, period.first - timedelta(days=7), period.first.weekday())


def year_before(period: Period) -> Period:
    """The same period of the year before (同比); days and weeks keep their weekdays."""
    if period.kind in ("daily", "weekly"):
        return containing(period.kind, period.first - _YEAR_OF_WEEKS, period.first.weekday())
    return containing(period.kind, period.first.replace(year=period.first.year - 1))


def month_to_date(day: date) -> Span:
    """From the first of the month to a day."""
    return Span(day.replace(day=1), day)


def month_to_date_before(day: date) -> Span:
    """The same days of the month before; all of it where it is shorter."""
    last = day.replace(day=1) - _DAY
    return Span(last.replace(day=1), last.replace(day=min(day.day, last.day)))


def due_date(kind: ReportKind, period: Period) -> date:
    """The day by which a report is due: its morning for a daily one (REPORTS.md)."""
    after = period.last + _DAY
    match kind:
        case "daily":
            return after
        case "weekly":
            # The first Wednesday after the last day, whatever weekday that is.
            return after + timedelta(days=(_WEDNESDAY - after.weekday()) % 7)
        case "monthly":
            return after.replace(day=_MONTHLY_DUE_DAY)
        case "annual":
            return date(after.year, 1, 31)
