"""From a period to documents: the content of its kind, in four forms.

Belongs here: which function composes a kind and which renders a form. What is shared by many
reports, facts and fonts, is held here, so that a year of daily reports reads a month once.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assets.installation import Installation, ReportSettings
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


class Office:
    """Makes the documents of one release.

    Args:
        facts: of the release.
        installation: the installation, for its settings and its templates.
    """

    def __init__(self, facts: Facts, installation: Installation) -> None:
        self._facts = facts
        self._settings = installation.reports
        self._templates = installation.issuing.templates
        self._fonts = installation.issuing.fonts
        self._typesetter = ThreadPoolExecutor(1)

    def compose(self, period: Period) -> Report:
        """The content of a report."""
        return _COMPOSE[period.kind](self._facts, period, self._settings)

    def forms(self, report: Report, stamp: Stamp) -> dict[str, bytes]:
        """The documents by form."""
        # A night that issues nothing does without what draws.
        from assets.reports.render import render_docx, render_html, render_pdf, render_xlsx

        # Typesetting takes half of the time and none of it in Python: the rest goes on meanwhile.
        pdf = self._typesetter.submit(render_pdf, report, stamp, extra_fonts=self._fonts)
        template = self._template(report.period.kind)
        return {
            "docx": render_docx(report, stamp, template=template),
            "xlsx": render_xlsx(report, stamp),
            "html": render_html(report, stamp),
            "pdf": pdf.result(),
        }

    def preview(self, report: Report, stamp: Stamp) -> bytes:
        """The first page as a PNG."""
        from assets.reports.render import render_preview

        return render_preview(report, stamp, extra_fonts=self._fonts)

    def _template(self, kind: ReportKind) -> Path | None:
        """The office's own template, where it has one."""
        if self._templates is None:
            return None
        path = self._templates / f"{kind}.docx"
        return path if path.exists() else None
