"""坐席考评: one row per member of staff and month (DATA.md, section 2)."""

from typing import Final

from schemas.columns import Column, Kind
from schemas.exports.quality import NO, YES
from schemas.exports.shared import code, identifier
from schemas.tables import ExportTable

AGENT: Final = "话务员"
POSITIONS = (AGENT, "后台", "管理")
NOT_ASSESSED: Final = "未考评"
PASSED = ("优秀", "合格")
ASSESSMENTS = (*PASSED, "不合格", NOT_ASSESSED)

staff = ExportTable(
    name="staff",
    title="坐席考评",
    zh="各月在岗的坐席人员及其考评。",
    description="Staff on duty and their assessment, month by month.",
    cadence="monthly",
    key=("month", "agent_id"),
    period="month",
    columns=(
        Column(name="month", title="月份", kind=Kind.MONTH, description="Month, YYYY-MM."),
        identifier("agent_id", "工号", "Member of staff.", aliases=("坐席工号",)),
        code("position", "岗位", "Position.", POSITIONS),
        code("on_duty", "在岗", "Whether on duty in that month.", (YES, NO)),
        code("assessment", "考评结果", "Result of the month's assessment.", ASSESSMENTS),
    ),
)
