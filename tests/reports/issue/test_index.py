"""The list of reports: newest first, relative links, and nothing that can act or reach out."""

import base64
import hashlib
import random
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from lxml import html

from assets.reports.issue.index import index_page
from assets.reports.issue.ledger import Entry
from assets.reports.render.text import CELL, clean
from tests.reports.hostile import HOSTILE
from tests.reports.office import entry


def several() -> list[Entry]:
    return [
        *(entry("daily", f"2023-05-{27 + i}", number=147 + i) for i in range(5)),
        entry("monthly", "2023-05", number=5),
        entry("monthly", "2023-05", number=5, revision=2, backfilled=True),
        entry("annual", "2023"),
        entry("daily", "2023-06-04"),
    ]


def rows(page: bytes) -> list[html.HtmlElement]:
    return html.document_fromstring(page).xpath("//tbody[@id='list']/tr")


def texts(row: html.HtmlElement) -> list[str]:
    return [each.text_content().strip() for each in row]


def test_the_newest_period_stands_first_and_longer_periods_before_days():
    found = [texts(row)[:3] for row in rows(index_page(several()))]
    assert found[:5] == [
        ["年报", "2023年", "第1期"],
        ["月报", "2023年5月", "第5期 第2版"],
        ["月报", "2023年5月", "第5期 已有更正版"],
        ["日报", "2023年6月4日（星期日）", "第1期"],
        ["日报", "2023年5月31日（星期三）", "第151期"],
    ]
    assert len(found) == 9


def test_an_entry_says_when_it_was_issued_and_due_and_whether_in_time():
    made = entry("daily", "2023-05-01", backfilled=True)
    (row,) = rows(index_page([made]))
    assert texts(row)[3:6] == ["2024年2月1日", "2023年5月2日", "补发"]
    assert [each.text for each in row.iter("a")] == ["网页", "PDF", "Word", "Excel"]


def test_a_week_that_began_on_a_sunday_keeps_its_title():
    made = entry("weekly", "2023-05-22")
    sunday = replace(made, period="2023-05-21", first=date(2023, 5, 21), last=date(2023, 5, 27))
    assert texts(rows(index_page([sunday]))[0])[1] == "2023年5月21日至27日"


def test_the_order_of_the_entries_does_not_matter():
    shuffled = several()
    random.Random(7).shuffle(shuffled)
    assert index_page(shuffled) == index_page(several())


def test_links_are_relative_and_lead_to_the_named_file():
    made = entry("daily", "2023-05-01", path="reports/日报 #1?")
    link = next(rows(index_page([made]))[0].iter("a"))
    assert link.get("href").isascii()
    assert unquote(link.get("href")) == "日报 #1?/2023-05-01_日报.html"
    assert "#" not in link.get("href")
    script = entry("daily", "2023-05-01", path="reports/javascript:alert(1)")
    link = next(rows(index_page([script]))[0].iter("a"))
    assert ":" not in link.get("href")


@pytest.mark.parametrize(
    "path",
    ["/etc", "../x", "a//b", "//host/x", "\\\\host\\x", "a/../b", "", "http://x"],
)
def test_a_link_out_of_the_folder_is_refused(path):
    with pytest.raises(ValueError, match="no relative path"):
        index_page([entry("daily", "2023-05-01", path=path)])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text):
    root = html.document_fromstring(index_page(several(), text))
    assert root.find_class("office")[0].text_content() == clean(text, CELL)
    assert len(root.findall(".//script")) == 1
    assert not root.xpath("//img")


def test_the_policy_allows_only_our_own_style_and_script():
    page = index_page(several()).decode()
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
    root = html.document_fromstring(index_page(several()))
    (form,) = root.xpath("//form")
    assert "hidden" in form.attrib
    assert not [row for row in rows(index_page(several())) if "hidden" in row.attrib]


def test_no_reports_are_said_to_be_none():
    root = html.document_fromstring(index_page([]))
    assert "hidden" not in root.get_element_by_id("none").attrib
    filled = html.document_fromstring(index_page(several()))
    assert "hidden" in filled.get_element_by_id("none").attrib
