"""Computed figures beside the printed ones of the 2023 evaluation."""

from assets.evaluation.comparison import TABLES, TOTAL, ComparedTable, compare

__all__ = [
    "TABLES",
    "TOTAL",
    "ComparedTable",
    "compare",
]
