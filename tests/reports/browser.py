"""A real browser over files: what its console says, what it asks for, and what it shows.

Belongs here: starting Chromium without a window and reading its logs. Needs the programs
`chromium` and `chromedriver`; where they are missing, tests that need them are skipped.
"""

import json
import shutil
import struct
import zlib
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")
MISSING = "Chromium is not installed: apt-get install chromium chromium-driver fonts-noto-cjk"
DESKTOP, PHONE = (1280, 900), (390, 844)

# Every text that a reader sees whose contrast with what lies behind it is below a limit.
_PALE = """
const limit = arguments[0], found = [];
const parse = color => {
  const parts = color.match(/[\\d.]+/g).map(Number);
  return parts.length < 4 ? [...parts, 1] : parts;
};
const light = color => {
  const [r, g, b] = color.slice(0, 3).map(
    v => v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const behind = element => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    layers.unshift(parse(getComputedStyle(each).backgroundColor));
    if (layers[0][3] === 1) break;
  }
  return layers.reduce(
    (under, over) => under.map((v, i) => v * (1 - over[3]) + over[i] * over[3]), [255, 255, 255]);
};
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const element = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
  if (!text || !element.getClientRects().length) continue;
  if (element.closest('.hidden, script, style, title, desc')) continue;
  const style = getComputedStyle(element);
  const ink = light(parse(element.closest('svg') ? style.fill : style.color));
  const ground = light(behind(element));
  const ratio = (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
  if (ratio < limit) found.push([text.slice(0, 20), element.tagName, ratio]);
}
return found;
"""


class Browser:
    """Chromium without a window.

    Args:
        profile: folder for its profile, deleted by the caller.
    """

    def __init__(self, profile: Path) -> None:
        options = Options()
        options.binary_location = CHROMIUM
        for flag in (
            "headless=new", "no-sandbox", "disable-gpu", "disable-background-networking",
            "disable-dev-shm-usage", "no-first-run", "hide-scrollbars",
            f"user-data-dir={profile}", "host-resolver-rules=MAP * ~NOTFOUND",
        ):  # fmt: skip
            options.add_argument(f"--{flag}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))

    def open(self, path: Path, *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> None:
        """Open a file as a reader with a screen of a size does."""
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        width, height = size
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, still]})
        self.driver.get(path.as_uri())

    def quit(self) -> None:
        """End it."""
        self.driver.quit()

    @property
    def complaints(self) -> list[str]:
        """What the console said since the page was opened."""
        return [each["message"] for each in self.driver.get_log("browser")]

    @property
    def requests(self) -> list[str]:
        """What the page asked for, itself included."""
        events = (
            json.loads(each["message"])["message"] for each in self.driver.get_log("performance")
        )
        return [
            each["params"]["request"]["url"]
            for each in events
            if each["method"] == "Network.requestWillBeSent"
        ]

    def pale(self, limit: float) -> list[list[object]]:
        """Texts whose contrast is below a limit: (text, element, ratio)."""
        return self.driver.execute_script(_PALE, limit)

    @property
    def wider_than_screen(self) -> int:
        """By how many pixels the page, not a part of it, would have to be moved sideways."""
        return self.driver.execute_script(
            "return document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )

    @property
    def different_lines(self) -> int:
        """How many different lines of pixels the screen shows: a blank page has few."""
        png = self.driver.get_screenshot_as_png()
        pixels, at = b"", 8
        while at < len(png):
            length, kind = struct.unpack(">I4s", png[at : at + 8])
            if kind == b"IHDR":
                _, height = struct.unpack(">II", png[at + 8 : at + 16])
            elif kind == b"IDAT":
                pixels += png[at + 8 : at + 8 + length]
            at += 12 + length
        raw = zlib.decompress(pixels)
        line = len(raw) // height
        return len({raw[i : i + line] for i in range(0, len(raw), line)})
