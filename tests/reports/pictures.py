"""Draw issued reports as PNG files, to be looked at: `python -m tests.reports.pictures`.

Belongs here: turning each form into pictures with the programs that a reader would use: LibreOffice
for Word and Excel, poppler for PDF, Chromium for the page (desktop, dark, phone). What is drawn is
the newest monthly report and its neighbours, or the periods that are asked for.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from assets.core.warehouse import Warehouse
from assets.reports.issue.ledger import Entry, Ledger
from pipelines.config import load_installation
from schemas.reports import KINDS
from tests.reports.browser import CHROMIUM, DESKTOP, PHONE, Browser

_PROGRAMS = {
    "soffice": "libreoffice-writer-nogui libreoffice-calc-nogui",
    "pdftoppm": "poppler-utils",
    "chromedriver": "chromium chromium-driver fonts-noto-cjk",
}
_SCREENS = {
    "desktop": (DESKTOP, False),
    "dark": (DESKTOP, True),
    "phone": (PHONE, False),
}
_DPI = "70"


def newest(warehouse: Warehouse, period: str | None) -> list[Entry]:
    """The last revision of one report of each kind: of a period, or of the newest one."""
    chosen = []
    for kind in KINDS:
        own = [
            each
            for each in Ledger(warehouse).entries
            if each.kind == kind and (not period or period.startswith(each.period[: len(period)]))
        ]
        chosen += sorted(own, key=lambda each: (each.period, each.revision))[-1:]
    return chosen


def draw_pdf(pdf: Path, target: Path) -> None:
    """One picture a page."""
    subprocess.run(["pdftoppm", "-r", _DPI, "-png", pdf, target], check=True)


def draw_office(document: Path, target: Path, scratch: Path) -> None:
    """As LibreOffice lays it out."""
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, document],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    draw_pdf(scratch / f"{document.stem}.pdf", target)


def draw_page(page: Path, target: Path, browser: Browser) -> None:
    """The whole length of a page, on each kind of screen."""
    for name, ((width, _), dark) in _SCREENS.items():
        browser.open(page, size=(width, 900), dark=dark)
        height = browser.driver.execute_script("return document.documentElement.scrollHeight")
        browser.open(page, size=(width, min(int(height), 16_000)), dark=dark)
        browser.driver.save_screenshot(f"{target}-{name}.png")


def main() -> None:
    """Draw and say where."""
    parser = argparse.ArgumentParser(description="Draw issued reports as PNG files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--period", help="beginning of the periods, such as 2023-05")
    options = parser.parse_args()
    if missing := [packages for name, packages in _PROGRAMS.items() if not shutil.which(name)]:
        raise SystemExit(f"Programs are missing: apt-get install {' '.join(missing)}")
    if not CHROMIUM:
        raise SystemExit("Chromium is missing: apt-get install chromium")
    warehouse = load_installation().warehouse
    options.folder.mkdir(parents=True, exist_ok=True)
    entries = newest(warehouse, options.period)
    if not entries:
        raise SystemExit("No such report was issued: run `make demo` first.")
    with tempfile.TemporaryDirectory(prefix="hotline-pictures-") as name:
        browser = Browser(Path(name, "browser"))
        try:
            for entry in entries:
                draw_entry(warehouse.root / entry.path, options.folder, Path(name), browser)
            draw_page(warehouse.reports_index, options.folder / "index-html", browser)
        finally:
            browser.quit()
    print(f"{len(list(options.folder.glob('*.png')))} pictures in {options.folder}")


def draw_entry(issued: Path, folder: Path, scratch: Path, browser: Browser) -> None:
    """All four forms of one report."""
    for document in sorted(issued.iterdir()):
        form = document.suffix[1:]
        target = folder / f"{document.stem}-{form}"
        if form == "pdf":
            draw_pdf(document, target)
        elif form in ("docx", "xlsx"):
            draw_office(document, target, scratch)
        elif form == "html":
            draw_page(document, target, browser)


if __name__ == "__main__":
    main()
