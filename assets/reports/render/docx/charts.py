"""Native charts of a document: what Word draws, and the workbook behind "edit data".

xlsxwriter writes a chart for a workbook; Word wants the same markup with a few differences.
"""

import io
import re
import zipfile
from datetime import datetime
from xml.sax.saxutils import quoteattr

import xlsxwriter

from assets.reports.content import Chart
from assets.reports.render.docx.package import WordPackage
from assets.reports.render.native_charts import NUMBER_FORMATS, native_chart
from assets.reports.render.page_layout import chart_heads
from assets.reports.render.text import clean

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PLACE = "word/charts/report"
_TWIP, _MM = 635, 36_000  # EMU
_HEIGHT, _BAR, _HIGHEST = 60, 7, 150  # millimetres
_FIRST_ID = 9_000  # of a drawing, above those of a template


class Charts:
    """Collects the charts of one document.

    Args:
        made: date of the workbooks behind them.
        package: the template; one made from an issued report has charts of its own.
    """

    def __init__(self, made: datetime, package: WordPackage) -> None:
        self._package = package
        self._first = 1 + sum(name.startswith(_PLACE) for name in package.parts)
        self._made = made.replace(tzinfo=None, microsecond=0)
        self._charts: list[Chart] = []

    def add(self, chart: Chart, width: int) -> str:
        """The place of a chart in the text, `width` twentieths of a point wide."""
        self._charts.append(chart)
        number = self._first + len(self._charts) - 1
        height = _HEIGHT
        if chart.shape == "bars":
            height = min(_BAR * max(len(chart.categories) * len(chart.series), 3) + 6, _HIGHEST)
        words = quoteattr(clean(chart.summary or chart.title))
        return (
            f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" '
            f'distB="0" distL="0" distR="0"><wp:extent cx="{width * _TWIP}" cy="{height * _MM}"/>'
            f'<wp:docPr id="{_FIRST_ID + number}" name="图{number}" descr={words}/>'
            f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData '
            f'uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" '
            f'xmlns:r="{_RELATION}" r:id="rIdChart{number}"/></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing>"
        )

    def place(self) -> None:
        """Add the collected charts and their workbooks to the document."""
        if not self._charts:
            return
        parts: dict[str, bytes] = {}
        types: dict[str, str] = {}
        relations: dict[str, str] = {}
        with zipfile.ZipFile(io.BytesIO(self._book(self._charts, draw=True))) as drawn:
            for at, chart in enumerate(self._charts):
                number = self._first + at
                name, book = f"{_PLACE}{number}.xml", f"report{number}.xlsx"
                parts[name] = _for_word(drawn.read(f"xl/charts/chart{at + 1}.xml").decode())
                parts[f"word/embeddings/{book}"] = self._book([chart], at, draw=False)
                parts[f"word/charts/_rels/report{number}.xml.rels"] = _rels(book)
                types |= {name: _CHART, f"word/embeddings/{book}": _SHEET}
                relations[f"rIdChart{number}"] = f"chart charts/report{number}.xml"
        self._package.add(parts, types, relations)

    def _book(self, charts: list[Chart], skipped: int = 0, *, draw: bool) -> bytes:
        """A workbook with a sheet of figures for each chart."""
        file = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"created": self._made})
            formats = {
                form: book.add_format({"num_format": shown})
                for form, shown in NUMBER_FORMATS.items()
            }
            for number, chart in enumerate(charts, self._first + skipped):
                sheet = book.add_worksheet(f"图{number}")
                for column, head in enumerate(chart_heads(chart)):
                    sheet.write_string(0, column, clean(head))
                for row, name in enumerate(chart.categories, 1):
                    sheet.write_string(row, 0, clean(name))
                    figures = [series.values[row - 1] for series in chart.series]
                    for column, figure in enumerate([*figures, chart.target], 1):
                        if figure is not None and figure.value is not None:
                            sheet.write_number(row, column, figure.value, formats[figure.form])
                if draw:
                    sheet.insert_chart(1, 8, native_chart(book, chart, f"图{number}", 0))
        return file.getvalue()


def _for_word(xml: str) -> bytes:
    """A chart of a workbook as a chart of a document."""
    # Chinese letters have a font of their own here.
    xml = re.sub(
        r'<a:latin typeface="([^"]*)"/>', r'<a:latin typeface="\1"/><a:ea typeface="\1"/>', xml
    )
    xml = re.sub(r"<c:printSettings>.*?</c:printSettings>", "", xml, flags=re.DOTALL)
    # A switch that is absent counts as on, except in Excel.
    off = "".join(
        f'<c:show{what} val="0"/>' for what in ("CatName", "SerName", "Percent", "BubbleSize")
    )
    shown = '<c:showVal val="1"/>'
    xml = xml.replace(shown, f'<c:showLegendKey val="0"/>{shown}{off}')
    # And so with lines, which would be smooth, and with gaps, which would be zero.
    straight = '</c:val><c:smooth val="0"/></c:ser>'
    xml = re.sub(
        r"<c:lineChart>.*?</c:lineChart>",
        lambda found: found[0].replace("</c:val></c:ser>", straight),
        xml,
        flags=re.DOTALL,
    )
    xml = xml.replace("</c:chart><", '<c:dispBlanksAs val="gap"/></c:chart><')
    xml = xml.replace('<c:lang val="en-US"/>', '<c:lang val="zh-CN"/><c:roundedCorners val="0"/>')
    link = '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    return xml.replace("</c:chartSpace>", link).encode()


def _rels(book: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}/package" Target="../embeddings/{book}"/>'
        "</Relationships>"
    ).encode()
