"""The workbook and its sheets: formats, a place to write that moves down, and how a sheet prints.

What a block looks like is in `blocks`.
"""

import io
import re
from collections.abc import Sequence
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format

from assets.reports.content import Figure, Report, Stamp, Tone
from assets.reports.render import masthead
from assets.reports.render.native_charts import NUMBER_FORMATS
from assets.reports.render.text import PARAGRAPH, clean, half_widths

INK, MUTED, ACCENT, RED = "#1F2933", "#66707C", "#1F4E79", "#C00000"
HEAD_FILL, TOTAL_FILL, BAD_FILL, HAIR = "#DCE6F1", "#F2F5F9", "#FDECEA", "#D5DBE1"
TONES = {Tone.GOOD: "#1B7F4B", Tone.BAD: RED, Tone.NEUTRAL: INK}
LINE = 16.5  # points, of one line of text
_FONT = {"font_name": "微软雅黑", "font_size": 10}
_SPAN = 92  # a sheet is at least this many characters wide, so that paragraphs have room
_CHART = 78  # and so much wider than the figures of a chart
_USUAL_COLUMN = 11
_LONGEST_NAME = 31
_LANDSCAPE_FROM = 130
_HIGHEST = 400  # points, of a row
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")


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
                "default_format_properties": dict(_FONT),  # which xlsxwriter changes
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
            usual = _FONT | {"font_color": INK, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format(usual | look)
        return self._formats[key]

    def close(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return self._file.getvalue()


class Sheet:
    """A sheet under construction.

    Args:
        book: the workbook.
        name: of the sheet.
        widths: least widths of its columns, in characters.
        beside: the columns after which charts stand.

    Attributes:
        row: the row that is written next.
        span: number of columns over which paragraphs go.
    """

    def __init__(
        self, book: Book, name: str, widths: Sequence[float], beside: Sequence[int] = ()
    ) -> None:
        self.book, self.name = book, name
        self.sheet = book.workbook.add_worksheet(name)
        missing = [_SPAN - sum(widths), *(_CHART - sum(widths[n:]) for n in beside)]
        more = max(ceil(max(missing) / _USUAL_COLUMN), 0)
        self.widths = [*widths, *[_USUAL_COLUMN] * more]
        self.span = len(self.widths)
        self.row = 0
        self._heads: list[int] = []
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def text(self, column: int, text: str, **look: object) -> None:
        """Write a text as text."""
        self.sheet.write_string(self.row, column, clean(text), self.book.format(**look))

    def figure(self, column: int, figure: Figure, **look: object) -> None:
        """Write a figure: a number where there is one, its text where there is none."""
        look = {"align": "right"} | look
        if figure.tone is not Tone.NEUTRAL:
            look["font_color"] = TONES[figure.tone]
        if figure.value is None:
            self.text(column, figure.text, **look)
        else:
            shown = self.book.format(**look, num_format=NUMBER_FORMATS[figure.form])
            self.sheet.write_number(self.row, column, figure.value, shown)

    def next_row(self, height: float | None = None) -> None:
        """Move down; the row left behind may get a height in points."""
        if height is not None:
            self.sheet.set_row(self.row, min(height, _HIGHEST))
        self.row += 1

    def paragraph(self, text: str, first: int = 0, bullet: str = "", **look: object) -> None:
        """Write a text over the columns from `first` on, as high as it needs, and move down."""
        text = bullet + clean(text, PARAGRAPH)
        size = float(str(look.get("font_size", 10)))
        high = lines(text, sum(self.widths[first:]) * 10 / size)
        # One line without a rule below it runs on over empty cells by itself.
        if high > 1 or "bottom" in look:
            shown = self.book.format(text_wrap=True, align="left", **look)
            if first < self.span - 1:
                self.sheet.merge_range(self.row, first, self.row, self.span - 1, "", shown)
        else:
            shown = self.book.format(**look)
        self.sheet.write_string(self.row, first, text, shown)
        self.next_row(high * LINE * size / 10 + 3)

    def title(self, topic: str, headline: str) -> None:
        """Write the head of a section."""
        self.paragraph(topic, font_size=16, bold=True, font_color=ACCENT)
        if headline != topic:
            self.paragraph(headline, font_size=11, bold=True, font_color=INK)
        report, number = self.book.report, masthead.number(self.book.stamp)
        line = f"{report.title}　{report.period.title}　{number}"
        self.paragraph(line, font_size=9, font_color=MUTED, bottom=2, bottom_color=ACCENT)
        self._heads.append(self.row - 1)
        self.row += 1

    def band(self, text: str) -> None:
        """Write a heading within the sheet."""
        self.paragraph(text, font_size=12, bold=True, font_color=ACCENT)

    def head(self) -> None:
        """Remember the present row as the head of a table."""
        self._heads.append(self.row)

    def finish(self, *, freeze: bool = True) -> None:
        """Set up paper and frozen rows: below the head of the only table, or below the title."""
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if freeze and sum(self.widths) > _LANDSCAPE_FROM:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.7)
        sheet.center_horizontally()
        sheet.print_area(0, 0, max(self.row - 1, 0), self.span - 1)
        # In a footer & begins a command and 255 characters are the limit; the space keeps a name
        # that begins with a digit apart from the size of the letters.
        left = clean(self.book.report.organisation, 60).replace("&", "&&")
        right = masthead.number(self.book.stamp)
        sheet.set_footer(f"&L&8 {left}&C&8第 &P 页，共 &N 页&R&8 {right}")
        if freeze:
            below = self._heads[1] if len(self._heads) == 2 and self._heads[1] < 9 else 0
            last = below or self._heads[0]
            sheet.freeze_panes(last + 1, 1 if below else 0)
            sheet.repeat_rows(0, last)


def lines(text: str, room: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    return max(1, ceil(half_widths(text) / max(room - 1, 1)))


def sheet_names(topics: Sequence[str]) -> list[str]:
    """Names that a workbook allows: 31 characters, none forbidden, none twice."""
    names: list[str] = []
    taken = {"history"}  # reserved by Excel
    for topic in topics:
        # Apostrophes may not stand at an end, and nobody misses them elsewhere.
        usual = _FORBIDDEN.sub(" ", clean(topic)).replace("'", " ").split()
        base = " ".join(usual)[:_LONGEST_NAME].strip() or "无题"
        name, again = base, 1
        while name.lower() in taken:
            again += 1
            name = f"{base[: _LONGEST_NAME - len(str(again)) - 2].strip()}（{again}）"
        taken.add(name.lower())
        names.append(name)
    return names
