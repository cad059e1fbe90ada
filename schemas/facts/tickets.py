"""tickets: the tickets accepted in a month, as they now stand (FACTS.md, section 2)."""

from schemas.fields import Day, count, day, label, month, seconds
from schemas.table import Fact


class Tickets(
    Fact,
    name="tickets",
    title="工单月度事实",
    description=(
        "Tickets by day of acceptance and attributes; accepted = closed + open_in_time +"
        " open_overdue = direct_answered + dispatched; closed = closed_on_time +"
        " closed_late."
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
):
    """按受理日期、渠道、类型、地区、单位统计的工单：受理、办结、按时与逾期。"""

    month: str = month()
    date: Day = day("日期", "Day of acceptance.")
    channel: str = label("受理渠道", "How the request came in.")
    ticket_type: str = label("诉求类型", "Kind of request.")
    category: str = label("诉求分类", "Subject.")
    sector: str = label("重点领域", "Followed sector, mostly empty.", required=False)
    urgency: str = label("紧急程度", "Urgency.")
    region: str = label("所属区县", "County or district.")
    unit: str = label("承办单位", "Unit in charge; empty where answered directly.", required=False)
    handling: str = label("办理方式", "直接答复 or 转办.")
    accepted: int = count("接单数", "件", "Tickets accepted, voided ones apart.")
    direct_answered: int = count("直接答复", "件", "Answered on the spot.")
    dispatched: int = count("转办", "件", "Handed over to a unit.")
    closed: int = count("办结", "件", "Closed, merged ones included.")
    closed_on_time: int = count("按时办结", "件", "Closed by the deadline.")
    closed_late: int = count("逾期办结", "件", "Closed after the deadline.")
    open_in_time: int = count("在办未逾期", "件", "Open at the cutoff, deadline not passed.")
    open_overdue: int = count("在办已逾期", "件", "Open at the cutoff, deadline passed.")
    merged: int = count("并单", "件", "Closed by merging into another ticket.")
    returned_tickets: int = count("有退单的工单", "件", "Tickets sent back at least once.")
    returns: int = count("退单次数", "次", "How often tickets were sent back.")
    extended: int = count("延期", "件", "Tickets with an approved extension.")
    close_seconds: int = seconds("办理秒数", "Seconds from acceptance to closing, closed tickets.")
    excluded_void: int = count("作废", "件", "Voided tickets, in no other measure.")
