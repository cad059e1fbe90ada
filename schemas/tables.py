"""Old path of names that stand elsewhere now."""

from schemas.table import (
    CORRECTED_DELIVERY,
    CORRECTED_FILE,
    CORRECTED_LINE,
    CORRECTED_REASON,
    CORRECTION,
    Cadence,
    ExportTable,
    FactTable,
)

__all__ = [
    "CORRECTED_DELIVERY",
    "CORRECTED_FILE",
    "CORRECTED_LINE",
    "CORRECTED_REASON",
    "CORRECTION",
    "Cadence",
    "ExportTable",
    "FactTable",
]
