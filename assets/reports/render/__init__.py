"""How a report looks: Word, Excel, HTML and PDF.

`masthead`, `page_layout` and `text` say what the forms share; `charts` draws for page and PDF,
`native_charts` for Word and Excel; each form has a folder of its own. Main entries: `render_docx`,
`render_xlsx`, `render_html` and `render_pdf`, each from a `Report` and its `Stamp` to bytes;
`render_page` is for pages that are no report.

A module is loaded when a name of it is asked for, so a command that renders nothing loads none of
the libraries that render.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets.reports.render.docx import render_docx
    from assets.reports.render.docx.package import DOCUMENT, WordPackage
    from assets.reports.render.html import render_html
    from assets.reports.render.html.pages import render_page
    from assets.reports.render.pdf import render_pdf, render_preview
    from assets.reports.render.pdf.fonts import load_fonts
    from assets.reports.render.xlsx import render_xlsx

_MODULES = {
    "DOCUMENT": "docx.package",
    "WordPackage": "docx.package",
    "load_fonts": "pdf.fonts",
    "render_docx": "docx",
    "render_html": "html",
    "render_page": "html.pages",
    "render_pdf": "pdf",
    "render_preview": "pdf",
    "render_xlsx": "xlsx",
}
__all__ = [
    "DOCUMENT",
    "WordPackage",
    "load_fonts",
    "render_docx",
    "render_html",
    "render_page",
    "render_pdf",
    "render_preview",
    "render_xlsx",
]


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
