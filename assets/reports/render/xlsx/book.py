"""The workbook and its formats: fonts, colours, and how each form of figure is shown.

Belongs here: what holds for every sheet. Formats are made once for each look that is used.
"""

import io

import xlsxwriter
from xlsxwriter.format import Format

from assets.reports.content import Report, Stamp, Tone
from assets.reports.render.clean import clean

FONT = "微软雅黑"
INK, MUTED, ACCENT, RED = "#1F2933", "#66707C", "#1F4E79", "#C00000"
HEAD_FILL, TOTAL_FILL, BAD_FILL, HAIR = "#DCE6F1", "#F2F5F9", "#FDECEA", "#D5DBE1"
TONES = {Tone.GOOD: "#1B7F4B", Tone.BAD: RED, Tone.NEUTRAL: INK}


class Book:
    """A workbook under construction.

    Args:
        report: gives title and author.
        stamp: gives the date, so that the bytes depend on nothing else.
    """

    def __init__(self, report: Report, stamp: Stamp) -> None:
        self.report, self.stamp = report, stamp
        self._file = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self._file,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": 10},
            },
        )
        self.workbook.set_properties(
            {
                "title": clean(f"{report.period.title}{report.title}"),
                "author": clean(report.organisation),
                "created": stamp.issued_at.replace(tzinfo=None, microsecond=0),
            }
        )
        self._formats: dict[frozenset[tuple[str, object]], Format] = {}

    def format(self, **look: object) -> Format:
        """A cell format; the same object for the same look."""
        key = frozenset(look.items())
        if key not in self._formats:
            usual = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format(usual | look)
        return self._formats[key]

    def close(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return self._file.getvalue()
