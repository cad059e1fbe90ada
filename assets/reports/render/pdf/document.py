"""From a report to a PDF, and to a picture of its first page."""

import json
import threading
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from assets.reports.content import Report, Stamp
from assets.reports.render.pdf.faces import MISSING, Faces, faces
from assets.reports.render.pdf.layout import layout
from schemas.wall_clock import TIME_ZONE

# For archives (PDF/A-2, level A: tagged, all text as Unicode) and for screen readers (PDF/UA-1).
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
_PREVIEW_DPI = 80
_REPORT = Path(__file__).with_name("report.typ")


class _Press:
    """A compiler with its type faces loaded, for one report after the other."""

    def __init__(self, extra_fonts: Path | None) -> None:
        self.faces: Faces = faces(extra_fonts)
        loaded = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=list(self.faces.folders),
        )
        self._compiler = typst.Compiler(
            _REPORT, root=_REPORT.parent, font_paths=loaded, ignore_system_fonts=True
        )
        self._lock = threading.Lock()

    def inputs(self, report: Report, stamp: Stamp) -> dict[str, str]:
        """What `report.typ` reads."""
        content, lost = self.faces.settable(layout(report, stamp, self.faces))
        told = f"字库中没有的字符以“{MISSING}”代替：{'、'.join(lost)}。" if lost else ""
        return {"report": content, "lost": json.dumps(told, ensure_ascii=False)}

    def pdf(self, inputs: dict[str, str], issued_at: datetime) -> tuple[bytes, list[str]]:
        """A PDF, and what the compiler warns of."""
        with self._lock:
            made, warnings = self._compiler.compile_with_warnings(
                format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=issued_at
            )
        return _bytes(made), [warning.message for warning in warnings]

    def first_page(self, inputs: dict[str, str], issued_at: datetime) -> bytes:
        """A PNG of the first page."""
        with self._lock:
            made = self._compiler.compile(
                format="png", ppi=_PREVIEW_DPI, sys_inputs=inputs, timestamp=issued_at
            )
        return _bytes(made[0] if isinstance(made, list) else made)


def _bytes(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("the compiler returned no document")
    return made


@lru_cache(maxsize=2)
def press(extra_fonts: Path | None = None) -> _Press:
    """The press for a folder of further fonts; loading type faces takes longer than a report."""
    return _Press(extra_fonts)


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
    used = press(extra_fonts)
    return used.pdf(used.inputs(report, stamp), _issued(stamp))[0]


def render_preview(report: Report, stamp: Stamp, *, extra_fonts: Path | None = None) -> bytes:
    """The first page as a small PNG.

    Args:
        report: its content.
        stamp: what issuing adds.
        extra_fonts: as for `render_pdf`.
    """
    used = press(extra_fonts)
    return used.first_page(used.inputs(report, stamp), _issued(stamp))


def _issued(stamp: Stamp) -> datetime:
    """The time of issue with its zone, which the compiler wants as a fixed offset."""
    moment = stamp.issued_at
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(TIME_ZONE))
    return moment.replace(microsecond=0, tzinfo=timezone(moment.utcoffset() or timedelta()))
