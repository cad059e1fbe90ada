"""A report as one HTML file that needs nothing else: no network, no fonts, no other file."""

from assets.reports.render.html.report_page import render_html

__all__ = ["render_html"]
