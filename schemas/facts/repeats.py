"""repeats: tickets whose caller asked about the same category before (design note 2)."""

from schemas.columns import Column, Kind
from schemas.facts.shared import MONTH, count, date, identifier, label
from schemas.tables import FactTable

repeats = FactTable(
    name="repeats",
    title="重复诉求",
    zh="三十天内同一来电人就同一类事情再次来电的工单数；不公布来电人。",
    description=(
        "Tickets by phone whose caller had another ticket of the same category in the 30 days"
        " before; the caller is that of the call, and is not published."
    ),
    grain=("month", "ticket_id"),
    columns=(
        MONTH,
        identifier("ticket_id", "工单编号", "Ticket that repeats an earlier one."),
        date("Day of acceptance."),
        identifier(
            "first_ticket_id", "首次工单编号", "Earliest of the caller's tickets of those 30 days."
        ),
        Column(
            name="sequence",
            title="第几次",
            kind=Kind.INTEGER,
            description="Which of these tickets it is, counted from the first; 2 or more.",
            minimum=2,
        ),
        count("days_since_first", "距首次天数", "天", "Days from first_date to date, 0 to 30."),
        label("category", "诉求分类", "Subject of both."),
        label("region", "所属区县", "County or district."),
        label("unit", "承办单位", "Unit in charge; empty where answered directly.", required=False),
        Column(
            name="first_date",
            title="首次日期",
            kind=Kind.DATE,
            description="Day of acceptance of the first ticket.",
        ),
    ),
)
