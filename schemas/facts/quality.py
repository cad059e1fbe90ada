"""quality: inspections of calls (FACTS.md, section 2)."""

from schemas.fields import Day, count, day, label, month, number
from schemas.table import Fact


class Quality(
    Fact,
    name="quality",
    title="话务监听月度事实",
    description="Inspections by day and mode.",
    grain=("month", "date", "mode"),
):
    """按日期和方式统计的话务监听。"""

    month: str = month()
    date: Day = day("日期", "Day of the inspection.")
    mode: str = label("质检方式", "在线 or 事后.")
    monitored: int = count("监听数", "通", "Calls inspected.")
    passed: int = count("合格数", "通", "Calls that passed.")
    score_sum: float = number("得分合计", "Sum of scores, exact to the hundredth.", unit="分")
