"""Year-end indicator inputs by the scheme of the year; reconciliation with declared figures."""

from assets.indicators.form_check import check_form
from assets.indicators.forms import form, missing_entries
from assets.indicators.inputs import YearInputs
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.indicators.scheme import Scheme, scheme_of

__all__ = [
    "YEARLY",
    "IndicatorsPlan",
    "Scheme",
    "YearInputs",
    "check_form",
    "form",
    "missing_entries",
    "scheme_of",
]
