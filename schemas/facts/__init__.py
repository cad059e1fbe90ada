"""The published tables, one module each."""

from schemas.facts.callbacks import callbacks
from schemas.facts.calls import calls
from schemas.facts.data_quality import data_quality
from schemas.facts.files import files
from schemas.facts.focus_tickets import focus_tickets
from schemas.facts.indicators import indicators
from schemas.facts.knowledge import knowledge
from schemas.facts.kpi_monthly import kpi_monthly
from schemas.facts.quality import quality
from schemas.facts.reconciliation import reconciliation
from schemas.facts.repeats import repeats
from schemas.facts.seats import seats
from schemas.facts.staff import staff
from schemas.facts.tickets import tickets
from schemas.facts.workload import workload
from schemas.tables import FactTable

FACTS: dict[str, FactTable] = {
    table.name: table
    for table in (
        calls,
        tickets,
        callbacks,
        quality,
        knowledge,
        staff,
        workload,
        focus_tickets,
        repeats,
        seats,
        kpi_monthly,
        data_quality,
        files,
        indicators,
        reconciliation,
    )
}
