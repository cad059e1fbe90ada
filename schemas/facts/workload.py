"""workload: what happened to the dispatched tickets day by day (design note 2)."""

from schemas.fields import Day, count, day, label, month
from schemas.table import Fact


class Workload(
    Fact,
    name="workload",
    title="在办变动",
    description=(
        "Dispatched tickets by month of acceptance, day of the event and unit; what was"
        " open at the end of a day is the sum of opened - closed over all months and days up"
        " to it; overdue is turned_overdue - overdue_closed, due soon (less than 24 hours"
        " left) is turned_due_soon - due_soon_ended."
    ),
    grain=("month", "date", "unit"),
):
    """各单位每天在办、逾期和即将到期工单的增减，累加得到任意一天的存量。"""

    month: str = month()
    date: Day = day("日期", "Day of the event.")
    unit: str = label("承办单位", "Unit in charge.")
    opened: int = count("新增在办", "件", "Accepted on that day.")
    closed: int = count("办结", "件", "Closed on that day, merged ones included.")
    turned_overdue: int = count("转为逾期", "件", "Whose deadline passed on that day while open.")
    overdue_closed: int = count("逾期后办结", "件", "Closed on that day, after the deadline.")
    turned_due_soon: int = count(
        "转为临期", "件", "With less than 24 hours left since some moment of that day."
    )
    due_soon_ended: int = count(
        "临期结束",
        "件",
        "Closed on that day within those 24 hours, or whose deadline passed on it.",
    )
