"""The days of a report, and the days that it is compared with.

Belongs here: what a key such as 2023-05-23 means for a kind of report, the period before, the same
period of a year before, and the day by which a report is due (REPORTS.md).
"""

import calendar
from datetime import date, datetime, time, timedelta

from assets.core import HotlineError
from assets.reports.content.model import Period
from assets.reports.content.reading import Span
from schemas.reports import KINDS, TITLES, ReportKind

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_FORMS: dict[str, tuple[int, str]] = {
    "daily": (3, "2023-05-23"),
    "weekly": (3, "2023-05-22"),
    "monthly": (2, "2023-05"),
    "annual": (1, "2023"),
}
_WEDNESDAY = 2
_MONTHLY_DUE_DAY = 5
# A year is compared with the same weekdays of the year before: 52 whole weeks.
_YEAR_OF_WEEKS = timedelta(weeks=52)
_END_OF_DAY = time(23, 59)


def period_of(kind: str, key: str, week_start: int = 0) -> Period:
    """The period that a key names.

    Args:
        kind: daily, weekly, monthly or annual.
        key: 2023-05-23, the first day of the week, 2023-05, or 2023.
        week_start: weekday on which a week starts, 0 for Monday.

    Raises:
        HotlineError: there is no such kind, or the key is not of its form.
    """
    match kind:
        case "daily":
            return containing("daily", _first_day(kind, key), week_start)
        case "weekly":
            first = _first_day(kind, key)
            week = containing("weekly", first, week_start)
            if week.first != first:
                raise HotlineError(
                    f"周报的期间“{key}”是{WEEKDAYS[first.weekday()]}，本单位的周从"
                    f"{WEEKDAYS[week_start]}算起：请改用这一周的第一天 {week.key}。"
                )
            return week
        case "monthly":
            return containing("monthly", _first_day(kind, key), week_start)
        case "annual":
            return containing("annual", _first_day(kind, key), week_start)
    raise HotlineError(f"没有“{kind}”这一类报告：请用 {'、'.join(KINDS)} 之一。")


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
            first = day.replace(day=1)
            last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
            return Period(kind, f"{first:%Y-%m}", first, last, f"{day.year}年{day.month}月")
        case "annual":
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
            return Period(kind, str(day.year), first, last, f"{day.year}年")


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _days_title(first: date, last: date) -> str:
    """Both ends, without saying the same year or month twice."""
    if first.year != last.year:
        return f"{_chinese(first)}至{_chinese(last)}"
    if first.month != last.month:
        return f"{_chinese(first)}至{last.month}月{last.day}日"
    return f"{_chinese(first)}至{last.day}日"


def moment_title(moment: datetime) -> str:
    """A moment without its year: 5月23日 18:00; a whole day where it ends with it."""
    day = f"{moment.month}月{moment.day}日"
    return day if moment.time() >= _END_OF_DAY else f"{day} {moment:%H:%M}"


def span_of(period: Period) -> Span:
    """The days of a period."""
    return Span(period.first, period.last)


def previous(period: Period) -> Period:
    """The period before (环比); for a week the seven days before, whatever day it starts on."""
    return containing(period.kind, period.first - timedelta(days=1), period.first.weekday())


def week_before(period: Period) -> Period:
    """The same weekday of the week before, for a day."""
    return containing(period.kind, period.first - timedelta(days=7), period.first.weekday())


def year_before(period: Period) -> Period:
    """The same period of the year before (同比); days and weeks keep their weekdays."""
    if period.kind in ("daily", "weekly"):
        return containing(period.kind, period.first - _YEAR_OF_WEEKS, period.first.weekday())
    first = period.first
    return containing(period.kind, first.replace(year=first.year - 1))


def month_to_date(day: date) -> Span:
    """From the first of the month to a day."""
    return Span(day.replace(day=1), day)


def month_to_date_before(day: date) -> Span:
    """The same days of the month before; all of it where it is shorter."""
    last = day.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last.replace(day=min(day.day, last.day)))


def days_of(span: Span) -> list[date]:
    """The days of a span, oldest first."""
    return [span.first + timedelta(days=i) for i in range((span.last - span.first).days + 1)]


def due_date(kind: ReportKind, period: Period) -> date:
    """The day by which a report is due: its morning for a daily one (REPORTS.md)."""
    after = period.last + timedelta(days=1)
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
