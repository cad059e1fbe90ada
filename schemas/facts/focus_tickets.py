"""focus_tickets: the dispatched tickets of the sectors that are followed daily (design note 2)."""

from schemas.fields import Day, Moment, day, identifier, label, moment, month
from schemas.table import Fact


class FocusTickets(
    Fact,
    name="focus_tickets",
    title="重点领域工单",
    description="Dispatched tickets of a followed sector, one row each, as they now stand.",
    grain=("month", "ticket_id"),
    version="2.0",
):
    """重点领域的工单，一件一行，按现在的状态。"""

    month: str = month()
    ticket_id: str = identifier("工单编号", "Ticket.")
    date: Day = day("日期", "Day of acceptance.")
    sector: str = label("重点领域", "Followed sector.")
    category: str = label("诉求分类", "Subject.")
    region: str = label("所属区县", "County or district.")
    unit: str = label("承办单位", "Unit in charge.")
    urgency: str = label("紧急程度", "Urgency.")
    accepted_at: Moment = moment("受理时间", "When the ticket was accepted.")
    dispatched_at: Moment = moment("转办时间", "When it was handed over.", required=False)
    deadline: Moment = moment("办理时限", "Until when it must be closed.", required=False)
    closed_at: Moment = moment("办结时间", "When it was closed; empty while open.", required=False)
    status: str = label("工单状态", "State as last exported.")
