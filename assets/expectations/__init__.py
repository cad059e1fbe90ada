"""What was to be expected of a day: one model of counts for every use.

`days` says what kind of day each is, `counts` what is expected of it by the days before.
"""

from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import day_features

__all__ = ["CountModel", "Expected", "day_features"]
