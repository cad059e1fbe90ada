"""A report as a Word document: read back by another library, in order, and valid."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table as ReadTable
from docx.text.paragraph import Paragraph
from lxml import etree
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from assets.reports.content.model import Cell, Chart, Figure, HeatMap, Report, Section, Stamp, Table
from assets.reports.render import masthead, page_layout
from assets.reports.render.docx import TEMPLATES, render_docx
from assets.reports.render.docx.package import WordPackage
from assets.reports.render.text import clean
from tests.reports import told
from tests.reports.make_templates import template
from tests.reports.report_samples import hostile_report, hostile_stamp, plain_report, stamp

SAMPLES = [
    pytest.param(plain_report(), stamp(), id="plain"),
    pytest.param(hostile_report(), hostile_stamp(), id="hostile"),
]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def document(report: Report, issue: Stamp) -> docx.document.Document:
    return docx.Document(io.BytesIO(render_docx(report, issue)))


def texts(read: docx.document.Document) -> Iterator[str]:
    for item in read.iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        else:
            yield from (text for row in rows(item) for text in row)


def rows(table: ReadTable) -> list[list[str]]:
    """The cells of a table, a list a row."""
    return [
        ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
        for row in table._tbl.iter(qn("w:tr"))
    ]


def same(expected: Cell, read: str) -> bool:
    text = clean(expected.text) if isinstance(expected, Figure) else expected
    return text in {read.strip(), read.removeprefix(f"{page_layout.MARK} ").strip()} or text == read


def expected(section: Section) -> Iterator[Cell]:
    """What a section must tell; charts and heat maps only their titles and summaries here."""
    yield clean(section.topic)
    if section.headline != section.topic:
        yield told.long(section.headline)
    for block in section.blocks:
        if isinstance(block, (Chart, HeatMap)):
            yield clean(block.title)
            yield told.long(block.summary)
        else:
            notes = told.long("　".join(page_layout.notes(block)))
            each = list(told.of_block(block))
            yield from [*each[: len(each) - len(page_layout.notes(block))], notes]


def blocks(report: Report, kind: type) -> list:
    return [block for section in report.sections for block in section.blocks
            if isinstance(block, kind)]  # fmt: skip


def charts(content: bytes) -> list[tuple[etree._Element, bytes]]:
    """The charts of a document in order, each with the workbook behind it."""
    package = docx.Document(io.BytesIO(content)).part
    found = []
    for place in package.element.iter(f"{CHART}chart"):
        part = package.related_parts[place.get(qn("r:id"))]
        drawn = etree.fromstring(part.blob)
        book = drawn.find(f"{CHART}externalData").get(qn("r:id"))
        found.append((drawn, part.related_parts[book].blob))
    return found


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_everything_is_told_in_order(report, issue):
    wanted = [
        clean(report.title),
        masthead.number(issue),
        *told.of_masthead(issue),
        *(each for section in report.sections for each in expected(section)),
        *(told.long(f"{label}：{text}") for label, text in masthead.facts(report, issue)),
    ]
    assert told.first_missing(wanted, texts(document(report, issue)), same) is None


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_tables_hold_what_the_report_says_and_nothing_else(report, issue):
    made = {}
    for table in document(report, issue).tables:
        title = table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        made.setdefault(title, []).append(rows(table))
    for table in blocks(report, Table):
        body = made[clean(table.title)].pop(0)[1:]
        shown = [
            [clean(c.text if isinstance(c, Figure) else c) for c in r.cells] for r in table.rows
        ]
        read = [[text.removeprefix(f"{page_layout.MARK} ") for text in row] for row in body]
        assert read == shown
        marked = [row[0].startswith(page_layout.MARK) for row in body]
        assert marked == [row.tone == "bad" for row in table.rows]


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_heat_maps_show_every_figure_at_its_hour(report, issue):
    read = document(report, issue)
    for heat in blocks(report, HeatMap):
        [table] = [
            rows(each)
            for each in read.tables
            if each._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == clean(heat.title)
        ]
        turned = len(table) - 1 == len(heat.columns) and len(heat.columns) != len(heat.rows)
        straight = list(zip(*table, strict=True)) if turned else table
        assert list(straight[0][1:]) == [clean(each) for each in heat.columns]
        assert [row[0] for row in straight[1:]] == [clean(each) for each in heat.rows]
        shown = [[clean(figure.text) for figure in row] for row in heat.cells]
        assert [list(row[1:]) for row in straight[1:]] == shown


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_charts_are_native_and_can_be_edited(report, issue):
    made = charts(render_docx(report, issue))
    wanted = blocks(report, Chart)
    assert len(made) == len(wanted) == 3
    for number, ((drawn, book), chart) in enumerate(zip(made, wanted, strict=True), 1):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(f"图{number}")
        cells = sheet.to_python(skip_empty_area=False)
        assert [row[0] for row in cells[1:]] == [clean(name) for name in chart.categories]
        series = drawn.findall(f".//{CHART}ser")
        assert len(series) == len(chart.series) + (chart.target is not None)
        for at, (one, values) in enumerate(zip(series, chart.series, strict=False), 1):
            assert one.find(f"{CHART}tx//{CHART}v").text == clean(values.name)
            points = {
                int(point.get("idx")): float(point.find(f"{CHART}v").text)
                for point in one.iterfind(f"{CHART}val//{CHART}pt")
            }
            shown = {i: f.value for i, f in enumerate(values.values) if f.value is not None}
            assert points == pytest.approx(shown)
            assert {i: row[at] for i, row in enumerate(cells[1:]) if row[at] != ""} == shown


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_part_is_valid(report, issue, tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(render_docx(report, issue))
    assert [each.description for each in OpenXmlValidator().validate(path).errors] == []


def test_the_check_of_parts_can_fail(tmp_path):
    package = WordPackage(render_docx(plain_report(), stamp()), "report.docx")
    broken = package.parts["word/document.xml"].replace(b"<w:tblGrid>", b"<w:tcW/><w:tblGrid>", 1)
    package.parts["word/document.xml"] = broken
    path = tmp_path / "broken.docx"
    path.write_bytes(package.save())
    assert OpenXmlValidator().validate(path).errors


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_nothing_reaches_out_and_nothing_runs(report, issue):
    with zipfile.ZipFile(io.BytesIO(render_docx(report, issue))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [
        name for name, xml in parts.items() if name.endswith(".rels") and b"External" in xml
    ]
    assert not [name for name in parts if "vba" in name.lower() or name.endswith(".bin")]
    body = etree.fromstring(parts["word/document.xml"])
    tags = {etree.QName(element).localname for element in body.iter()}
    assert not tags & {"hyperlink", "fldSimple", "fldChar", "instrText", "object", "altChunk"}


def test_headings_are_headings_and_tones_are_words_in_colour():
    read = document(plain_report(), stamp())
    headings = [p.text for p in read.paragraphs if p.style.name == "Heading 1"]
    assert headings == [section.topic for section in plain_report().sections]
    style = read.styles["报告需关注"].style_id
    toned = {run.text for run in read.tables[0]._tbl.iter(qn("w:r")) if run.style == style}
    assert toned == {"▼0.08个百分点", "未达标", "▲0.27个百分点"}


def test_each_list_of_points_counts_from_one():
    body = document(hostile_report(), hostile_stamp()).element.body
    lists = [number.get(qn("w:val")) for number in body.iter(qn("w:numId"))]
    # Two points a list, eleven lists, a number of its own for each.
    assert len(lists) == 22
    assert len(set(lists)) == 11
    assert [a == b for a, b in pairwise(lists)] == [True, *([False, True] * 10)]


@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "annual"])
def test_the_committed_templates_are_what_the_command_makes(kind):
    committed = WordPackage((TEMPLATES / f"{kind}.docx").read_bytes(), kind)
    assert committed.parts == WordPackage(template(kind), kind).parts


def test_the_same_report_gives_the_same_bytes_and_another_date_does_not():
    first = render_docx(plain_report(), stamp())
    later = replace(stamp(), issued_at=stamp().issued_at + timedelta(days=1))
    assert render_docx(plain_report(), stamp()) == first
    assert render_docx(plain_report(), later) != first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document(plain_report(), stamp()).core_properties.created.replace(tzinfo=None) == (
        stamp().issued_at
    )


def test_a_usual_issue_says_nothing_of_corrections():
    usual = replace(stamp(), revision=1, backfilled=False, changes=())
    styles = {p.style.name for p in document(plain_report(), usual).paragraphs}
    assert "报告更正" not in styles
    assert "报告更正" in {p.style.name for p in document(plain_report(), stamp()).paragraphs}
