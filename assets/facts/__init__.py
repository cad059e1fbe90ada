"""Monthly facts, key figures, data quality and the account of all files."""

from assets.facts.build import FROM_DETAILS, MONTHLY, SUMMED, FactsPlan
from assets.facts.callbacks import callbacks_facts
from assets.facts.calls import calls_facts
from assets.facts.data_quality import unbalanced
from assets.facts.display import NOTHING, count, hundredths, percent, ratio
from assets.facts.inputs import Inputs
from assets.facts.invariants import broken, equations
from assets.facts.knowledge import knowledge_facts
from assets.facts.kpi_monthly import is_met, kpi_facts, value_and_display
from assets.facts.quality import quality_facts
from assets.facts.staff import staff_facts
from assets.facts.storage import (
    Built,
    built_path,
    drop_gone,
    fact_table,
    parquet_bytes,
    read_record,
    records,
    store,
)
from assets.facts.tickets import tickets_facts

__all__ = [
    "FROM_DETAILS",
    "MONTHLY",
    "NOTHING",
    "SUMMED",
    "Built",
    "FactsPlan",
    "Inputs",
    "broken",
    "built_path",
    "callbacks_facts",
    "calls_facts",
    "count",
    "drop_gone",
    "equations",
    "fact_table",
    "hundredths",
    "is_met",
    "knowledge_facts",
    "kpi_facts",
    "parquet_bytes",
    "percent",
    "quality_facts",
    "ratio",
    "read_record",
    "records",
    "staff_facts",
    "store",
    "tickets_facts",
    "unbalanced",
    "value_and_display",
]
