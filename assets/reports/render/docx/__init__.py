"""A report as a Word document, in a template that the office owns and edits in Word.

A template may name tags, in double braces: 标题, 期间, 单位, 期号, 印发日期, 统计期间, 数据截至,
数据版本, 数据完整性, 率的口径. And parts, in double brackets, each a paragraph of its own: the
name of a section, 更正 (late issue and corrections; nothing in a usual one), 说明 (what to know
about the data), and * for all that has no place of its own.
"""

from pathlib import Path

from assets.core import HotlineError, disk_sentence
from assets.reports.content import Report, Stamp
from assets.reports.render import masthead
from assets.reports.render.docx.charts import Charts
from assets.reports.render.docx.package import DOCUMENT, W, WordPackage
from assets.reports.render.docx.styles import Styles
from assets.reports.render.docx.template import Content, fill
from assets.reports.render.docx.writer import Writer
from assets.reports.render.text import clean

TEMPLATES = Path(__file__).parent / "templates"
_FACTS = ("期号", "印发日期", "统计期间", "数据截至", "数据版本", "数据完整性", "率的口径")
_A4_TEXT = 8_845  # twentieths of a point: 156 mm


def render_docx(report: Report, stamp: Stamp, *, template: Path | None = None) -> bytes:
    """Render a report as a Word document.

    Args:
        report: what it says.
        stamp: what issuing adds; its date is the document's date, so the bytes depend on nothing
            else.
        template: the office's own; the built-in one of the kind of report otherwise.

    Returns:
        The bytes of the .docx file.

    Raises:
        HotlineError: the template cannot be used; one sentence says what to change.
    """
    package = _open(template, report.period.kind)
    charts = Charts(stamp.issued_at, package)
    writer = Writer(Styles(package), charts, _text_width(package))
    fill(package, _content(report, stamp, writer))
    charts.place()
    package.describe(
        clean(f"{report.period.title}{report.title}"),
        clean(report.organisation),
        f"{stamp.issued_at:%Y-%m-%dT%H:%M:%S}Z",
    )
    return package.save()


def _open(template: Path | None, kind: str) -> WordPackage:
    if template is None:
        return WordPackage((TEMPLATES / f"{kind}.docx").read_bytes(), "自带模板")
    try:
        return WordPackage(template.read_bytes(), template.name)
    except OSError as error:
        raise HotlineError(f"Word 模板读不到：{disk_sentence(error)}") from None


def _content(report: Report, stamp: Stamp, writer: Writer) -> Content:
    tags = {"标题": report.title, "期间": report.period.title, "单位": report.organisation}
    tags |= dict.fromkeys(_FACTS, "") | dict(masthead.facts(report, stamp))
    parts = {"更正": writer.corrections(stamp)}
    parts |= {section.name: writer.section(section) for section in report.sections}
    parts["说明"] = writer.facts(report, stamp)
    topics = {section.name: clean(section.topic) for section in report.sections}
    return Content(tags, parts, {"更正": "补发与更正", **topics, "说明": "数据说明"})


def _text_width(package: WordPackage) -> int:
    """Width of the text on the template's page, in twentieths of a point."""
    page = package.xml(DOCUMENT).find(f"{{{W}}}body/{{{W}}}sectPr")
    size = None if page is None else page.find(f"{{{W}}}pgSz")
    margins = None if page is None else page.find(f"{{{W}}}pgMar")
    if size is None or margins is None:
        return _A4_TEXT
    wide, left, right = (
        int(float(element.get(f"{{{W}}}{name}", "0")))
        for element, name in ((size, "w"), (margins, "left"), (margins, "right"))
    )
    return max(wide - left - right, 1_000)
