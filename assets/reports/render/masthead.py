"""The facts in the head of an issue, in words, the same in all four forms.

Dates, running number, release and corrections; where they stand is each form's own.
"""

from datetime import date

from assets.reports.content import Report, Stamp


def day(value: date) -> str:
    """A day as it is written in a document."""
    return f"{value.year}年{value.month}月{value.day}日"


def number(stamp: Stamp) -> str:
    """The running number of the year."""
    return f"第{stamp.number}期"


def cutoff(report: Report) -> str:
    """Until when the data goes."""
    return f"{day(report.cutoff)} {report.cutoff:%H:%M}"


def backfilled(stamp: Stamp) -> str:
    """That an issue was made long after; empty for one that was not."""
    return f"补发：应于{day(stamp.due)}前发布，不计入按时发布" if stamp.backfilled else ""


def revision(stamp: Stamp) -> str:
    """Which revision it is; empty for the first."""
    return f"更正：第{stamp.revision}版，代替第{stamp.revision - 1}版" if stamp.revision > 1 else ""


def facts(report: Report, stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """What a reader must know to trust the figures: (label, text), empty ones left out."""
    first, last = day(report.period.first), day(report.period.last)
    found = (
        ("统计期间", first if first == last else f"{first}至{last}"),
        ("期号", number(stamp)),
        ("印发日期", day(stamp.issued_at)),
        ("数据截至", cutoff(report)),
        ("数据版本", report.release),
        ("数据完整性", report.completeness),
        ("率的口径", report.rate_note),
    )
    return tuple((label, text) for label, text in found if text)
