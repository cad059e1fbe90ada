"""The page that lists all reports: `reports/index.html`.

Belongs here: telling the renderer what the ledger holds, and replacing the page where it has
changed.
"""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from assets.files import make_folder, write_bytes
from assets.reports.content.periods import containing
from assets.reports.issue.issued import file_name
from assets.reports.issue.ledger import Entry, Ledger
from assets.site import Site
from schemas.reports import FORMS

if TYPE_CHECKING:
    from assets.reports.render import index_page


def write_index(site: Site) -> None:
    """Bring the page up to date with the ledger."""
    # Every night asks whether there is anything to write; few have.
    from assets.reports.render import index_page

    entries = [_shown(each) for each in Ledger(site.warehouse).entries]
    page = index_page.render_index(entries, site.reports.organisation)
    path = site.warehouse.reports_index
    if not path.exists() or path.read_bytes() != page:
        make_folder(path.parent)
        write_bytes(path, page)


def refresh_index(site: Site) -> None:
    """Write the page if the ledger is newer: an interrupted night may have left it behind."""
    ledger, page = site.warehouse.reports_ledger, site.warehouse.reports_index
    if ledger.exists() and not (
        page.exists() and page.stat().st_mtime_ns >= ledger.stat().st_mtime_ns
    ):
        write_index(site)


def _shown(entry: Entry) -> "index_page.Entry":
    from assets.reports.render import index_page

    # Whatever day the week started on when it was issued.
    period = containing(entry.kind, entry.first, entry.first.weekday())
    folder = PurePosixPath(entry.path).relative_to("reports")
    return index_page.Entry(
        kind=entry.kind,
        period=period.title,
        number=entry.number,
        revision=entry.revision,
        issued_on=entry.issued_at.date(),
        due=entry.due,
        in_time=entry.state,
        links={form: str(folder / file_name(period, form)) for form in FORMS},
    )
