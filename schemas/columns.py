"""Old path of names that stand elsewhere now."""

from schemas.fields import Column, Kind, Protection
from schemas.wall_clock import EARLIEST_YEAR, TIME_ZONE

__all__ = ["EARLIEST_YEAR", "TIME_ZONE", "Column", "Kind", "Protection"]
