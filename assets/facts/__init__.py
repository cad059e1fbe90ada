"""Facts: the monthly tables, key figures, data quality, the account of all files, expectations.

Details and ledgers (`inputs`) become tables by their recipes (`recipes`), each computed in the
module of its name or family; `kpi_monthly` is summed from them. Every file is checked
(`invariants`) and stored with the record of what it was built from (`storage`). The main entry is
`FactsPlan` (`plan`): what is stale, and building it.
"""

from assets.facts.calls import calls_facts
from assets.facts.data_quality import unbalanced
from assets.facts.figures import (
    NOTHING,
    figure_display,
    figure_value,
    hundredths,
    percent,
    ratio,
    reaches_target,
)
from assets.facts.inputs import Inputs
from assets.facts.invariants import broken, equations
from assets.facts.kpi_monthly import is_met, kpi_facts, kpi_value_and_display, sum_of
from assets.facts.operations import knowledge_facts, quality_facts, staff_facts
from assets.facts.plan import FROM_DETAILS, MONTHLY, SUMMED, WHOLE, FactsPlan
from assets.facts.storage import (
    FactBuilds,
    FactRecord,
    FactTables,
    built_path,
    fact_table,
    intact_path,
    parquet_bytes,
    read_record,
    records,
)
from assets.facts.tickets import callbacks_facts, tickets_facts

__all__ = [
    "FROM_DETAILS",
    "MONTHLY",
    "NOTHING",
    "SUMMED",
    "WHOLE",
    "FactBuilds",
    "FactRecord",
    "FactTables",
    "FactsPlan",
    "Inputs",
    "broken",
    "built_path",
    "callbacks_facts",
    "calls_facts",
    "equations",
    "fact_table",
    "figure_display",
    "figure_value",
    "hundredths",
    "intact_path",
    "is_met",
    "knowledge_facts",
    "kpi_facts",
    "kpi_value_and_display",
    "parquet_bytes",
    "percent",
    "quality_facts",
    "ratio",
    "reaches_target",
    "read_record",
    "records",
    "staff_facts",
    "sum_of",
    "tickets_facts",
    "unbalanced",
]
