"""坐席考评: one row per member of staff and month (DATA.md, section 2)."""

from typing import Final

from schemas.exports.quality import NO, YES
from schemas.fields import code, identifier, month
from schemas.table import Export

AGENT: Final = "话务员"
POSITIONS = (AGENT, "后台", "管理")
NOT_ASSESSED: Final = "未考评"
PASSED = ("优秀", "合格")
ASSESSMENTS = (*PASSED, "不合格", NOT_ASSESSED)


class Staff(
    Export,
    name="staff",
    title="坐席考评",
    description="Staff on duty and their assessment, month by month.",
    cadence="monthly",
    key=("month", "agent_id"),
    period="month",
):
    """各月在岗的坐席人员及其考评。"""

    month: str = month()
    agent_id: str = identifier("工号", "Member of staff.", aliases=("坐席工号",))
    position: str = code("岗位", "Position.", POSITIONS)
    on_duty: str = code("在岗", "Whether on duty in that month.", (YES, NO))
    assessment: str = code("考评结果", "Result of the month's assessment.", ASSESSMENTS)
