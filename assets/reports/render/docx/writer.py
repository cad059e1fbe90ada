"""The parts of a report as strings of WordprocessingML: paragraphs, and the order of a section.

Strings, because a table of several hundred cells is built ten times faster than through a tree of
objects.
"""

from xml.sax.saxutils import escape

from assets.reports.content import (
    Block,
    Cards,
    Chart,
    HeatMap,
    Points,
    Report,
    Section,
    Stamp,
    Table,
    Text,
)
from assets.reports.render import masthead
from assets.reports.render.docx import styles
from assets.reports.render.docx.charts import Charts
from assets.reports.render.docx.styles import Styles
from assets.reports.render.docx.tables import cards_table, heat_table, table
from assets.reports.render.page_layout import notes
from assets.reports.render.text import CELL, PARAGRAPH, clean


class Writer:
    """Writes the parts of a report for one template.

    Args:
        styles: of the template.
        charts: collects the charts.
        width: of the text, in twentieths of a point.
    """

    def __init__(self, styles: Styles, charts: Charts, width: int) -> None:
        self._styles, self._charts, self._width = styles, charts, width

    def section(self, section: Section) -> str:
        """A section: its topic, its finding, its blocks."""
        head = self._paragraph(styles.HEADING, section.topic, most=CELL)
        if section.headline != section.topic:
            head += self._paragraph(styles.FINDING, section.headline)
        return head + "".join(map(self._block, section.blocks))

    def corrections(self, stamp: Stamp) -> str:
        """That an issue is late or a correction, and what it corrects; empty for a usual one."""
        lines = (masthead.backfilled(stamp), masthead.revision(stamp), *stamp.changes)
        return "".join(self._paragraph(styles.CORRECTION, line) for line in lines if line)

    def facts(self, report: Report, stamp: Stamp) -> str:
        """What a reader must know to trust the figures."""
        return "".join(
            self._paragraph(styles.FACT, f"{label}：{text}")
            for label, text in masthead.facts(report, stamp)
        )

    def _paragraph(self, style: str, text: str, more: str = "", most: int = PARAGRAPH) -> str:
        shown = f'<w:t xml:space="preserve">{escape(clean(text, most))}</w:t>'
        return self._run(style, shown, more)

    def _run(self, style: str, content: str, more: str = "") -> str:
        """A paragraph of one run."""
        look = f'<w:pStyle w:val="{self._styles.id(style)}"/>{more}'
        return f"<w:p><w:pPr>{look}</w:pPr><w:r>{content}</w:r></w:p>"

    def _block(self, block: Block) -> str:
        made, below = "", ""
        match block:
            case Text():
                made = self._paragraph(styles.BODY, block.text)
            case Points():
                numbers = self._styles.new_list()
                made = "".join(self._paragraph(styles.POINT, item, numbers) for item in block.items)
            case Cards():
                made = cards_table(block, self._styles, self._width)
            case Table():
                made = table(block, self._styles, self._width)
            case Chart():
                made = self._run(styles.PICTURE, self._charts.add(block, self._width))
                below = self._note(block.summary)
            case HeatMap():
                made = heat_table(block, self._styles, self._width)
                below = self._note(block.summary)
        if not isinstance(block, Text | Points):
            made = self._paragraph(styles.CAPTION, block.title, most=CELL) + made
        made += below + self._note("　".join(notes(block)))
        # Two tables that touch would become one.
        return made + (self._paragraph(styles.NOTE, "") if made.endswith("</w:tbl>") else "")

    def _note(self, text: str) -> str:
        return self._paragraph(styles.NOTE, text) if text else ""
