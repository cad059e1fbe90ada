"""What a report says: figures, rounded and worded once."""

from assets.reports.content.annual import annual_report
from assets.reports.content.arrivals import Arrivals
from assets.reports.content.daily import daily_report
from assets.reports.content.knowledge import TARGET, Projection, projection
from assets.reports.content.model import (
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Figure,
    Form,
    HeatMap,
    Period,
    Points,
    Report,
    Row,
    Section,
    Series,
    Stamp,
    Table,
    Text,
    Tone,
)
from assets.reports.content.monthly import monthly_report
from assets.reports.content.months import month_title
from assets.reports.content.periods import containing, days_of, due_date, period_of, span_of
from assets.reports.content.reading import Facts, facts_of
from assets.reports.content.weekly import weekly_report

__all__ = [
    "TARGET",
    "Arrivals",
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "Column",
    "Facts",
    "Figure",
    "Form",
    "HeatMap",
    "Period",
    "Points",
    "Projection",
    "Report",
    "Row",
    "Section",
    "Series",
    "Stamp",
    "Table",
    "Text",
    "Tone",
    "annual_report",
    "containing",
    "daily_report",
    "days_of",
    "due_date",
    "facts_of",
    "month_title",
    "monthly_report",
    "period_of",
    "projection",
    "span_of",
    "weekly_report",
]
