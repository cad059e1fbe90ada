"""seats: how many agents answered calls in an hour (design note 2)."""

from schemas.facts.shared import HOUR, MONTH, count, date
from schemas.tables import FactTable

seats = FactTable(
    name="seats",
    title="在席情况",
    zh="每天每个小时接听电话的坐席人数。",
    description=(
        "Agents by day and hour; an hour is missing where no known agent answered a call."
    ),
    grain=("month", "date", "hour"),
    columns=(
        MONTH,
        date("Day on which the calls reached the hotline."),
        HOUR,
        count(
            "agents",
            "在席坐席",
            "人",
            "Different agents who answered a call of that hour, test calls apart.",
        ),
    ),
)
