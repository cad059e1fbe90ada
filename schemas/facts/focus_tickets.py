"""focus_tickets: the dispatched tickets of the sectors that are followed daily (design note 2)."""

from schemas.columns import Column, Kind
from schemas.facts.shared import MONTH, date, identifier, label, moment
from schemas.tables import FactTable

focus_tickets = FactTable(
    name="focus_tickets",
    title="重点领域工单",
    zh="重点领域的工单，一件一行，按现在的状态。",
    description="Dispatched tickets of a followed sector, one row each, as they now stand.",
    grain=("month", "ticket_id"),
    columns=(
        MONTH,
        identifier("ticket_id", "工单编号", "Ticket."),
        date("Day of acceptance."),
        label("sector", "重点领域", "Followed sector."),
        label("category", "诉求分类", "Subject."),
        label("region", "所属区县", "County or district."),
        label("unit", "承办单位", "Unit in charge."),
        label("urgency", "紧急程度", "Urgency."),
        Column(
            name="title",
            title="诉求标题",
            kind=Kind.TEXT,
            description="First 60 characters of the title, personal numbers masked.",
            max_length=60,
        ),
        moment("accepted_at", "受理时间", "When the ticket was accepted."),
        moment("dispatched_at", "转办时间", "When it was handed over.", required=False),
        moment("deadline", "办理时限", "Until when it must be closed.", required=False),
        moment("closed_at", "办结时间", "When it was closed; empty while open.", required=False),
        label("status", "工单状态", "State as last exported."),
    ),
)
