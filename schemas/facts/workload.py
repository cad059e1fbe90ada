"""workload: what happened to the dispatched tickets day by day (design note 2)."""

from schemas.facts.shared import MONTH, count, date, label
from schemas.tables import FactTable

workload = FactTable(
    name="workload",
    title="在办变动",
    zh="各单位每天在办、逾期和即将到期工单的增减，累加得到任意一天的存量。",
    description=(
        "Dispatched tickets by month of acceptance, day of the event and unit; what was open at"
        " the end of a day is the sum of opened - closed over all months and days up to it;"
        " overdue is turned_overdue - overdue_closed, due soon (less than 24 hours left) is"
        " turned_due_soon - due_soon_ended."
    ),
    grain=("month", "date", "unit"),
    columns=(
        MONTH,
        date("Day of the event."),
        label("unit", "承办单位", "Unit in charge."),
        count("opened", "新增在办", "件", "Accepted on that day."),
        count("closed", "办结", "件", "Closed on that day, merged ones included."),
        count("turned_overdue", "转为逾期", "件", "Whose deadline passed on that day while open."),
        count("overdue_closed", "逾期后办结", "件", "Closed on that day, after the deadline."),
        count(
            "turned_due_soon",
            "转为临期",
            "件",
            "With less than 24 hours left since some moment of that day.",
        ),
        count(
            "due_soon_ended",
            "临期结束",
            "件",
            "Closed on that day within those 24 hours, or whose deadline passed on it.",
        ),
    ),
)
