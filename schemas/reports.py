"""The ledger of issued reports (REPORTS.md), which is kept beside the releases, not in them."""

from typing import Literal

from schemas.fields import Day, Moment, count, day, flag, label, moment
from schemas.table import Fact

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


class Reports(
    Fact,
    name="reports",
    title="报告发布台账",
    description="Every issue of every report; the rows with revision 1 tell what was in time.",
    grain=("kind", "period", "revision"),
):
    """已印发的每一份报告的每一版：何时印发、是否按时、出自哪一版数据。"""

    kind: str = label("类型", "daily, weekly, monthly or annual.")
    period: str = label("期间", "2023-05-23, first day of the week, 2023-05, or 2023.")
    revision: int = count("版次", "版", "1 for the first issue, one more for each correction.")
    first: Day = day("首日", "First day that the report is about.")
    last: Day = day("末日", "Last day that the report is about.")
    number: int = count("期号", "期", "Running number within the year of the first day.")
    due: Day = day("应发布日期", "Day by which it was due.")
    issued_at: Moment = moment("发布时间", "When this revision was issued.")
    in_time: bool = flag("按时", "Whether revision 1 was issued by its due moment.")
    backfilled: bool = flag("补发", "Made long after: neither in time nor late.")
    release: str = label("数据版本", "Release that it was computed from; retention keeps it.")
    cutoff: Moment = moment("数据截至", "Data cutoff of that release.")
    content: str = label("内容校验值", "SHA-256 of content.json: what it says, without release.")
    deliveries: str = label("导出指纹", "Fingerprint of the exports of its days.")
    docx: str = label("docx校验值", "SHA-256 of the docx form.")
    xlsx: str = label("xlsx校验值", "SHA-256 of the xlsx form.")
    html: str = label("html校验值", "SHA-256 of the html form.")
    pdf: str = label("pdf校验值", "SHA-256 of the pdf form.")
    path: str = label("目录", "Folder of its files, below the warehouse.")


reports = Reports.table()
