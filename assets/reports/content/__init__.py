"""What a report says: figures, rounded and worded once.

`facts` reads a release, `figures` and `measures` turn its sums into figures of a span, `units`
holds the rules on units; each module of `sections` makes one section from a `Context`, and
`reports` puts the sections of a kind together. All of it is values (`model`), which renderers
place. The main entries are `daily_report`, `weekly_report`, `monthly_report` and `annual_report`.
"""

from assets.reports.content.facts import Arrivals, Facts, facts_of
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
from assets.reports.content.periods import (
    Span,
    containing,
    days_of,
    due_date,
    month_title,
    period_of,
    span_of,
)
from assets.reports.content.reports import (
    annual_report,
    daily_report,
    monthly_report,
    weekly_report,
)
from assets.reports.content.sections.knowledge import (
    KNOWLEDGE_TARGET,
    KnowledgeProjection,
    knowledge_projection,
)
from assets.reports.content.sections.topics import rising

__all__ = [
    "KNOWLEDGE_TARGET",
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
    "KnowledgeProjection",
    "Period",
    "Points",
    "Report",
    "Row",
    "Section",
    "Series",
    "Span",
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
    "knowledge_projection",
    "month_title",
    "monthly_report",
    "period_of",
    "rising",
    "span_of",
    "weekly_report",
]
