"""Build the built-in templates: python -m assets.reports.render.docx.make_templates.

Belongs here: the page, the head, and where parts stand. Whoever changes it runs it and commits the
files; an office that wants its own takes one of them, edits it in Word, and names it in its site.
"""

from assets.core import write_bytes
from assets.reports.render.docx import TEMPLATES
from assets.reports.render.docx.package import W, zipped
from assets.reports.render.docx.template_styles import fonts_xml, numbering_xml, styles_xml
from assets.reports.render.docx.theme import theme_xml
from schemas.reports import KINDS

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN, _WORD, _THEME = "application/vnd.openxmlformats-officedocument", "wordprocessingml", "theme"
_PARTS = {
    "rIdStyles": "styles", "rIdSettings": "settings", "rIdNumbering": "numbering",
    "rIdFonts": "fontTable", "rIdTheme": "theme", "rIdOdd": "footer1", "rIdEven": "footer2",
}  # fmt: skip


def template(kind: str) -> bytes:
    """The built-in template of a kind of report."""
    overrides = {"document": "document.main"}
    overrides |= {part: part.rstrip("12") for part in _PARTS.values()}
    kinds = {part: f"{_WORD}.{form}" for part, form in overrides.items()} | {"theme": _THEME}
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OPEN}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    links = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{part.rstrip("12")}" Target="{part}.xml"/>'
        for key, part in _PARTS.items()
    )
    main = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        f'Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        "</Relationships>",
        "word/document.xml": _document(),
        "word/styles.xml": styles_xml(kind),
        "word/numbering.xml": numbering_xml(),
        "word/fontTable.xml": fonts_xml(),
        "word/theme.xml": theme_xml(),
        "word/settings.xml": f'<w:settings xmlns:w="{W}"><w:evenAndOddHeaders/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/'
        'word" w:val="15"/></w:compat></w:settings>',
        "word/footer1.xml": _footer("right", "rightChars"),
        "word/footer2.xml": _footer("left", "leftChars"),
    }
    return zipped({name: f"{_XML}{xml}".encode() for name, xml in parts.items()})


def _document() -> str:
    lines = (
        ("ReportMasthead", "{{ 标题 }}"),
        ("ReportNumber", "{{ 期号 }}"),
        ("ReportLine", "{{ 单位 }}\t{{ 印发日期 }}"),
        ("ReportTitle", "{{ 期间 }}热线运行情况"),
        ("ReportCorrection", "[[更正]]"),
        ("ReportBody", "[[*]]"),
        ("ReportFact", "[[说明]]"),
        ("ReportImprint", "{{ 单位 }}\t{{ 印发日期 }}印发"),
    )
    # 37, 35, 28 and 26 mm leave 156 by 225 for the text.
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference '
        'w:type="even" r:id="rIdEven"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" '
        'w:right="1474" w:bottom="1985" w:left="1587" w:header="851" w:footer="1417" '
        'w:gutter="0"/><w:cols w:space="425"/></w:sectPr>'
    )
    body = "".join(_paragraph(style, text) for style, text in lines)
    return (
        f'<w:document xmlns:w="{W}" xmlns:r="{_OFFICE}"><w:body>{body}{page}</w:body></w:document>'
    )


def _paragraph(style: str, text: str) -> str:
    runs = "<w:r><w:tab/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>' for part in text.split("\t")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _footer(side: str, indent: str) -> str:
    """The page number between dashes, outside, one letter from the edge of the text."""
    field = (
        '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1'
        '</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    return (
        f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{indent}="100" '
        f'w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{field}</w:p></w:ftr>'
    )


if __name__ == "__main__":
    for each in KINDS:
        write_bytes(TEMPLATES / f"{each}.docx", template(each))
