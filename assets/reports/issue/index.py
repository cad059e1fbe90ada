"""The page that lists all reports: `reports/index.html`, with links to what is below it."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from assets.core import make_folder, write_bytes
from assets.installation import Installation
from assets.reports import render
from assets.reports.content import containing
from assets.reports.issue.ledger import Entry, Ledger
from schemas.reports import KINDS, TITLES

_LINKS: Mapping[str, str] = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}


def write_index(installation: Installation) -> None:
    """Bring the page up to date with the ledger."""
    entries = Ledger(installation.warehouse).entries
    page = index_page(entries, installation.reports.organisation)
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


def index_page(entries: Iterable[Entry], organisation: str = "") -> bytes:
    """The list as one self-contained page that needs no server, the newest period first.

    Args:
        entries: all issues, in any order.
        organisation: whose reports these are.

    Returns:
        UTF-8; the same bytes for the same arguments in any order.

    Raises:
        ValueError: a path of the ledger is not a relative path below the page.
    """
    # Newest first; of one day the longer period first, then the newer revision.
    ordered = sorted(
        entries,
        key=lambda each: (each.due, KINDS.index(each.kind), each.revision, each.period),
        reverse=True,
    )
    newest = {(each.kind, each.period): each.revision for each in reversed(ordered)}
    rows = [
        {
            "entry": each,
            "kind": TITLES[each.kind],
            # Whatever day the week started on when it was issued.
            "period": containing(each.kind, each.first, each.first.weekday()).title,
            "replaced": each.revision < newest[each.kind, each.period],
            "links": [(title, _href(each.files[form])) for form, title in _LINKS.items()],
        }
        for each in ordered
    ]
    return render.render_page(
        "index.html.j2",
        "index.css",
        "filter.js",
        rows=rows,
        kinds=[TITLES[kind] for kind in KINDS],
        organisation=organisation,
    )


def _href(path: str) -> str:
    """A file below the warehouse as a link: it can name no other machine, folder or scheme."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in path:
        raise ValueError("a link of the index is no relative path below it")
    # The page lies in the folder of all reports.
    return "/".join(quote(part, safe="") for part in parts[1:])
