"""callbacks: attempts, contacts and what citizens said (FACTS.md, section 2)."""

from schemas.facts.shared import MONTH, count, date, label
from schemas.tables import FactTable

callbacks = FactTable(
    name="callbacks",
    title="回访月度事实",
    zh="按回访日期、单位和诉求类型统计的回访：打通、满意与不满意。",
    description="Callback attempts by day of the attempt, and unit and type of the ticket.",
    grain=("month", "date", "unit", "ticket_type"),
    columns=(
        MONTH,
        date("Day of the attempt."),
        label("unit", "承办单位", "Unit of the ticket; empty if unknown or none.", required=False),
        label(
            "ticket_type",
            "诉求类型",
            "Kind of the ticket; empty while the ticket is unknown.",
            required=False,
        ),
        count("attempts", "回访次数", "次", "Attempts."),
        count("reached", "回访接通", "次", "Attempts that reached the citizen."),
        count("refused", "拒访", "次", "Citizens who declined."),
        count("satisfied", "满意", "次", "Satisfied."),
        count("basically_satisfied", "基本满意", "次", "Basically satisfied."),
        count("dissatisfied", "不满意", "次", "Dissatisfied."),
        count("unrated", "未评价", "次", "Reached, no opinion given."),
        count("tickets_called", "首次回访工单", "件", "First attempts of a ticket."),
    ),
)
