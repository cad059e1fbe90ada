"""staff: people on duty and their assessment (FACTS.md, section 2)."""

from schemas.facts.shared import MONTH, count, label
from schemas.tables import FactTable

staff = FactTable(
    name="staff",
    title="坐席月度事实",
    zh="按岗位统计的坐席人数和考评结果。",
    description="Staff by position.",
    grain=("month", "position"),
    columns=(
        MONTH,
        label("position", "岗位", "Position."),
        count("on_duty", "在岗人数", "人", "People on duty."),
        count("assessed", "参加考评人数", "人", "People assessed."),
        count("passed", "考评合格人数", "人", "People assessed 合格 or better."),
    ),
)
