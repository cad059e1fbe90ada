"""Two reports for every renderer to place: a usual one of a month, and one full of hostile text.

The same at every call, and both with every kind of block.
"""

from tests.reports.hostile import HOSTILE, hostile_report, hostile_stamp
from tests.reports.usual import plain_report, stamp

__all__ = ["HOSTILE", "hostile_report", "hostile_stamp", "plain_report", "stamp"]
