"""How a report looks: Word, Excel, HTML, PDF.

Each form has a module or folder of its own, loaded when the form is asked for: a command that
draws nothing loads none of the libraries that draw.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets.reports.render.docx import render_docx
    from assets.reports.render.docx.package import DOCUMENT, Package
    from assets.reports.render.html import render_html
    from assets.reports.render.index_page import IndexEntry, render_index
    from assets.reports.render.pdf import render_pdf, render_preview
    from assets.reports.render.pdf.faces import faces
    from assets.reports.render.xlsx import render_xlsx

__all__ = [
    "DOCUMENT",
    "IndexEntry",
    "Package",
    "faces",
    "render_docx",
    "render_html",
    "render_index",
    "render_pdf",
    "render_preview",
    "render_xlsx",
]

_MODULES = {
    "DOCUMENT": "docx.package",
    "IndexEntry": "index_page",
    "Package": "docx.package",
    "faces": "pdf.faces",
    "render_docx": "docx",
    "render_html": "html",
    "render_index": "index_page",
    "render_pdf": "pdf",
    "render_preview": "pdf",
    "render_xlsx": "xlsx",
}


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
