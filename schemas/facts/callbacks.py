"""callbacks: attempts, contacts and what citizens said (FACTS.md, section 2)."""

from schemas.fields import Day, count, day, label, month
from schemas.table import Fact


class Callbacks(
    Fact,
    name="callbacks",
    title="回访月度事实",
    description="Callback attempts by day of the attempt, and unit and type of the ticket.",
    grain=("month", "date", "unit", "ticket_type"),
):
    """按回访日期、单位和诉求类型统计的回访：打通、满意与不满意。"""

    month: str = month()
    date: Day = day("日期", "Day of the attempt.")
    unit: str = label("承办单位", "Unit of the ticket; empty if unknown or none.", required=False)
    ticket_type: str = label(
        "诉求类型", "Kind of the ticket; empty while the ticket is unknown.", required=False
    )
    attempts: int = count("回访次数", "次", "Attempts.")
    reached: int = count("回访接通", "次", "Attempts that reached the citizen.")
    refused: int = count("拒访", "次", "Citizens who declined.")
    satisfied: int = count("满意", "次", "Satisfied.")
    basically_satisfied: int = count("基本满意", "次", "Basically satisfied.")
    dissatisfied: int = count("不满意", "次", "Dissatisfied.")
    unrated: int = count("未评价", "次", "Reached, no opinion given.")
    tickets_called: int = count("首次回访工单", "件", "First attempts of a ticket.")
