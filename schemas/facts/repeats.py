"""repeats: tickets whose caller asked about the same category before (design note 2)."""

from schemas.fields import Day, count, day, identifier, integer, label, month
from schemas.table import Fact


class Repeats(
    Fact,
    name="repeats",
    title="重复诉求",
    description=(
        "Tickets by phone whose caller had another ticket of the same category in the 30"
        " days before; the caller is that of the call, and is not published."
    ),
    grain=("month", "ticket_id"),
):
    """三十天内同一来电人就同一类事情再次来电的工单数；不公布来电人。"""

    month: str = month()
    ticket_id: str = identifier("工单编号", "Ticket that repeats an earlier one.")
    date: Day = day("日期", "Day of acceptance.")
    first_ticket_id: str = identifier(
        "首次工单编号", "Earliest of the caller's tickets of those 30 days."
    )
    sequence: int = integer(
        "第几次", "Which of these tickets it is, counted from the first; 2 or more.", minimum=2
    )
    days_since_first: int = count("距首次天数", "天", "Days from first_date to date, 0 to 30.")
    category: str = label("诉求分类", "Subject of both.")
    region: str = label("所属区县", "County or district.")
    unit: str = label("承办单位", "Unit in charge; empty where answered directly.", required=False)
    first_date: Day = day("首次日期", "Day of acceptance of the first ticket.")
