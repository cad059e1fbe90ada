"""A report on a page: everything is there in order, and nothing on it can act or reach out."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from lxml import html

from assets.reports.content.model import (
    Cards,
    Chart,
    Figure,
    HeatMap,
    Points,
    Report,
    Stamp,
    Table,
    Text,
)
from assets.reports.render import masthead, page_layout
from assets.reports.render.html import render_html
from assets.reports.render.text import CELL, PARAGRAPH, clean
from tests.reports.report_samples import hostile_report, hostile_stamp, plain_report, stamp

SAMPLES = [
    pytest.param(plain_report(), stamp(), id="plain"),
    pytest.param(hostile_report(), hostile_stamp(), id="hostile"),
]
HIGH, LOW = "h9", "h1"


def page(report: Report, issue: Stamp) -> html.HtmlElement:
    """The page as a parser reads it."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.document_fromstring(render_html(report, issue), parser=parser)


def told(element: html.HtmlElement) -> str:
    """The text of an element without space around it."""
    return element.text_content().strip()


def cell(value: Figure | str) -> str:
    return clean(value.text if isinstance(value, Figure) else value, CELL)


def parts(root: html.HtmlElement) -> list[html.HtmlElement]:
    return root.xpath('//main/section[@class="part"]')


def blocks_of(report: Report, root: html.HtmlElement, kind: type) -> list[tuple]:
    """Each block of a kind with the part that it stands in and its place among its kind there."""
    found = []
    for section, part in zip(report.sections, parts(root), strict=True):
        mine = [block for block in section.blocks if isinstance(block, kind)]
        found += [(block, part, index) for index, block in enumerate(mine)]
    return found


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_the_head_says_what_a_reader_must_know(report, issue):
    root = page(report, issue)
    (head,) = root.xpath('//header[@class="masthead"]')
    assert told(head.find("h1")) == cell(report.title)
    assert told(head.find_class("office")[0]) == cell(report.organisation)
    pairs = [(told(div.find("dt")), told(div.find("dd"))) for div in head.findall("dl/div")]
    assert pairs == [
        (label, clean(text, PARAGRAPH)) for label, text in masthead.facts(report, issue)
    ]
    assert dict(pairs)["期号"] == "第5期"
    assert dict(pairs)["数据截至"] == "2026年11月20日 06:00"


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_a_late_issue_and_a_correction_say_so(report, issue):
    late, corrected = page(report, issue).find_class("mark-line")
    assert told(late) == "补发：应于2023年6月5日前发布，不计入按时发布"
    assert told(corrected.find("p")) == "更正：第2版，代替第1版"
    assert [told(each) for each in corrected.findall("ul/li")] == [
        clean(change, PARAGRAPH).strip() for change in issue.changes
    ]


def test_a_first_issue_in_time_has_no_marks():
    first = replace(stamp(), revision=1, backfilled=False, changes=())
    root = page(plain_report(), first)
    assert not root.find_class("mark-line")
    assert "补发" not in told(root.find("body"))


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_sections_stand_in_order_with_topic_and_finding(report, issue):
    root = page(report, issue)
    wanted = []
    for section in report.sections:
        same = section.topic == section.headline
        topic = "" if same else cell(section.topic).strip() + "："
        wanted.append((topic, cell(section.headline).strip()))
    found = [
        ("".join(told(each) for each in part.xpath(".//span[@class='topic']")),
         told(part.xpath(".//span[@class='finding']")[0]))
        for part in parts(root)
    ]  # fmt: skip
    assert found == wanted
    links = root.xpath("//nav//a")
    assert [told(each) for each in links] == [cell(s.topic).strip() for s in report.sections]
    assert [each.get("href") for each in links] == [f"#{each.get('id')}" for each in parts(root)]


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_sentence_is_there(report, issue):
    root = page(report, issue)
    for section, part in zip(report.sections, parts(root), strict=True):
        texts = [told(each) for each in part.xpath("./p[@class='text']")]
        points = [told(each) for each in part.xpath("./ol[@class='points']/li")]
        assert texts == [
            clean(block.text, PARAGRAPH).strip()
            for block in section.blocks if isinstance(block, Text)
        ]  # fmt: skip
        assert points == [
            clean(item, PARAGRAPH).strip()
            for block in section.blocks if isinstance(block, Points) for item in block.items
        ]  # fmt: skip


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_card_is_there(report, issue):
    root = page(report, issue)
    found = blocks_of(report, root, Cards)
    assert found
    for block, part, index in found:
        cards = part.xpath("./ul[@class='cards']")[index].findall("li")
        for card, place in zip(block.cards, cards, strict=True):
            assert told(place.find_class("label")[0]) == cell(card.label).strip()
            assert told(place.find(".//strong")) == cell(card.figure).strip()
            unit = place.xpath("./p[@class='value']/span[@class='unit']")
            assert [told(each) for each in unit] == ([cell(card.unit).strip()] if card.unit else [])
            goal = [told(each) for each in place.find_class("goal")]
            assert goal == ([cell(card.target).strip()] if card.target else [])
            verdict = [told(each) for each in place.find_class("verdict")]
            assert verdict == ([cell(card.verdict).strip()] if card.verdict else [])
            compared = [
                (told(div.find("dt")), told(div.find("dd"))) for div in place.findall("dl/div")
            ]
            assert compared == [
                (cell(name).strip(), cell(figure).strip()) for name, figure in card.comparisons
            ]
            assert len(place.xpath(".//svg")) == bool(card.trend)


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_cell_of_every_table_is_there(report, issue):
    root = page(report, issue)
    for block, part, index in blocks_of(report, root, Table):
        table = part.xpath("./div[@class='scroll']/table[contains(@class,'data')]")[index]
        assert told(table.find("caption")) == cell(block.title).strip()
        heads = [told(each) for each in table.findall("thead/tr/th")]
        assert heads == [
            (cell(column.title) + (f"（{cell(column.unit)}）" if column.unit else "")).strip()
            for column in block.columns
        ]
        rows = table.findall("tbody/tr")
        for row, place in zip(block.rows, rows, strict=True):
            for mark in place.find_class("mark"):
                assert mark.text == page_layout.MARK
                mark.text = ""
            assert [told(each) for each in place] == [cell(each).strip() for each in row.cells]
            assert (place.get("class") == "total") == row.total
            values = [each.get("data-v") for each in place]
            assert values == [
                str(each.value) if isinstance(each, Figure) and each.value is not None else None
                for each in row.cells
            ]


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_every_figure_of_every_chart_and_heat_map_is_there(report, issue):
    root = page(report, issue)
    for chart, part, index in blocks_of(report, root, Chart):
        place = part.findall("figure")[index]
        rows = place.findall(".//details//tbody/tr")
        target = [cell(chart.target)] if chart.target else []
        assert [[told(each) for each in row] for row in rows] == [
            [each.strip() for each in (
                cell(name), *(cell(series.values[at]) for series in chart.series), *target)]
            for at, name in enumerate(chart.categories)
        ]  # fmt: skip
        assert told(place.find("p[@class='summary']")) == clean(chart.summary, PARAGRAPH).strip()
    for heat, part, index in blocks_of(report, root, HeatMap):
        table = part.xpath(".//table[contains(@class,'heat')]")[index]
        assert [told(e) for e in table.findall("thead/tr/th")] == [
            cell(e).strip() for e in heat.columns
        ]
        assert [[told(each) for each in row] for row in table.findall("tbody/tr")] == [
            [cell(name).strip(), *(cell(figure).strip() for figure in cells)]
            for name, cells in zip(heat.rows, heat.cells, strict=True)
        ]


def test_notes_and_reasons_stand_below_what_they_explain():
    report = plain_report()
    root = page(report, stamp())
    for section, part in zip(report.sections, parts(root), strict=True):
        wanted = [note for block in section.blocks for note in page_layout.notes(block)]
        assert [told(each) for each in part.find_class("note")] == wanted
    days = root.xpath("//table[caption='逐日话务']//td[.='—']")
    assert [each.get("title") for each in days] == ["没有数据"] * 3


def test_the_darkest_cell_is_the_highest_and_a_gap_stays_white():
    root = page(plain_report(), stamp())
    cells = root.xpath("//table[contains(@class,'heat')]//td[@class]")
    shades = {told(each): each.get("class") for each in cells}
    rates = sorted(
        (float(text.rstrip("%")), shade) for text, shade in shades.items() if text != "—"
    )
    assert [rates[0], rates[-1]] == [(1.2, LOW), (7.9, HIGH)]
    assert [shade for _, shade in rates] == sorted(shade for _, shade in rates)
    assert {each.get("class") for each in cells if told(each) == "—"} == {"h0"}


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_nothing_on_the_page_can_act_or_reach_out(report, issue):
    root = page(report, issue)
    names = {each.tag for each in root.iter() if isinstance(each.tag, str)}
    assert not names & {"img", "iframe", "object", "embed", "link", "base", "form", "a:href"}
    assert [len(root.findall(f".//{name}")) for name in ("script", "style")] == [1, 1]
    for each in root.iter():
        if not isinstance(each.tag, str):
            continue
        for key, value in each.attrib.items():
            assert not key.lower().startswith("on"), key
            assert key not in {"src", "srcset", "style", "action", "formaction"}, key
            if key.endswith("href"):
                assert re.fullmatch(r"#[a-z0-9_]+", value)
    assert not list(root.iter(html.etree.Comment))


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_the_policy_allows_only_our_own_style_and_script(report, issue):
    raw = render_html(report, issue).decode()
    root = page(report, issue)
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    for name in ("style", "script"):
        # As the browser sees it: from the first opening tag to the next closing tag.
        inside = raw.split(f"<{name}>", 1)[1].split(f"</{name}", 1)[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    # The policy must come before anything that it is to hold back.
    assert raw.index("Content-Security-Policy") < raw.index("<title>") < raw.index("<style>")


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_a_screen_reader_and_a_keyboard_find_their_way(report, issue):
    root = page(report, issue)
    assert root.get("lang") == "zh-CN"
    assert root.xpath("//body/a[1]/@href") == ["#main"]
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(root.findall(f".//{landmark}")) == 1
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for table in root.iter("table"):
        assert table.find("caption") is not None
        assert all(head.get("scope") in {"row", "col"} for head in table.iter("th"))
    for region in root.find_class("scroll"):
        assert (region.get("tabindex"), region.get("role")) == ("0", "region")
        assert region.get("aria-label")
    for drawing in root.iter("svg"):
        named = drawing.get("role") == "img" and drawing.find("title") is not None
        assert named or drawing.get("aria-hidden") == "true"


@pytest.mark.parametrize(("report", "issue"), SAMPLES)
def test_the_same_report_gives_the_same_bytes(report, issue):
    assert render_html(report, issue) == render_html(report, issue)


def test_tables_with_totals_between_their_rows_or_few_rows_stay_as_they_are():
    report = plain_report()
    section = report.sections[1]
    table = next(block for block in section.blocks if isinstance(block, Table))
    between = replace(table, rows=(table.rows[-1], *table.rows[:-1]))
    few = replace(table, rows=table.rows[:3])
    for changed, sorts in ((table, True), (between, False), (few, False)):
        one = replace(report, sections=(replace(section, blocks=(changed,)),))
        assert bool(page(one, stamp()).find_class("sortable")) == sorts
