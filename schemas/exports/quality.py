"""话务监听: one row per inspected call (DATA.md, section 2)."""

from typing import Final

from schemas.fields import Moment, code, identifier, number, timestamp
from schemas.table import Export

YES: Final = "是"
NO: Final = "否"


class Quality(
    Export,
    name="quality",
    title="话务监听",
    description="Quality inspections of calls.",
    cadence="daily",
    key=("inspection_id",),
    period="inspected_at",
):
    """每一次话务监听（质检）及其结果。"""

    inspection_id: str = identifier("质检编号", "Inspection id.")
    call_id: str = identifier("话单编号", "Call that was inspected.")
    inspected_at: Moment = timestamp("质检时间", "When it was inspected; decides its month.")
    mode: str = code("质检方式", "Live or afterwards.", ("在线", "事后"))
    inspector_id: str = identifier("质检员工号", "Inspector.")
    score: float = number("得分", "Score of the inspection.", unit="分", minimum=0, maximum=100)
    passed: str = code("是否合格", "Whether the call passed.", (YES, NO))
