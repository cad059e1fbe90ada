"""The PDF form: made for the archive, and the same bytes for the same content.

`page` says what goes where, `report.typ` how it looks, `fonts` which characters there are.
"""

import json
import threading
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from assets.reports.content import Report, Stamp
from assets.reports.render.pdf.fonts import MISSING, load_fonts
from assets.reports.render.pdf.page import page_tree
from schemas.wall_clock import TIME_ZONE

# For archives (PDF/A-2, level A: tagged, all text as Unicode) and for screen readers (PDF/UA-1).
_STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
_PREVIEW_DPI = 80
_REPORT = Path(__file__).with_name("report.typ")


def render_pdf(report: Report, stamp: Stamp, *, extra_fonts: Path | None = None) -> bytes:
    """A report as PDF/A-2a and PDF/UA-1.

    Args:
        report: its content.
        stamp: what issuing adds; its `issued_at` is the document's date, so that the same content
            gives the same bytes.
        extra_fonts: folder of the office's own fonts, for rare characters and for 仿宋 and 小标宋;
            it may be missing.

    Returns:
        The document. A character that no font has stands as 〓, and the end of the document says
        which those are.

    Raises:
        HotlineError: a file in `extra_fonts` is no font.
    """
    return typesetter(extra_fonts).pdf(report, stamp)[0]


def render_preview(report: Report, stamp: Stamp, *, extra_fonts: Path | None = None) -> bytes:
    """The first page as a small PNG.

    Args:
        report: its content.
        stamp: what issuing adds.
        extra_fonts: as for `render_pdf`.
    """
    return typesetter(extra_fonts).first_page(report, stamp)


@lru_cache(maxsize=2)
def typesetter(extra_fonts: Path | None = None) -> "_Typesetter":
    """The typesetter for a folder of further fonts; loading fonts takes longer than a report."""
    return _Typesetter(extra_fonts)


class _Typesetter:
    """A compiler with its fonts loaded, for one report after the other."""

    def __init__(self, extra_fonts: Path | None) -> None:
        self.fonts = load_fonts(extra_fonts)
        loaded = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=list(self.fonts.folders),
        )
        self._compiler = typst.Compiler(
            _REPORT, root=_REPORT.parent, font_paths=loaded, ignore_system_fonts=True
        )
        self._lock = threading.Lock()

    def pdf(self, report: Report, stamp: Stamp) -> tuple[bytes, list[str]]:
        """A PDF, and what the compiler warns of."""
        inputs = self._inputs(report, stamp)
        with self._lock:
            made, warnings = self._compiler.compile_with_warnings(
                format="pdf", sys_inputs=inputs, pdf_standards=_STANDARDS,
                timestamp=issue_time(stamp),
            )  # fmt: skip
        return _bytes(made), [warning.message for warning in warnings]

    def first_page(self, report: Report, stamp: Stamp) -> bytes:
        """A PNG of the first page."""
        inputs = self._inputs(report, stamp)
        with self._lock:
            made = self._compiler.compile(
                format="png", ppi=_PREVIEW_DPI, sys_inputs=inputs, timestamp=issue_time(stamp)
            )
        return _bytes(made[0] if isinstance(made, list) else made)

    def _inputs(self, report: Report, stamp: Stamp) -> dict[str, str]:
        """What `report.typ` reads."""
        content, lost = self.fonts.settable(page_tree(report, stamp, self.fonts))
        said = f"字库中没有的字符以“{MISSING}”代替：{'、'.join(lost)}。" if lost else ""
        return {"report": content, "lost": json.dumps(said, ensure_ascii=False)}


def _bytes(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("the compiler returned no document")
    return made


def issue_time(stamp: Stamp) -> datetime:
    """The time of issue with its zone, which the compiler wants as a fixed offset."""
    moment = stamp.issued_at
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(TIME_ZONE))
    return moment.replace(microsecond=0, tzinfo=timezone(moment.utcoffset() or timedelta()))
