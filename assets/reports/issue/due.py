"""Which reports the night has to issue.

Belongs here: the question, answered from the ledger and the account of the exports alone. Nothing
is composed: an idle night asks in milliseconds. A report is issued once its period is over and all
its exports are there, and on its due day at the latest, with what there is. An issued report is
looked at again where the exports of its own days have changed; whether that makes a revision, its
content decides. What was issued by an older version of the program stays as it is until somebody
asks for the report by name.
"""

from assets.installation import Installation
from assets.releases import current_release
from assets.reports.content import Period, containing, due_date
from assets.reports.issue.arrival import Arrived
from assets.reports.issue.ledger import Ledger
from assets.reports.issue.numbering import is_reported
from schemas.reports import KINDS, ReportKind


def due_reports(installation: Installation) -> dict[ReportKind, list[str]]:
    """Keys of the periods whose reports are to be issued or looked at again, by kind.

    Args:
        installation: the installation; its clock decides which periods are over.
    """
    release = current_release(installation.warehouse)
    if release is None:
        return {}
    arrived = Arrived(installation.warehouse.releases / release)
    ledger = Ledger(installation.warehouse)
    found: dict[ReportKind, list[str]] = {}
    for kind in KINDS:
        keys = [
            period.key
            for period in _over(installation, arrived, kind)
            if _is_due(installation, arrived, ledger, period)
        ]
        if keys:
            found[kind] = keys
    return found


def _over(installation: Installation, arrived: Arrived, kind: ReportKind) -> list[Period]:
    """Reported periods with data that are over, in order."""
    week_start = installation.reports.week_start
    periods = {
        period.key: period for day in arrived.days for period in [containing(kind, day, week_start)]
    }
    end, first = min(arrived.cutoff, installation.today), installation.first_reported(kind)
    return [
        each
        for each in periods.values()
        if each.last < end and is_reported(kind, each.first, each.last, first)
    ]


def _is_due(installation: Installation, arrived: Arrived, ledger: Ledger, period: Period) -> bool:
    last = ledger.last(period.kind, period.key)
    if last is not None:
        return last.deliveries != arrived.deliveries(period)
    if installation.today >= due_date(period.kind, period):
        return True
    return arrived.is_complete(period, installation.profile.datasets)
