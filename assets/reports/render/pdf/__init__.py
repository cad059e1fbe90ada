"""The PDF form: made for the archive, and the same bytes for the same content.

Belongs here: the way from a report to a PDF and to a picture of its first page. `layout` says what
goes where, `report.typ` how it looks, `faces` which characters there are, `press` prints.
"""

from assets.reports.render.pdf.document import render_pdf, render_preview

__all__ = ["render_pdf", "render_preview"]
