"""The PDF: what it says, that it may be archived, and that no character can break it."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from assets.core.errors import HotlineError
from assets.reports.content.figures import count
from assets.reports.content.model import (
    Cards,
    Chart,
    Column,
    Figure,
    HeatMap,
    Points,
    Report,
    Row,
    Section,
    Stamp,
    Table,
    Text,
)
from assets.reports.render import masthead, page_layout
from assets.reports.render.pdf import issue_time, render_pdf, render_preview, typesetter
from assets.reports.render.pdf.columns import UPRIGHT, WIDE, Needs, fit
from assets.reports.render.pdf.fonts import OWN
from assets.reports.render.text import PARAGRAPH, clean
from tests.reports.report_samples import hostile_report, hostile_stamp, plain_report, stamp

MARKUP = "#panic() $x$ *b* _i_ `c` @l <l> = h // c /* c */ \\ ~ -- --- ... 'q' \"q\" [x] {y} #let"


def bare(text: str) -> str:
    """A text as it can be compared with one read back: without spaces and joiners."""
    return re.sub(r"[\s\u200b-\u200d\u2060\ufe0f]", "", text)


def read(pdf: bytes) -> str:
    """All text of a PDF."""
    return bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def of_section(section: Section):
    """Every text of a section that must stand on paper, with the length that it may have."""
    yield from ((section.topic, None), (section.headline, None))
    for block in section.blocks:
        match block:
            case Text():
                yield block.text, PARAGRAPH
            case Points():
                yield from ((item, PARAGRAPH) for item in block.items)
            case _:
                yield block.title, None
                yield from of_figures(block)
                yield from ((note, PARAGRAPH) for note in page_layout.notes(block))


def of_figures(block: Cards | Table | HeatMap | Chart):
    """Every figure of a block, and what it is a figure of; a chart's are told in its summary."""
    match block:
        case Cards():
            for card in block.cards:
                own = (card.label, card.unit, card.figure.text, card.target, card.verdict)
                yield from ((text, None) for text in own)
                for against, change in card.comparisons:
                    yield from ((against, None), (change.text, None))
        case Table():
            yield from ((text, None) for c in block.columns for text in (c.title, c.unit))
            cells = (cell for row in block.rows for cell in row.cells)
            yield from ((c.text if isinstance(c, Figure) else c, None) for c in cells)
        case HeatMap():
            yield from ((head, None) for head in (*block.rows, *block.columns))
            yield from ((cell.text, 24) for row in block.cells for cell in row)


def expected(report: Report, issue: Stamp):
    """Every text that must stand on paper."""
    yield from ((report.title, None), (report.organisation, None), (report.period.title, None))
    yield from ((text, PARAGRAPH) for pair in masthead.facts(report, issue) for text in pair[1:])
    yield from ((masthead.backfilled(issue), None), (masthead.revision(issue), None))
    yield from ((each, PARAGRAPH) for each in issue.changes)
    for section in report.sections:
        yield from of_section(section)


def as_set(text: str, most: int | None) -> str:
    """A text as it is set: cleaned, and 〓 for what no font has."""
    content, _ = typesetter().fonts.settable(clean(text, most) if most else clean(text))
    return bare(re.sub(r"\\(.)", r"\1", content[1:-1]))


@pytest.fixture(scope="module")
def usual() -> bytes:
    return render_pdf(plain_report(), stamp())


@pytest.fixture(scope="module")
def attacked() -> bytes:
    return render_pdf(hostile_report(), hostile_stamp())


def missing(pdf: bytes, report: Report, issue: Stamp) -> list[str]:
    text = read(pdf)
    return [t for t, most in expected(report, issue) if as_set(t, most) not in text]


def test_everything_of_a_report_stands_on_paper(usual):
    assert missing(usual, plain_report(), stamp()) == []


def test_hostile_text_stands_on_paper_as_text(attacked):
    assert missing(attacked, hostile_report(), hostile_stamp()) == []


def test_a_text_that_is_not_there_is_missed(usual):
    usual_report = plain_report()
    other = replace(usual_report, sections=(Section("x", "别处", "没有这句话", ()),))
    assert missing(usual, other, stamp()) == ["别处", "没有这句话"]


def test_markup_of_the_template_has_no_effect_in_data():
    section = Section("m", MARKUP, MARKUP + "2", (
        Text(MARKUP), Points((MARKUP,)),
        Table("t", MARKUP, (Column(MARKUP, MARKUP),), (Row((MARKUP,)),), MARKUP),
    ))  # fmt: skip
    report = replace(
        plain_report(), title=MARKUP, organisation=MARKUP, completeness=MARKUP, sections=(section,)
    )
    issue = replace(stamp(), changes=(MARKUP,))
    assert missing(render_pdf(report, issue), report, issue) == []


# ---- for the archive


def structure(pdf: bytes) -> list[DictionaryObject]:
    """All elements of the structure tree."""
    found, open_ = [], [PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]]
    while open_:
        element = open_.pop().get_object()
        if isinstance(element, DictionaryObject):
            if "/S" in element:
                found.append(element)
            children = element.get("/K", [])
            open_ += children if isinstance(children, list) else [children]
    return found


@pytest.mark.parametrize("name", ["usual", "attacked"])
def test_it_says_that_it_is_an_archive_document(name, request):
    pdf = request.getfixturevalue(name)
    root = PdfReader(io.BytesIO(pdf)).root_object
    said = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed: apt-get install qpdf")
@pytest.mark.parametrize("name", ["usual", "attacked"])
def test_a_validator_of_other_hands_finds_nothing(name, request, tmp_path):
    def check(content: bytes) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "report.pdf"
        path.write_bytes(content)
        command = ["qpdf", "--check", path]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    pdf = request.getfixturevalue(name)
    said = check(pdf)
    assert (said.returncode, said.stderr) == (0, ""), said
    assert check(pdf[: len(pdf) // 2]).returncode, "the validator can find something"


def test_title_author_and_date_are_those_of_the_issue(usual):
    about = PdfReader(io.BytesIO(usual)).metadata
    report = plain_report()
    assert about.title == f"{report.title}（{report.period.title}）"
    assert about.author == report.organisation
    assert about.creation_date == stamp().issued_at.replace(tzinfo=issue_time(stamp()).tzinfo)


@pytest.mark.parametrize("name", ["usual", "attacked"])
def test_all_fonts_are_embedded(name, request):
    fonts = {}
    for page in PdfReader(io.BytesIO(request.getfixturevalue(name))).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font["/DescendantFonts"][0].get_object()
            fonts[font["/BaseFont"]] = set(inner["/FontDescriptor"].get_object())
            assert "/ToUnicode" in font
    assert fonts
    assert all(keys & {"/FontFile2", "/FontFile3"} for keys in fonts.values())


def test_sections_are_bookmarks(usual):
    titles = [bare(each.title) for each in PdfReader(io.BytesIO(usual)).outline]
    wanted = [bare(section.topic) for section in plain_report().sections]
    assert [title.split("、")[1].split("：")[0] for title in titles] == wanted


def test_charts_are_told_in_words(usual):
    told = {bare(each["/Alt"]) for each in structure(usual) if each["/S"] == "/Figure"}
    charts = [b for s in plain_report().sections for b in s.blocks if isinstance(b, Chart)]
    assert told == {bare(chart.summary) for chart in charts}


def test_tables_are_tables(usual):
    blocks = [block for section in plain_report().sections for block in section.blocks]
    kinds = [each["/S"] for each in structure(usual)]
    assert kinds.count("/Table") == sum(isinstance(b, Table | HeatMap) for b in blocks)
    assert kinds.count("/THead") == kinds.count("/Table")
    assert kinds.count("/Title") == 1


def test_a_table_over_pages_repeats_its_head_and_splits_no_row():
    columns = (Column("列首甲"), Column("列首乙"))
    rows = tuple(Row((f"行{i:03d}" + "某某" * 60, count(i))) for i in range(60))
    section = Section("s", "长表", "长表", (Table("t", "长表", columns, rows),))
    pages = PdfReader(
        io.BytesIO(render_pdf(replace(plain_report(), sections=(section,)), stamp()))
    ).pages
    texts = [bare(page.extract_text()) for page in pages]
    assert len(texts) > 2
    for text in texts:
        assert text.count("列首甲") == 1
        assert text.count("某") == 120 * len(re.findall(r"行\d{3}", text))


def test_a_heading_is_never_last_on_its_page():
    # Sections of growing length bring a heading to every height of a page.
    sections = tuple(
        Section(f"s{i}", f"题{i:03d}", f"句{i:03d}",
                (Table(f"t{i}", f"表{i:03d}", (Column(f"首{i:03d}"),),
                       tuple(Row((f"行{i:03d}",)) for _ in range(i % 9 + 1))),))
        for i in range(40)
    )  # fmt: skip
    pdf = render_pdf(replace(plain_report(), sections=sections), stamp())
    for page in PdfReader(io.BytesIO(pdf)).pages:
        text = bare(page.extract_text())
        for word in re.findall(r"题(\d{3})", text):
            assert f"行{word}" in text, word


def test_pages_are_numbered(usual):
    for number, page in enumerate(PdfReader(io.BytesIO(usual)).pages, 1):
        assert f"— {number} —" in page.extract_text()


@pytest.mark.parametrize(
    ("report", "issue"), [(plain_report(), stamp()), (hostile_report(), hostile_stamp())]
)
def test_the_compiler_has_nothing_to_warn_of(report, issue):
    _, warnings = typesetter().pdf(report, issue)
    assert warnings == []


def test_same_content_same_bytes(usual, attacked):
    typesetter.cache_clear()
    assert render_pdf(plain_report(), stamp()) == usual
    assert render_pdf(hostile_report(), hostile_stamp()) == attacked


def test_another_time_of_issue_makes_another_document(usual):
    later = replace(stamp(), issued_at=datetime(2026, 11, 20, 8, 31))
    assert render_pdf(plain_report(), later) != usual


def test_first_issue_in_time_bears_no_mark():
    first = replace(stamp(), revision=1, backfilled=False, changes=())
    text = read(render_pdf(plain_report(), first))
    assert "补发" not in text
    assert "更正" not in text


def test_preview_is_a_picture_of_one_page():
    picture = render_preview(plain_report(), stamp())
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (661, 935)


# ---- characters


def with_text(text: str) -> Report:
    return replace(
        plain_report(), sections=(Section("s", "字", "字符", (Text(text), Points((text,)))),)
    )


def test_names_with_rare_characters_are_set():
    rare = "堃喆祎珺镕昇旻翀玥瑄晞𬭎䶮㛃崀浐鄠"
    text = read(render_pdf(with_text(rare), stamp()))
    assert rare in text
    assert "〓" not in text


@pytest.mark.parametrize(
    ("text", "shown", "named"),
    [
        ("甲😀乙", "甲〓乙", "U+1F600"),
        ("甲👨\u200d👩乙", "甲〓〓乙", "U+1F468、U+1F469"),
        ("甲\ue000乙", "甲〓乙", "U+E000"),
        ("甲\U00030000乙", "甲〓乙", "U+30000"),
    ],
)
def test_a_character_that_no_font_has_is_replaced_and_named(text, shown, named):
    told = read(render_pdf(with_text(text), stamp()))
    assert told.count(shown) == 2
    assert f"字库中没有的字符以“〓”代替：{named}。" in told


def test_nothing_is_said_of_characters_where_none_is_missing(usual):
    assert "字库中没有" not in read(usual)


def drawn(folder: Path, name: str, family: str, code: int | None = None) -> None:
    """Put a font of another name into a folder, with one character more."""
    font = TTFont(OWN / "NotoSerifSC-Regular.ttf")
    for record in font["name"].names:
        if record.nameID in {1, 4, 16}:
            record.string = family
        if record.nameID == 6:
            record.string = family.replace(" ", "")
    if code is not None:
        for table in font["cmap"].tables:
            if table.format == 12:
                table.cmap[code] = font.getBestCmap()[ord("龙")]
    folder.mkdir(exist_ok=True)
    font.save(folder / name)


def base_fonts(pdf: bytes) -> str:
    return " ".join(
        font["/BaseFont"]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    )


def test_a_font_of_the_office_supplies_what_ours_lack(tmp_path):
    drawn(tmp_path, "rare.ttf", "Office Rare", 0x30000)
    pdf = render_pdf(with_text("甲\U00030000乙"), stamp(), extra_fonts=tmp_path)
    assert "甲\U00030000乙" in read(pdf)
    assert "OfficeRare" in base_fonts(pdf)


def test_sentences_are_set_in_the_office_s_own_face(tmp_path, usual):
    drawn(tmp_path, "fangsong.ttf", "FangSong")
    pdf = render_pdf(plain_report(), stamp(), extra_fonts=tmp_path)
    assert "FangSong" in base_fonts(pdf)
    assert "FangSong" not in base_fonts(usual)


def test_a_private_character_is_replaced_even_where_a_font_draws_it(tmp_path):
    drawn(tmp_path, "private.ttf", "Office Private", 0xE000)
    pdf = render_pdf(with_text("甲\ue000乙"), stamp(), extra_fonts=tmp_path)
    assert "甲〓乙" in read(pdf)


def test_a_missing_folder_of_fonts_is_no_mistake(tmp_path, usual):
    assert render_pdf(plain_report(), stamp(), extra_fonts=tmp_path / "none") == usual


def test_a_file_that_is_no_font_is_named(tmp_path):
    (tmp_path / "仿宋.ttf").write_bytes(b"no font")
    with pytest.raises(HotlineError, match=r"仿宋\.ttf"):
        render_pdf(plain_report(), stamp(), extra_fonts=tmp_path)


def test_a_cut_off_font_is_named(tmp_path):
    content = (OWN / "NotoSansSC-Regular.ttf").read_bytes()
    (tmp_path / "半.ttf").write_bytes(content[:100_000])
    with pytest.raises(HotlineError, match=r"半\.ttf"):
        render_pdf(plain_report(), stamp(), extra_fonts=tmp_path)


def test_the_licence_of_the_fonts_is_beside_them():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (OWN / "OFL.txt").read_text()
    assert len(list(OWN.glob("*.ttf"))) == 4


# ---- widths


def test_columns_fill_the_page_and_numbers_keep_their_room():
    columns = [Needs(5, 30), Needs(4, 4), Needs(6, 6)]
    fitted = fit(columns)
    assert not fitted.wide
    assert sum(fitted.widths) == pytest.approx(UPRIGHT, abs=0.1)
    for column, width in zip(columns, fitted.widths, strict=True):
        assert width >= column.least * fitted.size


def test_a_table_of_many_columns_gets_smaller_letters_then_a_wide_page():
    fits = [fit([Needs(4, 4)] * across) for across in range(1, 20)]
    assert fits[-1].wide
    assert not fits[5].wide
    for narrow, broad in pairwise(fits):
        assert not (narrow.wide and not broad.wide)
        assert narrow.wide != broad.wide or narrow.size >= broad.size
    assert all(sum(each.widths) <= (WIDE if each.wide else UPRIGHT) + 0.1 for each in fits)


def test_a_wide_table_turns_its_section():
    across = tuple(Column(f"{month}月") for month in range(1, 14))
    table = Table("t", "全年", across, (Row(tuple(count(123_456_789) for _ in across)),))
    sections = (
        Section("a", "甲", "甲", (Text("甲"),)),
        Section("b", "乙", "乙", (table,)),
        Section("c", "丙", "丙", (Text("丙"),)),
    )
    pdf = render_pdf(replace(plain_report(), sections=sections), stamp())
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    assert [box.width > box.height for box in boxes] == [False, True, False]
