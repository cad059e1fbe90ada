"""The reference scorecard, from the published indicators alone."""

from assets.scoring.scorecards import Scorecard, scorecard
from assets.scoring.targets import review

__all__ = [
    "Scorecard",
    "review",
    "scorecard",
]
