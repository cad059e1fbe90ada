"""The page that lists all reports: `reports/index.html`, replaced where the ledger has changed."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from assets.core import make_folder, write_bytes
from assets.installation import Installation
from assets.reports import render
from assets.reports.content import containing
from assets.reports.issue.ledger import Entry, Ledger

if TYPE_CHECKING:
    from assets.reports.render import IndexEntry


def write_index(installation: Installation) -> None:
    """Bring the page up to date with the ledger."""
    entries = [_shown(each) for each in Ledger(installation.warehouse).entries]
    page = render.render_index(entries, installation.reports.organisation)
    path = installation.warehouse.reports_index
    if not path.exists() or path.read_bytes() != page:
        make_folder(path.parent)
        write_bytes(path, page)


def refresh_index(installation: Installation) -> None:
    """Write the page if the ledger is newer: an interrupted night may have left it behind."""
    ledger, page = installation.warehouse.reports_ledger, installation.warehouse.reports_index
    if not ledger.exists():
        return
    if not page.exists() or page.stat().st_mtime_ns < ledger.stat().st_mtime_ns:
        write_index(installation)


def _shown(entry: Entry) -> "IndexEntry":
    # Whatever day the week started on when it was issued.
    period = containing(entry.kind, entry.first, entry.first.weekday())
    links = {
        form: str(PurePosixPath(path).relative_to("reports")) for form, path in entry.files.items()
    }
    return render.IndexEntry(
        kind=entry.kind,
        period=period.title,
        number=entry.number,
        revision=entry.revision,
        issued_on=entry.issued_at.date(),
        due=entry.due,
        in_time=entry.state,
        links=links,
    )
