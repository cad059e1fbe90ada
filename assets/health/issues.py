"""Whether every report that is due was issued.

Belongs here: what the night would issue, held against the clock. That a report was late once is
said by its own issue, for good; here it is only asked what is lacking now.
"""

from collections import Counter
from datetime import date

from assets.health.finding import Finding
from assets.installation import Installation
from assets.reports.content import due_date, period_of
from assets.reports.issue import Ledger, due_moment, due_reports
from schemas.reports import KINDS, TITLES, ReportKind

_SHOWN = 5


def overdue(installation: Installation) -> dict[ReportKind, dict[str, date]]:
    """Reports past their due moment that were never issued: day by which each was due, by key."""
    ledger = Ledger(installation.warehouse)
    found: dict[ReportKind, dict[str, date]] = {}
    for kind, keys in due_reports(installation).items():
        periods = [
            period_of(kind, key, installation.reports.week_start)
            for key in keys
            if ledger.last(kind, key) is None
        ]
        due = {each.key: due_date(kind, each) for each in periods}
        found[kind] = {
            key: day for key, day in due.items() if installation.now() > due_moment(kind, day)
        }
    return found


def issued_when_due(installation: Installation) -> dict[ReportKind, Finding]:
    """Whether there is no report of each kind that is past its due moment and was never issued."""
    late = overdue(installation)
    entries = Ledger(installation.warehouse).entries
    issued = Counter(each.kind for each in entries if each.revision == 1)
    return {
        kind: _finding(kind, list(late.get(kind, {})), issued[kind] + len(late.get(kind, {})))
        for kind in KINDS
    }


def _finding(kind: ReportKind, lacking: list[str], examined: int) -> Finding:
    title = TITLES[kind]
    if not lacking:
        return Finding(True, examined, f"到期的{title}都已印发。", ours=True)
    shown = "、".join(lacking[:_SHOWN]) + ("……" if lacking[_SHOWN:] else "")
    return Finding(
        False,
        examined,
        f"有 {len(lacking)} 份{title}已过期限还没有印发（{shown}）："
        "请运行 hotline run，仍不行就看它给出的原因。",
        ours=True,
    )
