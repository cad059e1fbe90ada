"""Indicators: the inputs of the year-end evaluation, and declared figures beside computed ones.

The scheme of a year (`scheme`) says what each indicator is computed from: KPIs, a measure
(`measures`) or the yearly form (`forms`). `build` makes their rows from the facts of the year
(`inputs`), `reconcile` compares what was declared. The main entry is `IndicatorsPlan` (`plan`).
"""

from assets.indicators.forms import annual_form, check_form, missing_entries
from assets.indicators.inputs import YearInputs
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.indicators.scheme import Bounds, Scheme, UnitBands, scheme_of

__all__ = [
    "YEARLY",
    "Bounds",
    "IndicatorsPlan",
    "Scheme",
    "UnitBands",
    "YearInputs",
    "annual_form",
    "check_form",
    "missing_entries",
    "scheme_of",
]
