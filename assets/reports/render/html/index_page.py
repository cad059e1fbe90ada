"""The list of all reports: one page that needs no server, with links to what is below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from assets.reports.render.html.pages import render_page
from assets.reports.render.masthead import day
from schemas.reports import KINDS, TITLES, ReportKind

FORMS: Mapping[str, str] = {"html": "网页", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}


@dataclass(frozen=True)
class IndexEntry:
    """One issue in the list.

    Attributes:
        kind: daily, weekly, monthly or annual.
        period: what it is about, in Chinese.
        number: 第N期 of its year.
        revision: 1 for the first.
        issued_on: day of issue.
        due: the day by which it was due; the order of the list.
        in_time: whether it came in time, in words.
        links: path of each form, by its suffix, relative to the page, with /.
    """

    kind: ReportKind
    period: str
    number: int
    revision: int
    issued_on: date
    due: date
    in_time: str
    links: Mapping[str, str]


def render_index(entries: Iterable[IndexEntry], organisation: str = "") -> bytes:
    """The list as one self-contained page, the newest period first.

    Args:
        entries: all issues, in any order.
        organisation: whose reports these are.

    Returns:
        UTF-8; the same bytes for the same arguments in any order.

    Raises:
        ValueError: a link is not a relative path below the page.
    """
    ordered = sorted(entries, key=_place)
    # Of one period the newest revision comes first, so it is what the dictionary keeps last.
    newest = {(each.kind, each.period): each.revision for each in reversed(ordered)}
    rows = [
        {
            "entry": each,
            "kind": TITLES[each.kind],
            "issued": day(each.issued_on),
            "due": day(each.due),
            "replaced": each.revision < newest[each.kind, each.period],
            "links": [
                (title, _href(each.links[form]))
                for form, title in FORMS.items()
                if form in each.links
            ],
        }
        for each in ordered
    ]
    return render_page(
        "index.html.j2",
        "index.css",
        "filter.js",
        rows=rows,
        kinds=[TITLES[kind] for kind in KINDS],
        organisation=organisation,
    )


def _place(entry: IndexEntry) -> tuple[int, int, int, str, int]:
    """Newest first; of one day the longer period first, then the newer revision."""
    return (
        -entry.due.toordinal(),
        -KINDS.index(entry.kind),
        -entry.revision,
        entry.period,
        entry.number,
    )


def _href(path: str) -> str:
    """A relative path as a link: nothing in it can name another machine, folder or scheme."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in path:
        raise ValueError("a link of the index is no relative path below it")
    return "/".join(quote(part, safe="") for part in parts)
