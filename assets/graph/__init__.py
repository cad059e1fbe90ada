"""What the Dagster assets of all rooms share: partitions, groups, the step around a build."""

from assets.graph.partitions import Partitions
from assets.graph.stages import OWNERS, shown
from assets.graph.steps import build_each, column_schema, step

__all__ = [
    "OWNERS",
    "Partitions",
    "build_each",
    "column_schema",
    "shown",
    "step",
]
