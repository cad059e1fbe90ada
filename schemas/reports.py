"""reports: the ledger of issued reports (REPORTS.md). Kept beside the releases, not in them."""

from typing import Literal

from schemas.columns import Column, Kind
from schemas.facts.shared import count, label
from schemas.tables import FactTable

ReportKind = Literal["daily", "weekly", "monthly", "annual"]
KINDS: tuple[ReportKind, ...] = ("daily", "weekly", "monthly", "annual")
TITLES: dict[ReportKind, str] = {
    "daily": "日报",
    "weekly": "周报",
    "monthly": "月报",
    "annual": "年报",
}
# Forms that every report is issued in; each has its SHA-256 in the ledger.
FORMS = ("docx", "xlsx", "html", "pdf")


def _day(name: str, title: str, description: str) -> Column:
    return Column(name=name, title=title, kind=Kind.DATE, description=description)


def _moment(name: str, title: str, description: str) -> Column:
    return Column(name=name, title=title, kind=Kind.TIMESTAMP, description=description)


def _flag(name: str, title: str, description: str) -> Column:
    return Column(name=name, title=title, kind=Kind.FLAG, description=description)


reports = FactTable(
    name="reports",
    title="报告发布台账",
    zh="已印发的每一份报告的每一版：何时印发、是否按时、出自哪一版数据。",
    description="Every issue of every report; the rows with revision 1 tell what was in time.",
    grain=("kind", "period", "revision"),
    columns=(
        label("kind", "类型", "daily, weekly, monthly or annual."),
        label("period", "期间", "2023-05-23, first day of the week, 2023-05, or 2023."),
        count("revision", "版次", "版", "1 for the first issue, one more for each correction."),
        _day("first", "首日", "First day that the report is about."),
        _day("last", "末日", "Last day that the report is about."),
        count("number", "期号", "期", "Running number within the year of the first day."),
        _day("due", "应发布日期", "Day by which it was due."),
        _moment("issued_at", "发布时间", "When this revision was issued."),
        _flag("in_time", "按时", "Whether revision 1 was issued by its due moment."),
        _flag(
            "backfilled",
            "补发",
            "Made long after: neither in time nor late.",
        ),
        label("release", "数据版本", "Release that it was computed from; retention keeps it."),
        _moment("cutoff", "数据截至", "Data cutoff of that release."),
        label("content", "内容校验值", "SHA-256 of content.json: what it says, without release."),
        label("deliveries", "导出指纹", "Fingerprint of the exports of its days."),
        *(label(form, f"{form}校验值", f"SHA-256 of the {form} form.") for form in FORMS),
        label("path", "目录", "Folder of its files, below the warehouse."),
    ),
)
