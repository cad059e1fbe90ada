"""What stands above every report, in the same words in every form.

Belongs here: dates, running number and marks of an issue, put into words once. Where each stands
is the form's own business.
"""

from dataclasses import dataclass
from datetime import date, datetime

from assets.reports.content.model import Report, Stamp
from assets.reports.render.clean import PARAGRAPH, clean


@dataclass(frozen=True)
class Head:
    """The head of an issue, in clean text.

    Attributes:
        organisation: who issues it.
        title: of the report.
        period: what it is about, in Chinese.
        number: 第N期.
        issued: day of issue.
        marks: 补发 and 第N版（更正）, as they apply.
        facts: (label, text) pairs that every report shows, in order.
        changes: what a correction changed, a sentence each.
    """

    organisation: str
    title: str
    period: str
    number: str
    issued: str
    marks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]


def day(value: date) -> str:
    """A day as documents write it: 2023年6月5日."""
    return f"{value.year}年{value.month}月{value.day}日"


def head(report: Report, stamp: Stamp) -> Head:
    """The head of one issue of a report."""
    marks = []
    if stamp.backfilled:
        marks.append("补发")
    if stamp.revision > 1:
        marks.append(f"第{stamp.revision}版（更正）")
    return Head(
        organisation=clean(report.organisation),
        title=clean(report.title),
        period=clean(report.period.title),
        number=f"第{stamp.number}期",
        issued=day(stamp.issued_at),
        marks=tuple(marks),
        facts=(
            ("统计时段", _span(report.period.first, report.period.last)),
            ("数据截至", _moment(report.cutoff)),
            ("应发日期", day(stamp.due)),
            ("数据版本", clean(report.release)),
            ("数据完整性", clean(report.completeness, PARAGRAPH)),
            ("比率说明", clean(report.rate_note, PARAGRAPH)),
        ),
        changes=tuple(clean(each, PARAGRAPH) for each in stamp.changes),
    )


def _span(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)}至{day(last)}"


def _moment(value: datetime) -> str:
    return f"{day(value)} {value:%H:%M}"
