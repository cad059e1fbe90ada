"""What the Dagster assets of all rooms share: partitions, steps, and how they are shown.

A room's `definitions` takes its partitions, gives `Event`s as it works, runs that by `run_step` and
describes its columns with `column_schema`; `with_stage` is laid over all assets.
"""

from assets.graph.events import (
    Event,
    evaluation,
    is_wrong,
    materialization,
    result_event,
    with_absent,
)
from assets.graph.partitions import Partitions
from assets.graph.stages import OWNERS, chapter_link, with_stage
from assets.graph.steps import StepEvent, column_schema, run_step, warehouse_step

__all__ = [
    "OWNERS",
    "Event",
    "Partitions",
    "StepEvent",
    "chapter_link",
    "column_schema",
    "evaluation",
    "is_wrong",
    "materialization",
    "result_event",
    "run_step",
    "warehouse_step",
    "with_absent",
    "with_stage",
]
