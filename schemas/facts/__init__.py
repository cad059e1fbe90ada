"""The published tables, by family."""

from schemas.facts.callbacks import Callbacks
from schemas.facts.calls import Calls
from schemas.facts.data_quality import DataQuality, Files
from schemas.facts.expectations import Expectations
from schemas.facts.focus_tickets import FocusTickets
from schemas.facts.indicators import Indicators, Reconciliation
from schemas.facts.knowledge import Knowledge
from schemas.facts.kpi_monthly import KpiMonthly
from schemas.facts.quality import Quality
from schemas.facts.repeats import Repeats
from schemas.facts.staff import Seats, Staff
from schemas.facts.tickets import Tickets
from schemas.facts.workload import Workload
from schemas.table import Fact, FactTable

_MODELS: tuple[type[Fact], ...] = (
    Calls,
    Tickets,
    Callbacks,
    Quality,
    Knowledge,
    Staff,
    Workload,
    FocusTickets,
    Repeats,
    Seats,
    KpiMonthly,
    DataQuality,
    Files,
    Expectations,
    Indicators,
    Reconciliation,
)
FACTS: dict[str, FactTable] = {model.table().name: model.table() for model in _MODELS}
