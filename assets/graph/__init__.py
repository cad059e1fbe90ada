"""What the Dagster assets of all rooms share: partitions, steps, and how they are shown.

A room's `definitions` takes its partitions, runs its work in a `warehouse_step` (`build_each` for
many periods at once) and describes its columns with `column_schema`; `with_stage` is laid over all
assets.
"""

from assets.graph.partitions import Partitions
from assets.graph.stages import OWNERS, with_stage
from assets.graph.steps import build_each, column_schema, warehouse_step

__all__ = [
    "OWNERS",
    "Partitions",
    "build_each",
    "column_schema",
    "warehouse_step",
    "with_stage",
]
