"""In time, late, or backfilled.

Belongs here: the judgement on a first issue. In time is what was issued by the due moment: the end
of the due day, and for a daily report 09:00, when the office opens. What is issued so long after
that nobody waited for it any more, such as the reports of the years before an installation, is
backfilled: it says so on its face and counts neither as in time nor as late. A report that is due
and was never issued has no row in the ledger; whoever counts must count it as late.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.reports import ReportKind
from schemas.wall_clock import TIME_ZONE

_MORNING = time(9)


@dataclass(frozen=True)
class Timeliness:
    """What became of the deadline of a report.

    Attributes:
        in_time: whether it was issued by its due moment.
        backfilled: whether it was made long after.
    """

    in_time: bool
    backfilled: bool


def due_moment(kind: ReportKind, due: date) -> datetime:
    """The last moment at which a report that is due on a day is in time."""
    zone = ZoneInfo(TIME_ZONE)
    if kind == "daily":
        return datetime.combine(due, _MORNING, zone)
    return datetime.combine(due + timedelta(days=1), time(0), zone)


def timeliness(
    kind: ReportKind, due: date, issued_at: datetime, *, backfilled_after_days: int
) -> Timeliness:
    """Judge a first issue.

    Args:
        kind: of the report.
        due: day by which it was due.
        issued_at: when it was issued.
        backfilled_after_days: days after the due moment from which on an issue is backfilled.
    """
    moment = due_moment(kind, due)
    return Timeliness(
        in_time=issued_at <= moment,
        backfilled=issued_at > moment + timedelta(days=backfilled_after_days),
    )
