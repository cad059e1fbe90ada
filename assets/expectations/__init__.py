"""What was to be expected of a day: one model of counts for every use.

`days` says what kind of day each is, `counts` what is expected of it by the days before. `measures`
are taken of each day's deliveries, `verdicts` say what in them was not to be expected; `examine`
does this for an installation and is the main entry.
"""

from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import day_features
from assets.expectations.examine import examine_deliveries
from assets.expectations.measures import measure
from assets.expectations.verdicts import DayMeasures, Finding, judge

__all__ = [
    "CountModel",
    "DayMeasures",
    "Expected",
    "Finding",
    "day_features",
    "examine_deliveries",
    "judge",
    "measure",
]
