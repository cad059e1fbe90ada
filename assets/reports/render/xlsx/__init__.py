"""A report as a workbook: an overview, then a sheet for each further section.

Numbers stand in cells as numbers with a format that shows what stands on paper; no text becomes a
formula or a link.
"""

from collections.abc import Sequence

from assets.reports.content import Chart, Report, Section, Stamp
from assets.reports.render import masthead
from assets.reports.render.page_layout import chart_heads
from assets.reports.render.text import clean
from assets.reports.render.xlsx.blocks import BULLET, place, widths_of
from assets.reports.render.xlsx.sheet import ACCENT, HAIR, MUTED, RED, Book, Sheet, sheet_names

_OVERVIEW = "概览"


def render_xlsx(report: Report, stamp: Stamp) -> bytes:
    """Render a report as a workbook.

    The first section, which sums the report up, stands on the overview.

    Args:
        report: what it says.
        stamp: what issuing adds; its date is the workbook's date, so the bytes depend on
            nothing else.

    Returns:
        The bytes of the .xlsx file.
    """
    first, rest = report.sections[:1], report.sections[1:]
    names = sheet_names([_OVERVIEW, *(section.topic for section in rest)])
    book = Book(report, stamp)
    overview = _sheet(book, names[0], first)
    _place_head(overview, report, stamp)
    for section in first:
        overview.band(section.headline)
        for block in section.blocks:
            place(overview, block)
    _place_contents(overview, rest, names[1:])
    _place_facts(overview, report, stamp)
    overview.finish(freeze=False)
    for section, name in zip(rest, names[1:], strict=True):
        sheet = _sheet(book, name, [section])
        sheet.title(section.topic, section.headline)
        for block in section.blocks:
            place(sheet, block)
        sheet.finish()
    return book.close()


def _sheet(book: Book, name: str, sections: Sequence[Section]) -> Sheet:
    blocks = [block for section in sections for block in section.blocks]
    charts = [len(chart_heads(block)) for block in blocks if isinstance(block, Chart)]
    return Sheet(book, name, widths_of(blocks), charts)


def _place_head(sheet: Sheet, report: Report, stamp: Stamp) -> None:
    """Write title, number and date, and whether it is late or a correction."""
    sheet.paragraph(report.organisation, font_color=MUTED)
    sheet.paragraph(report.title, font_size=22, bold=True, font_color=RED)
    issued = f"{masthead.number(stamp)}　{masthead.day(stamp.issued_at)}印发"
    line = f"{report.period.title}　{issued}"
    sheet.paragraph(line, font_size=11, bottom=5, bottom_color=RED)
    for mark in filter(None, (masthead.backfilled(stamp), masthead.revision(stamp))):
        sheet.paragraph(mark, bold=True, font_color=RED)
    for change in stamp.changes:
        sheet.paragraph(change, bullet=BULLET, font_color=RED)
    sheet.row += 1


def _place_contents(sheet: Sheet, sections: Sequence[Section], names: Sequence[str]) -> None:
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


def _place_facts(sheet: Sheet, report: Report, stamp: Stamp) -> None:
    """Write what a reader must know to trust the figures."""
    sheet.band("数据说明")
    for label, text in masthead.facts(report, stamp):
        sheet.text(0, label, font_color=MUTED, valign="top", bottom=1, bottom_color=HAIR)
        sheet.paragraph(text, 1, bottom=1, bottom_color=HAIR)
