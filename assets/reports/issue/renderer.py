"""From a period to documents: the content of its kind, in four forms."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from assets.installation import Installation, ReportSettings
from assets.reports import render
from assets.reports.content import (
    Facts,
    Period,
    Report,
    Stamp,
    annual_report,
    daily_report,
    monthly_report,
    weekly_report,
)
from schemas.reports import ReportKind

_COMPOSE: dict[ReportKind, Callable[[Facts, Period, ReportSettings], Report]] = {
    "daily": daily_report,
    "weekly": weekly_report,
    "monthly": monthly_report,
    "annual": annual_report,
}


class Renderer:
    """Makes the documents of one release; many reports share its facts and fonts.

    Args:
        facts: of the release.
        installation: the installation, for its settings and its templates.
    """

    def __init__(self, facts: Facts, installation: Installation) -> None:
        self._facts = facts
        self._settings = installation.reports
        self._templates = installation.reports.templates
        self._fonts = installation.reports.fonts
        self._typesetter = ThreadPoolExecutor(1)

    def compose(self, period: Period) -> Report:
        """The content of a report."""
        return _COMPOSE[period.kind](self._facts, period, self._settings)

    def forms(self, report: Report, stamp: Stamp) -> dict[str, bytes]:
        """The documents by form."""
        # Typesetting takes half of the time and none of it in Python: the rest goes on meanwhile.
        pdf = self._typesetter.submit(render.render_pdf, report, stamp, extra_fonts=self._fonts)
        template = self._templates and self._templates / f"{report.period.kind}.docx"
        if template is not None and not template.exists():
            template = None  # the office has none of its own for this kind
        return {
            "docx": render.render_docx(report, stamp, template=template),
            "xlsx": render.render_xlsx(report, stamp),
            "html": render.render_html(report, stamp),
            "pdf": pdf.result(),
        }

    def preview(self, report: Report, stamp: Stamp) -> bytes:
        """The first page as a PNG."""
        return render.render_preview(report, stamp, extra_fonts=self._fonts)
