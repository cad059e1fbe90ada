"""Pages in a real browser: silent, locked, readable on every screen, and usable by keyboard."""

import base64
import io
import unicodedata
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from assets.reports.issue.index import index_page
from assets.reports.issue.ledger import Entry
from assets.reports.render.html import render_html
from tests.reports.browser import CHROMEDRIVER, CHROMIUM, DESKTOP, MISSING, PHONE, Browser
from tests.reports.office import entry
from tests.reports.report_samples import (
    hostile_report,
    hostile_stamp,
    plain_report,
    stamp,
)

pytestmark = pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason=MISSING)
PAGES = ("plain", "hostile", "index")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    started = Browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "plain": render_html(plain_report(), stamp()),
        "hostile": render_html(hostile_report(), hostile_stamp()),
        "index": index_page(entries(), "示例市12345政务服务便民热线中心"),
    }
    for name, content in made.items():
        (folder / f"{name}.html").write_bytes(content)
    return {name: folder / f"{name}.html" for name in made}


def entries() -> list[Entry]:
    days = [entry("daily", f"2023-05-{day:02d}", number=120 + day) for day in range(1, 32)]
    return [*days, entry("monthly", "2023-05", number=5, backfilled=True)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_silent_asks_for_nothing_and_fits(browser, pages, name, size, dark):
    browser.open(pages[name], size=size, dark=dark)
    assert browser.complaints == []
    assert browser.requests == [pages[name].as_uri()]
    assert browser.wider_than_screen <= 0
    assert browser.different_lines > 100
    assert browser.driver.title != "pwned"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["plain", "index"])
def test_every_text_stands_out_from_what_is_behind_it(browser, pages, name, dark):
    browser.open(pages[name], dark=dark)
    for details in browser.driver.find_elements(By.TAG_NAME, "details"):
        browser.driver.execute_script("arguments[0].open = true", details)
    assert browser.pale(4.5) == []
    assert browser.pale(30) != []  # no contrast reaches 30: the measure does measure


def test_what_gets_onto_a_page_still_cannot_run_or_ask(browser, pages):
    browser.open(pages["plain"])
    title = browser.driver.title
    browser.driver.execute_script(
        """
        const code = document.createElement('script');
        code.textContent = "document.title = 'pwned'";
        document.body.append(code);
        document.body.insertAdjacentHTML('beforeend',
          '<img src="http://example.invalid/x" onerror="document.title=\\'pwned\\'">');
        """
    )
    asked = browser.driver.execute_async_script(
        "const done = arguments[0];"
        "fetch('http://example.invalid/y').then(() => done('asked'), () => done('refused'))"
    )
    assert asked == "refused"
    assert browser.driver.title == title
    # Refused by the policy, and not only because nothing answers there.
    assert sum("Content Security Policy" in each for each in browser.complaints) >= 3


def column(browser: Browser, table: str, at: int) -> list[str]:
    cells = browser.driver.find_elements(By.XPATH, f"{table}/tbody/tr/*[{at}]")
    return [each.text.removeprefix("▶") for each in cells]


def test_a_table_sorts_by_mouse_and_by_keyboard(browser, pages):
    browser.open(pages["plain"])
    days = "//table[caption='逐日话务']"
    head = browser.driver.find_element(By.XPATH, f"{days}/thead/tr/th[2]")
    before = column(browser, days, 2)
    figures = sorted((int(each) for each in before[:-1] if each != "—"), reverse=True)
    assert head.get_attribute("aria-sort") == "none"

    head.click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(browser, days, 2) == [*map(str, figures), "—", "16,902"]

    head.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(browser, days, 2) == [*map(str, reversed(figures)), "—", "16,902"]

    browser.driver.find_element(By.XPATH, f"{days}/thead/tr/th[1]").click()
    assert head.get_attribute("aria-sort") == "none"
    assert column(browser, days, 1) == [*(f"5月{day}日" for day in range(1, 32)), "合计"]


def test_the_first_stop_of_the_keyboard_leads_to_the_content(browser, pages):
    browser.open(pages["plain"])
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    link = browser.driver.switch_to.active_element
    assert link.text == "跳到正文"
    assert link.location["x"] >= 0
    link.send_keys(Keys.ENTER)
    assert browser.driver.switch_to.active_element.get_attribute("id") == "main"


def shown(browser: Browser) -> list[str]:
    rows = browser.driver.find_elements(By.CSS_SELECTOR, "#list tr")
    return [row.find_element(By.TAG_NAME, "th").text for row in rows if row.is_displayed()]


def test_the_list_narrows_by_kind_and_by_words(browser, pages):
    browser.open(pages["index"])
    find = browser.driver.find_element
    assert len(shown(browser)) == 32
    assert shown(browser)[0] == "2023年5月"

    find(By.XPATH, "//label[span='日报']").click()
    assert len(shown(browser)) == 31
    find(By.ID, "words").send_keys("星期三 按时")
    wednesdays = [f"2023年5月{day}日（星期三）" for day in (31, 24, 17, 10, 3)]
    assert shown(browser) == wednesdays
    assert find(By.ID, "found").text == "5 份"

    find(By.XPATH, "//label[span='月报']").click()
    assert shown(browser) == []
    assert find(By.ID, "none").is_displayed()
    find(By.ID, "words").clear()
    find(By.ID, "words").send_keys("补发")
    assert shown(browser) == ["2023年5月"]


def test_on_paper_heads_repeat_and_what_needs_a_screen_is_gone(browser, pages):
    browser.open(pages["plain"])
    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    paper = PdfReader(io.BytesIO(base64.b64decode(made["data"])))
    # A font may draw 月 with the glyph of the radical; a reader sees no difference.
    papers = [unicodedata.normalize("NFKC", each.extract_text()) for each in paper.pages]
    assert 4 <= len(papers) <= 8
    assert "12345热线运行月报" in papers[0]
    assert "话务接通率" in papers[0]
    with_days = [each for each in papers[1:] if "5月2日" in each or "5月31日" in each]
    assert len(with_days) == 2
    assert all("接通数" in each for each in with_days)
    together = "".join(papers)
    assert "图中数据" not in together
    assert "↕" not in together
    assert "跳到正文" not in together
