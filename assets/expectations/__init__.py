"""What was to be expected of a day: one model of counts for every use.

`days` says what kind of day each is, `counts` what is expected of it by the days before. `measures`
are taken of each day's deliveries, `usual` says what in them is not like the days before,
`verdicts` what follows; `examine` does this for an installation and is the main entry. `forecast`
says what is to come, and `staffing` how many seats that takes; `watch` says which slices of the
tickets are more than usual, and `alarms` with which tickets.
"""

from assets.expectations.alarms import alarm_rows, slice_values
from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import Floats, day_features
from assets.expectations.examine import examine_deliveries
from assets.expectations.forecast import FEW, MANY, NORMAL, Pace, forecasts
from assets.expectations.measures import DayMeasures, measure
from assets.expectations.staffing import answer_probability, mean_patience, seats_needed
from assets.expectations.usual import Finding
from assets.expectations.verdicts import judge

__all__ = [
    "FEW",
    "MANY",
    "NORMAL",
    "CountModel",
    "DayMeasures",
    "Expected",
    "Finding",
    "Floats",
    "Pace",
    "alarm_rows",
    "answer_probability",
    "day_features",
    "examine_deliveries",
    "forecasts",
    "judge",
    "mean_patience",
    "measure",
    "seats_needed",
    "slice_values",
]
