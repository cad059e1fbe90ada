"""A report as a workbook: an overview, then a sheet for each further section.

Belongs here: the order of sheets and what holds for the whole file. Numbers stand in cells as
numbers with a format that shows what stands on paper; no text becomes a formula or a link.
"""

from assets.reports.content import Chart, Report, Section, Stamp
from assets.reports.render.native import chart_heads
from assets.reports.render.xlsx.blocks import place, widths_of
from assets.reports.render.xlsx.book import Book
from assets.reports.render.xlsx.overview import place_contents, place_facts, place_head
from assets.reports.render.xlsx.sheet import Sheet, sheet_names

OVERVIEW = "概览"


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
    names = sheet_names([OVERVIEW, *(section.topic for section in report.sections[1:])])
    book = Book(report, stamp)
    overview = _sheet(book, names[0], *report.sections[:1])
    place_head(overview, report, stamp)
    for section in report.sections[:1]:
        overview.band(section.headline)
        for block in section.blocks:
            place(overview, block)
    place_contents(overview, report.sections[1:], names[1:])
    place_facts(overview, report, stamp)
    overview.finish(freeze=False)
    for section, name in zip(report.sections[1:], names[1:], strict=True):
        sheet = _sheet(book, name, section)
        sheet.title(section.topic, section.headline)
        for block in section.blocks:
            place(sheet, block)
        sheet.finish()
    return book.close()


def _sheet(book: Book, name: str, *sections: Section) -> Sheet:
    blocks = [block for section in sections for block in section.blocks]
    charts = [len(chart_heads(block)) for block in blocks if isinstance(block, Chart)]
    return Sheet(book, name, widths_of(blocks), charts)
