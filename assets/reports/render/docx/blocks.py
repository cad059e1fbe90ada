"""How each block of a report stands in a document: strings of WordprocessingML.

Belongs here: paragraphs and the order of what stands in a section. Strings, because a table of
several hundred cells is built ten times faster than through a tree of objects.
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
from assets.reports.render import face
from assets.reports.render.clean import CELL, PARAGRAPH, clean
from assets.reports.render.docx import look as styles
from assets.reports.render.docx.charts import Charts
from assets.reports.render.docx.heat import heat_map
from assets.reports.render.docx.look import Look
from assets.reports.render.docx.tables import cards_table, table


class Writer:
    """Writes the parts of a report for one template.

    Args:
        look: its styles.
        charts: collects the charts.
        width: of the text, in twentieths of a point.
    """

    def __init__(self, look: Look, charts: Charts, width: int) -> None:
        self._look, self._charts, self._width = look, charts, width

    def section(self, section: Section) -> str:
        """A section: its topic, its finding, its blocks."""
        head = self._paragraph(styles.HEADING, section.topic, most=CELL)
        if section.headline != section.topic:
            head += self._paragraph(styles.FINDING, section.headline)
        return head + "".join(map(self._block, section.blocks))

    def corrections(self, stamp: Stamp) -> str:
        """That an issue is late or a correction, and what it corrects; empty for a usual one."""
        lines = [*filter(None, (face.backfilled(stamp), face.revision(stamp))), *stamp.changes]
        return "".join(self._paragraph(styles.CORRECTION, line) for line in lines)

    def facts(self, report: Report, stamp: Stamp) -> str:
        """What a reader must know to trust the figures."""
        return "".join(
            self._paragraph(styles.FACT, f"{label}：{text}")
            for label, text in face.facts(report, stamp)
        )

    def _paragraph(self, style: str, text: str, more: str = "", most: int = PARAGRAPH) -> str:
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{self._look.id(style)}"/>{more}</w:pPr><w:r>'
            f'<w:t xml:space="preserve">{escape(clean(text, most))}</w:t></w:r></w:p>'
        )

    def _block(self, block: Block) -> str:
        match block:
            case Text():
                made = self._paragraph(styles.BODY, block.text)
            case Points():
                numbers = self._look.new_list()
                made = "".join(self._paragraph(styles.POINT, item, numbers) for item in block.items)
            case Cards():
                made = self._caption(block.title) + cards_table(block, self._look, self._width)
            case Table():
                made = self._caption(block.title) + table(block, self._look, self._width)
            case Chart():
                picture = (
                    f'<w:p><w:pPr><w:pStyle w:val="{self._look.id(styles.PICTURE)}"/></w:pPr>'
                    f"<w:r>{self._charts.add(block, self._width)}</w:r></w:p>"
                )
                made = self._caption(block.title) + picture + self._note(block.summary)
            case HeatMap():
                made = self._caption(block.title) + heat_map(block, self._look, self._width)
                made += self._note(block.summary)
        made += self._note("　".join(face.notes(block)))
        # Two tables that touch would become one.
        touching = made.endswith("</w:tbl>")
        return made + (self._paragraph(styles.NOTE, "") if touching else "")

    def _caption(self, text: str) -> str:
        return self._paragraph(styles.CAPTION, text, most=CELL)

    def _note(self, text: str) -> str:
        return self._paragraph(styles.NOTE, text) if text else ""
