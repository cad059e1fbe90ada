"""The reference scorecard and the review of targets, from the published indicators alone.

`scorecard` (the main entry) gives the marks of a year, `review` what the years say of each target.
"""

from assets.scoring.scorecards import Scorecard, scorecard
from assets.scoring.targets import review

__all__ = [
    "Scorecard",
    "review",
    "scorecard",
]
