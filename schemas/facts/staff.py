"""People on duty: their assessment (FACTS.md, section 2), and who answered (design note 2)."""

from schemas.fields import Day, count, day, hour, label, month
from schemas.table import Fact


class Staff(
    Fact,
    name="staff",
    title="坐席月度事实",
    description="Staff by position.",
    grain=("month", "position"),
):
    """按岗位统计的坐席人数和考评结果。"""

    month: str = month()
    position: str = label("岗位", "Position.")
    on_duty: int = count("在岗人数", "人", "People on duty.")
    assessed: int = count("参加考评人数", "人", "People assessed.")
    passed: int = count("考评合格人数", "人", "People assessed 合格 or better.")


class Seats(
    Fact,
    name="seats",
    title="在席情况",
    description="Agents by day and hour; an hour is missing where no known agent answered a call.",
    grain=("month", "date", "hour"),
):
    """每天每个小时接听电话的坐席人数。"""

    month: str = month()
    date: Day = day("日期", "Day on which the calls reached the hotline.")
    hour: int = hour()
    agents: int = count(
        "在席坐席", "人", "Different agents who answered a call of that hour, test calls apart."
    )
