"""The first sheet: what is issued, what every section found, and how far the data goes.

Belongs here: the head of the workbook, its contents and the facts about its data.
"""

from collections.abc import Sequence

from assets.reports.content import Report, Section, Stamp
from assets.reports.render import face
from assets.reports.render.clean import clean
from assets.reports.render.xlsx.book import ACCENT, HAIR, MUTED, RED
from assets.reports.render.xlsx.sheet import Sheet


def place_head(sheet: Sheet, report: Report, stamp: Stamp) -> None:
    """Write title, number and date, and whether it is late or a correction."""
    sheet.paragraph(report.organisation, font_color=MUTED)
    sheet.paragraph(report.title, font_size=22, bold=True, font_color=RED)
    line = f"{report.period.title}　{face.number(stamp)}　{face.day(stamp.issued_at)}印发"
    sheet.paragraph(line, font_size=11, bottom=5, bottom_color=RED)
    for mark in filter(None, (face.backfilled(stamp), face.revision(stamp))):
        sheet.paragraph(mark, bold=True, font_color=RED)
    for change in stamp.changes:
        sheet.point(change, font_color=RED)
    sheet.row += 1


def place_contents(sheet: Sheet, sections: Sequence[Section], names: Sequence[str]) -> None:
    """Write what each section found, with a link to its sheet."""
    if not sections:
        return
    sheet.band("各部分结论")
    # Links name sheets of this workbook only; no text of a report becomes an address.
    link = sheet.book.format(font_color=ACCENT, underline=1, bottom=1, bottom_color=HAIR)
    for section, name in zip(sections, names, strict=True):
        target = name.replace("'", "''")
        topic = clean(section.topic)[:255].strip() or name
        sheet.sheet.write_url(sheet.row, 0, f"internal:'{target}'!A1", link, topic)
        sheet.paragraph(section.headline, 1, bottom=1, bottom_color=HAIR)
    sheet.row += 1


def place_facts(sheet: Sheet, report: Report, stamp: Stamp) -> None:
    """Write what a reader must know to trust the figures."""
    sheet.band("数据说明")
    look = sheet.book.format(font_color=MUTED, valign="top", bottom=1, bottom_color=HAIR)
    for label, text in face.facts(report, stamp):
        sheet.text(0, label, look)
        sheet.paragraph(text, 1, bottom=1, bottom_color=HAIR)
