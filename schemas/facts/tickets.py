"""tickets: the tickets accepted in a month, as they now stand (FACTS.md, section 2)."""

from schemas.facts.shared import MONTH, count, date, label, seconds
from schemas.tables import FactTable

tickets = FactTable(
    name="tickets",
    title="工单月度事实",
    zh="按受理日期、渠道、类型、地区、单位统计的工单：受理、办结、按时与逾期。",
    description=(
        "Tickets by day of acceptance and attributes;"
        " accepted = closed + open_in_time + open_overdue = direct_answered + dispatched;"
        " closed = closed_on_time + closed_late."
    ),
    grain=(
        "month",
        "date",
        "channel",
        "ticket_type",
        "category",
        "sector",
        "urgency",
        "region",
        "unit",
        "handling",
    ),
    columns=(
        MONTH,
        date("Day of acceptance."),
        label("channel", "受理渠道", "How the request came in."),
        label("ticket_type", "诉求类型", "Kind of request."),
        label("category", "诉求分类", "Subject."),
        label("sector", "重点领域", "Followed sector, mostly empty.", required=False),
        label("urgency", "紧急程度", "Urgency."),
        label("region", "所属区县", "County or district."),
        label("unit", "承办单位", "Unit in charge; empty where answered directly.", required=False),
        label("handling", "办理方式", "直接答复 or 转办."),
        count("accepted", "接单数", "件", "Tickets accepted, voided ones apart."),
        count("direct_answered", "直接答复", "件", "Answered on the spot."),
        count("dispatched", "转办", "件", "Handed over to a unit."),
        count("closed", "办结", "件", "Closed, merged ones included."),
        count("closed_on_time", "按时办结", "件", "Closed by the deadline."),
        count("closed_late", "逾期办结", "件", "Closed after the deadline."),
        count("open_in_time", "在办未逾期", "件", "Open at the cutoff, deadline not passed."),
        count("open_overdue", "在办已逾期", "件", "Open at the cutoff, deadline passed."),
        count("merged", "并单", "件", "Closed by merging into another ticket."),
        count("returned_tickets", "有退单的工单", "件", "Tickets sent back at least once."),
        count("returns", "退单次数", "次", "How often tickets were sent back."),
        count("extended", "延期", "件", "Tickets with an approved extension."),
        seconds("close_seconds", "办理秒数", "Seconds from acceptance to closing, closed tickets."),
        count("excluded_void", "作废", "件", "Voided tickets, in no other measure."),
    ),
)
