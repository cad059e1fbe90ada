"""Whether every report that is due was issued.

Belongs here: what the night would issue, held against the clock. That a report was late once is
said by its own issue, for good; here it is only asked what is lacking now.
"""

from collections import Counter

from assets.reports.content.periods import due_date, period_of
from assets.reports.issue.due import due_reports
from assets.reports.issue.ledger import Ledger
from assets.reports.issue.timeliness import due_moment
from assets.site import Site
from assets.standing.finding import Finding
from schemas.reports import KINDS, TITLES, ReportKind

_SHOWN = 5


def issued_when_due(site: Site) -> dict[ReportKind, Finding]:
    """Whether there is no report of each kind that is past its due moment and was never issued."""
    ledger, due = Ledger(site.warehouse), due_reports(site)
    issued = Counter(each.kind for each in ledger.entries if each.revision == 1)
    found: dict[ReportKind, Finding] = {}
    for kind in KINDS:
        overdue = [key for key in due.get(kind, []) if _is_overdue(site, ledger, kind, key)]
        examined = issued[kind] + len(overdue)
        found[kind] = _finding(kind, overdue, examined)
    return found


def _is_overdue(site: Site, ledger: Ledger, kind: ReportKind, key: str) -> bool:
    if ledger.last(kind, key) is not None:
        return False
    period = period_of(kind, key, site.reports.week_start)
    return site.now() > due_moment(kind, due_date(kind, period))


def _finding(kind: ReportKind, overdue: list[str], examined: int) -> Finding:
    title = TITLES[kind]
    if not overdue:
        return Finding(True, examined, f"到期的{title}都已印发。", ours=True)
    shown = "、".join(overdue[:_SHOWN]) + ("……" if overdue[_SHOWN:] else "")
    return Finding(
        False,
        examined,
        f"有 {len(overdue)} 份{title}已过期限还没有印发（{shown}）："
        "请运行 hotline run，仍不行就看它给出的原因。",
        ours=True,
    )
