"""The list of reports: newest first, relative links, and nothing that can act or reach out."""

import base64
import hashlib
import random
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from lxml import html

from assets.reports.render.html.index_page import FORMS, IndexEntry, render_index
from assets.reports.render.text import CELL, clean
from tests.reports.report_samples import HOSTILE


def entry(period: str, due: date, kind: str = "daily", **other: object) -> IndexEntry:
    usual = {
        "number": 1,
        "revision": 1,
        "issued_on": due,
        "in_time": "按时",
        "links": {form: f"{kind}/{due}/r1/报告.{form}" for form in FORMS},
    }
    return IndexEntry(kind=kind, period=period, due=due, **{**usual, **other})


def several() -> list[IndexEntry]:
    start = date(2023, 5, 27)
    days = [
        entry(f"5月{27 + i}日", start + timedelta(days=1 + i), number=147 + i) for i in range(5)
    ]
    month = date(2023, 6, 5)
    return [
        *days,
        entry("2023年5月", month, "monthly", number=5),
        entry("2023年5月", month, "monthly", number=5, revision=2, in_time="补发"),
        entry("2023年", date(2024, 1, 31), "annual"),
        entry("6月4日", month),
    ]


def rows(page: bytes) -> list[html.HtmlElement]:
    return html.document_fromstring(page).xpath("//tbody[@id='list']/tr")


def texts(row: html.HtmlElement) -> list[str]:
    return [each.text_content().strip() for each in row]


def test_the_newest_period_stands_first_and_longer_periods_before_days():
    found = [texts(row)[:3] for row in rows(render_index(several()))]
    assert found[:5] == [
        ["年报", "2023年", "第1期"],
        ["月报", "2023年5月", "第5期 第2版"],
        ["月报", "2023年5月", "第5期 已有更正版"],
        ["日报", "6月4日", "第1期"],
        ["日报", "5月31日", "第151期"],
    ]
    assert len(found) == 9


def test_an_entry_says_when_it_was_issued_and_due_and_whether_in_time():
    made = entry("5月1日", date(2023, 5, 2), issued_on=date(2026, 11, 20), in_time="补发")
    (row,) = rows(render_index([made]))
    assert texts(row)[3:6] == ["2026年11月20日", "2023年5月2日", "补发"]
    assert [each.text for each in row.iter("a")] == ["网页", "PDF", "Word", "Excel"]


def test_the_order_of_the_entries_does_not_matter():
    shuffled = several()
    random.Random(7).shuffle(shuffled)
    assert render_index(shuffled) == render_index(several())


def test_links_are_relative_and_lead_to_the_named_file():
    name = "日报 #1?.html"
    made = entry("5月1日", date(2023, 5, 2), links={"html": f"daily/2023-05-01/r1/{name}"})
    (link,) = rows(render_index([made]))[0].iter("a")
    assert link.get("href").isascii()
    assert unquote(link.get("href")) == f"daily/2023-05-01/r1/{name}"
    assert "#" not in link.get("href")
    script = entry("5月1日", date(2023, 5, 2), links={"html": "javascript:alert(1)"})
    (link,) = rows(render_index([script]))[0].iter("a")
    assert ":" not in link.get("href")


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x.html", "a//b", "//host/x", "\\\\host\\x", "a/../b", "", "http://x/"],
)
def test_a_link_out_of_the_folder_is_refused(path):
    with pytest.raises(ValueError, match="no relative path"):
        render_index([entry("5月1日", date(2023, 5, 2), links={"html": path})])


def test_hostile_text_is_text():
    made = [entry(text, date(2023, 5, 2), in_time=text, number=i) for i, text in enumerate(HOSTILE)]
    page = render_index(made, HOSTILE[0])
    root = html.document_fromstring(page)
    assert sorted(texts(row)[1] for row in rows(page)) == sorted(
        clean(text, CELL).strip() for text in HOSTILE
    )
    assert root.find_class("office")[0].text == clean(HOSTILE[0])
    assert len(root.findall(".//script")) == 1
    assert not root.xpath("//img")


def test_the_policy_allows_only_our_own_style_and_script():
    page = render_index(several()).decode()
    (policy,) = html.document_fromstring(page.encode()).xpath(
        "//meta[@http-equiv='Content-Security-Policy']/@content"
    )
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        inside = page.split(f"<{name}>", 1)[1].split(f"</{name}", 1)[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_without_a_script_the_list_is_whole_and_the_filter_is_not_shown():
    root = html.document_fromstring(render_index(several()))
    (form,) = root.xpath("//form")
    assert "hidden" in form.attrib
    assert not [row for row in rows(render_index(several())) if "hidden" in row.attrib]


def test_no_reports_are_said_to_be_none():
    root = html.document_fromstring(render_index([]))
    assert "hidden" not in root.get_element_by_id("none").attrib
    filled = html.document_fromstring(render_index(several()))
    assert "hidden" in filled.get_element_by_id("none").attrib
