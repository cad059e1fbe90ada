"""话务监听: one row per inspected call (DATA.md, section 2)."""

from typing import Final

from schemas.columns import Column, Kind
from schemas.exports.shared import code, identifier, timestamp
from schemas.tables import ExportTable

YES: Final = "是"
NO: Final = "否"

quality = ExportTable(
    name="quality",
    title="话务监听",
    zh="每一次话务监听（质检）及其结果。",
    description="Quality inspections of calls.",
    cadence="daily",
    key=("inspection_id",),
    period="inspected_at",
    columns=(
        identifier("inspection_id", "质检编号", "Inspection id."),
        identifier("call_id", "话单编号", "Call that was inspected."),
        timestamp("inspected_at", "质检时间", "When it was inspected; decides its month."),
        code("mode", "质检方式", "Live or afterwards.", ("在线", "事后")),
        identifier("inspector_id", "质检员工号", "Inspector."),
        Column(
            name="score",
            title="得分",
            kind=Kind.NUMBER,
            description="Score of the inspection.",
            unit="分",
            minimum=0,
            maximum=100,
        ),
        code("passed", "是否合格", "Whether the call passed.", (YES, NO)),
    ),
)
