"""A report as a workbook: read back by another library, cell by cell, and shown as on paper."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from lxml import etree
from openpyxl.cell import Cell as Read
from openxml_audit import OpenXmlValidator

from assets.reports.content.figures import change, count, mean, plain, rate
from assets.reports.content.model import Block, Cards, Cell, Chart, Figure, HeatMap, Report, Stamp
from assets.reports.render import masthead, page_layout
from assets.reports.render.native_charts import NUMBER_FORMATS
from assets.reports.render.text import clean
from assets.reports.render.xlsx import render_xlsx
from assets.reports.render.xlsx.sheet import sheet_names
from tests.reports import told
from tests.reports.report_samples import hostile_report, hostile_stamp, plain_report, stamp

SAMPLES = [
    pytest.param(plain_report(), stamp(), id="plain"),
    pytest.param(hostile_report(), hostile_stamp(), id="hostile"),
]


def book(report: Report, issue: Stamp) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(report, issue)))


def cells(sheet) -> list[Read]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.value not in {None, ""}]


def shown(value: float, form: str) -> str:
    """A number as a spreadsheet shows it: one of up to three parts of a format, by sign."""
    parts = form.split(";")
    number = Decimal(repr(value))
    part = parts[min(len(parts) - 1, 1 if number < 0 else 2 if number == 0 else 0)]
    pattern = re.search(r"[#0,.]+%?", re.sub(r'"[^"]*"', "", part))
    if pattern is None:
        return part.replace('"', "")
    digits = pattern[0]
    if digits.endswith("%"):
        number *= 100
    if len(parts) > 1:
        number = abs(number)
    places = len(digits.rstrip("%").partition(".")[2])
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,}" if "," in digits else f"{rounded}"
    return part.replace(digits, text + "%" * digits.endswith("%")).replace('"', "")


def turned(block: Block) -> Block:
    """A heat map of the day's hours goes down the sheet, not across."""
    if isinstance(block, HeatMap) and len(block.columns) == 24:
        cells = tuple(zip(*block.cells, strict=True))
        return replace(block, rows=block.columns, columns=block.rows, cells=cells)
    return block


def same(expected: Cell, read: Read) -> bool:
    if isinstance(expected, str) or expected.value is None:
        text = expected if isinstance(expected, str) else clean(expected.text)
        return read.data_type == "s" and read.value in {text, f"● {text}"}
    return (
        read.data_type == "n"
        and read.value == pytest.approx(expected.value, abs=1e-9)
        and read.number_format == NUMBER_FORMATS[expected.form]
    )


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_section_stands_in_its_sheet_in_order(report, issue):
    made = book(report, issue)
    assert len(made.worksheets) == len(report.sections)
    for number, (section, sheet) in enumerate(zip(report.sections, made.worksheets, strict=True)):
        # The overview names no topic; elsewhere a headline that only repeats it is left out.
        head = [section.headline] if number == 0 else {section.topic: 0, section.headline: 0}
        blocks = [each for block in map(turned, section.blocks) for each in told.of_block(block)]
        expected = [*map(told.long, head), *blocks]
        assert told.first_missing(expected, cells(sheet), same) is None


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_the_overview_tells_what_was_issued_and_what_was_found(report, issue):
    overview = book(report, issue).worksheets[0]
    facts = [each for label, text in masthead.facts(report, issue) for each in (label, text)]
    expected = [
        told.long(report.organisation),
        told.long(report.title),
        *told.of_masthead(issue),
        *(told.long(section.headline) for section in report.sections),
        *map(told.long, facts),
    ]
    assert told.first_missing(expected, cells(overview), same) is None


def test_numbers_are_shown_as_they_stand_on_paper():
    read = [cell for sheet in book(plain_report(), stamp()) for cell in cells(sheet)]
    texts = [each for section in plain_report().sections for block in section.blocks
             for each in told.of_block(block) if isinstance(each, Figure)]  # fmt: skip
    display = {
        shown(cell.value, cell.number_format) if cell.data_type == "n" else cell.value
        for cell in read
    }
    assert len(texts) > 300
    assert {each.text for each in texts} <= display


FIGURES = [
    count(0), count(1_234_567), plain(12_345), rate(0, 7), rate(1, 3), rate(18_370, 18_371),
    rate(7, 7), mean(1_234, 100), mean(1_234_567, 3), change(count(5), count(3)),
    change(count(3), count(5)), change(count(3), count(3)), change(count(10_000), count(10_001)),
    change(rate(1, 3), rate(2, 3)), change(rate(2, 3), rate(1, 3)), change(rate(1, 2), rate(1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.text)
def test_a_number_format_shows_the_text_of_a_figure(figure):
    assert shown(figure.value, NUMBER_FORMATS[figure.form]) == figure.text


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_no_text_becomes_a_formula_a_link_or_code(report, issue):
    with zipfile.ZipFile(io.BytesIO(render_xlsx(report, issue))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [etree.fromstring(xml) for name, xml in parts.items() if "worksheets/sheet" in name]
    tags = {etree.QName(element).localname for sheet in sheets for element in sheet.iter()}
    assert "v" in tags
    # Sparklines hold a reference in an `f` of another namespace.
    own = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
    assert not [element for sheet in sheets for element in sheet.iter(own)]
    links = [e for s in sheets for e in s.iter("{*}hyperlink")]
    assert all(link.get("location") and not set(link.attrib) - {"ref", "location", "display"}
               for link in links)  # fmt: skip
    assert not [xml for name, xml in parts.items() if name.endswith(".rels") and b"External" in xml]
    assert not [name for name in parts if "vba" in name.lower()]


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_links_lead_to_the_sheets(report, issue):
    made = book(report, issue)
    targets = [cell.hyperlink.location for cell in cells(made.worksheets[0]) if cell.hyperlink]
    quoted = [f"'{sheet.title}'!A1" for sheet in made.worksheets[1:]]
    assert targets == quoted


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_part_is_valid(report, issue, tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(render_xlsx(report, issue))
    assert [each.description for each in OpenXmlValidator().validate(path).errors] == []


def test_charts_are_drawn_from_the_cells_beside_them():
    report = plain_report()
    with zipfile.ZipFile(io.BytesIO(render_xlsx(report, stamp()))) as archive:
        charts = [
            etree.fromstring(archive.read(name))
            for name in sorted(archive.namelist())
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
        ]
    wanted = [b for s in report.sections for b in s.blocks if isinstance(b, Chart)]
    assert len(charts) == len(wanted) == 3
    made = book(report, stamp())
    for drawn, chart in zip(charts, wanted, strict=True):
        series = drawn.findall(".//{*}ser")
        assert len(series) == len(chart.series) + (chart.target is not None)
        for one, values in zip(series, chart.series, strict=False):
            name, area = one.find("{*}val//{*}f").text.rsplit("!", 1)
            read = [row[0].value for row in made[name.strip("'")][area.replace("$", "")]]
            assert read == [figure.value for figure in values.values]


def test_rows_that_need_attention_are_marked_in_colour_and_by_a_sign():
    sheet = book(plain_report(), stamp())["话务趋势"]
    marked = [cell for cell in cells(sheet) if page_layout.MARK in cell.number_format]
    assert [cell.value for cell in marked] == ["5月14日"]
    assert marked[0].fill.fgColor.rgb == "FFFDECEA"


def test_bars_shades_and_paper():
    made = book(plain_report(), stamp())
    kinds = {
        rule.type
        for sheet in made
        for rules in sheet.conditional_formatting
        for rule in rules.rules
    }
    assert kinds == {"dataBar", "colorScale"}
    for sheet in made:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("9", "0") or (
            sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)  # fmt: skip
        assert sheet.page_setup.fitToWidth in {None, 1}
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # The head of the only table stays in sight and is printed on every page.
    assert made["承办单位"].print_title_rows is not None
    assert made["类型与渠道"].freeze_panes is not None


def test_a_name_that_begins_with_a_digit_stands_in_the_footer_whole():
    report = replace(plain_report(), organisation="12345 & Co")
    footer = book(report, stamp()).worksheets[0].oddFooter
    assert (footer.left.size, footer.left.text.strip()) == (8, "12345 && Co")


def test_names_of_sheets_are_allowed_and_unique():
    names = sheet_names(["a/b:c", "A b C", "长" * 40, "长" * 40, "'引'", "", "[]", "History"])
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert "history" not in {name.lower() for name in names}


def test_the_same_report_gives_the_same_bytes_and_another_date_does_not():
    first = render_xlsx(plain_report(), stamp())
    later = replace(stamp(), issued_at=stamp().issued_at + timedelta(days=1))
    assert render_xlsx(plain_report(), stamp()) == first
    assert render_xlsx(plain_report(), later) != first
    made = book(plain_report(), stamp()).properties
    assert made.created == stamp().issued_at


def test_sparklines_are_drawn_from_the_periods_beside_the_cards():
    report = plain_report()
    with zipfile.ZipFile(io.BytesIO(render_xlsx(report, stamp()))) as archive:
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    found = {
        each.findtext("{*}sqref"): each.findtext("{*}f") for each in sheet.iter("{*}sparkline")
    }
    ranges = [area for _, area in sorted(found.items())]
    cards = [card for block in report.sections[0].blocks if isinstance(block, Cards)
             for card in block.cards if card.trend]  # fmt: skip
    overview = book(report, stamp()).worksheets[0]
    assert len(ranges) == len(cards) == 3
    for area, card in zip(ranges, cards, strict=True):
        [row] = overview[area.rsplit("!", 1)[1].replace("$", "")]
        assert [cell.value for cell in row] == [figure.value for figure in card.trend]
