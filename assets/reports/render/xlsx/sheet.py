"""One sheet: a place to write that moves down, column widths, and how it prints.

Belongs here: titles, paragraphs and the paper. What a block looks like is in `blocks`.
"""

import re
from collections.abc import Sequence
from math import ceil

from xlsxwriter.format import Format

from assets.reports.content import Figure, Form, Tone
from assets.reports.render import face
from assets.reports.render.clean import PARAGRAPH, clean
from assets.reports.render.native import NUMBER_FORMATS
from assets.reports.render.xlsx.book import ACCENT, INK, MUTED, TONES, Book

LINE = 16.5  # points, of one line of text
SPAN = 92  # a sheet is at least this many characters wide, so that paragraphs have room
CHART = 78  # and so much wider than the figures of a chart
_USUAL_COLUMN = 11
_LONGEST_NAME = 31
_LANDSCAPE_FROM = 130
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")


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
        self.widths = list(widths)
        missing = [SPAN - sum(self.widths), *(CHART - sum(self.widths[n:]) for n in beside)]
        for _ in range(ceil(max(missing) / _USUAL_COLUMN)):
            self.widths.append(_USUAL_COLUMN)
        self.span = len(self.widths)
        self.row = 0
        self._heads: list[int] = []
        self._looks: dict[tuple[object, ...], Format] = {}
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def text(self, column: int, text: str, look: Format) -> None:
        """Write a text as text."""
        self.sheet.write_string(self.row, column, clean(text), look)

    def figure(self, column: int, figure: Figure, **look: object) -> None:
        """Write a figure: a number where there is one, its text where there is none."""
        form = None if figure.value is None else figure.form
        # A thousand figures look in a dozen ways.
        asked = (form, figure.tone, *look.items())
        if asked not in self._looks:
            self._looks[asked] = self._look(form, figure.tone, look)
        if figure.value is None:
            self.text(column, figure.text, self._looks[asked])
        else:
            self.sheet.write_number(self.row, column, figure.value, self._looks[asked])

    def _look(self, form: Form | None, tone: Tone, look: dict[str, object]) -> Format:
        colour = {"font_color": TONES[tone]} if tone is not Tone.NEUTRAL else {}
        shown = {"num_format": NUMBER_FORMATS[form]} if form else {}
        return self.book.format(**{"align": "right", **look, **colour, **shown})

    def point(self, text: str, **look: object) -> None:
        """Write one of several sentences."""
        self.paragraph(text, 0, "● ", **look)

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
        self.sheet.set_row(self.row, min(high * LINE * size / 10 + 3, 400))
        self.row += 1

    def title(self, topic: str, headline: str) -> None:
        """Write the head of a section."""
        self.paragraph(topic, font_size=16, bold=True, font_color=ACCENT)
        if headline != topic:
            self.paragraph(headline, font_size=11, bold=True, font_color=INK)
        report, number = self.book.report, face.number(self.book.stamp)
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
        sheet, report = self.sheet, self.book.report
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if freeze and sum(self.widths) > _LANDSCAPE_FROM:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.7)
        sheet.center_horizontally()
        sheet.print_area(0, 0, max(self.row - 1, 0), self.span - 1)
        # The space keeps a name that begins with a digit apart from the size of the letters.
        left, right = _printed(report.organisation), face.number(self.book.stamp)
        sheet.set_footer(f"&L&8 {left}&C&8第 &P 页，共 &N 页&R&8 {right}")
        if freeze:
            below = self._heads[1] if len(self._heads) == 2 and self._heads[1] < 9 else 0
            last = below or self._heads[0]
            sheet.freeze_panes(last + 1, 1 if below else 0)
            sheet.repeat_rows(0, last)


def lines(text: str, room: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    return max(1, ceil(width(text) / max(room - 1, 1)))


def width(text: str) -> int:
    """Width of a text in characters; those of Chinese count twice, as in this encoding."""
    return len(text.encode("gb18030"))


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


def _printed(text: str) -> str:
    """A text for the footer, where & begins a command and 255 characters are the limit."""
    return clean(text, 60).replace("&", "&&")
