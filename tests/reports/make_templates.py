"""Build the built-in Word templates: `python -m tests.reports.make_templates`.

The page, the head, where parts stand, and the styles, fonts and numbering in the shape of an
official document (GB/T 9704-2012). Whoever changes it runs it and commits the files; an office that
wants its own takes one of them, edits it in Word, and names it in hotline.toml.
"""

from assets.core import write_bytes
from assets.reports.render.docx import TEMPLATES, styles
from assets.reports.render.docx.package import W, zipped
from schemas.reports import KINDS

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN, _WORD, _THEME = "application/vnd.openxmlformats-officedocument", "wordprocessingml", "theme"
_PARTS = {
    "rIdStyles": "styles", "rIdSettings": "settings", "rIdNumbering": "numbering",
    "rIdFonts": "fontTable", "rIdTheme": "theme", "rIdOdd": "footer1", "rIdEven": "footer2",
}  # fmt: skip
FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
_LATIN = "Times New Roman"
_FALLBACKS = {
    FANG: "仿宋", KAI: "楷体", TITLE: "方正小标宋_GBK,华文中宋,宋体", HEI: "SimHei", SONG: "SimSun",
}  # fmt: skip
RED, BLUE, GREY = "C8102E", "1F4E79", "5B6570"
_EXACT = 'w:lineRule="exact"'
# Half points of the text and twentieths between lines: size 3 and 22 lines a page as the standard
# has it; a daily is read at a glance and stays short.
_TEXT, _DAILY = (32, 560), (28, 480)
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F4E79", "lt2": "E4ECF5", "accent1": "1F5FA8",
    "accent2": "E08A1E", "accent3": "1B7F4B", "accent4": "C00000", "accent5": "5B6570",
    "accent6": "C3CFDD", "hlink": "1F5FA8", "folHlink": "5B6570",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_EAST = {"major": "黑体", "minor": "仿宋_GB2312"}


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


def fonts_xml() -> str:
    """The fonts, with what Word takes where the office has not got one."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _FALLBACKS.items()
    )
    return f'<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


def numbering_xml() -> str:
    """一、 for headings, 1. for points."""
    return (
        f'<w:numbering xmlns:w="{W}">'
        + _numbers(0, "chineseCountingThousand", "%1、", "Heading1")
        + _numbers(1, "decimal", "%1．", "ReportPoint")
        + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        + "</w:numbering>"
    )


def _numbers(key: int, form: str, text: str, style: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="{style}"/><w:suff w:val="nothing"/><w:lvlText w:val="{text}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:firstLineChars="200" '
        'w:firstLine="640"/></w:pPr></w:lvl></w:abstractNum>'
    )


def styles_xml(kind: str) -> str:
    """The styles of a kind of report: those that reports need, and those of the head."""
    size, line = _DAILY if kind == "daily" else _TEXT
    body = f'<w:spacing w:line="{line}" {_EXACT}/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_font(FANG)}<w:sz w:val="32"/>'
        '<w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    table = (
        '<w:tblPr><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
    )
    return (
        f'<w:styles xmlns:w="{W}">{defaults}'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:qFormat/><w:pPr>{body}<w:jc w:val="both"/></w:pPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name '
        f'w:val="Normal Table"/><w:semiHidden/>{table}</w:style>'
        + "".join(_paragraphs(size, body))
        + _character(styles.GOOD, "ReportGood", "1B7F4B")
        + _character(styles.BAD, "ReportBad", "C00000", "<w:b/><w:bCs/>")
        + _grid()
        + "</w:styles>"
    )


def _paragraphs(size: int, body: str) -> list[str]:
    keep, centre, right = "<w:keepNext/>", '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
    left = '<w:jc w:val="left"/>'
    cell, dense = _tight(20, 20, 280), _tight(10, 10, 220)
    rule = _border("bottom", RED, 18, 6)
    tab = '<w:tabs><w:tab w:val="right" w:pos="8845"/></w:tabs>'
    single = '<w:spacing w:line="240" w:lineRule="auto"/>'
    side = '<w:ind w:left="70" w:right="70"/>'
    return [
        _style(styles.HEADING, "Heading1", HEI, size,
               f'{keep}<w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:before="160" '
               f'w:line="560" {_EXACT}/>{_INDENT}<w:outlineLvl w:val="0"/>'),
        _style(styles.FINDING, "ReportFinding", KAI, size, f"{keep}{body}{_INDENT}",
               "<w:b/><w:bCs/>"),
        _style(styles.BODY, "ReportBody", FANG, size, f"{body}{_INDENT}"),
        _style(styles.POINT, "ReportPoint", FANG, size,
               f'<w:numPr><w:numId w:val="2"/></w:numPr>{body}{_INDENT}'),
        _style(styles.CAPTION, "ReportCaption", HEI, 24,
               f'{keep}<w:spacing w:before="160" w:after="60" w:line="360" {_EXACT}/>{centre}'),
        # Lines of a fixed height would cut a chart off.
        _style(styles.PICTURE, "ReportPicture", FANG, 21,
               f"{keep}{single}{centre}"),
        _style(styles.NOTE, "ReportNote", KAI, 19,
               f'<w:spacing w:before="40" w:line="280" {_EXACT}/>{left}', colour=GREY),
        _style(styles.HEAT, "ReportHeat", SONG, 16, _tight(0, 0, 228) + centre),
        *(
            _style(name, f"Report{key}{what}", font, size, f"{kept}{spaced}{side}{where}")
            for names, key, size, spaced in (
                (styles.USUAL, "Table", 21, cell), (styles.DENSE, "Dense", 17, dense)
            )
            for name, (what, font, kept, where) in zip(names, (
                ("Head", HEI, keep, centre), ("Text", SONG, "", left),
                ("Word", SONG, "", centre), ("Number", SONG, "", right),
            ), strict=True)
        ),
        _style(styles.FACT, "ReportFact", FANG, 24,
               f'{keep}{_border("top", "7F7F7F", 6, 3, "bottom")}<w:spacing w:line="400" {_EXACT}/>'
               f"{left}"),
        _style(styles.CORRECTION, "ReportCorrection", KAI, 28,
               f'{_border("left", RED, 24, 8)}<w:spacing w:line="480" {_EXACT}/>'
               '<w:ind w:left="240"/>', colour=RED),
        _style("报头", "ReportMasthead", TITLE, 56,
               f'<w:spacing w:before="240" w:after="60" w:line="900" {_EXACT}/>{centre}',
               colour=RED),
        _style("报头期号", "ReportNumber", FANG, 32, f"{body}{centre}"),
        _style("报头栏", "ReportLine", FANG, 32,
               f"{rule}{tab}<w:spacing w:after=\"320\" w:line=\"560\" {_EXACT}/>{left}"),
        _style("公文标题", "ReportTitle", TITLE, 44,
               f'<w:spacing w:before="120" w:after="280" w:line="640" {_EXACT}/>{centre}'),
        _style("版记", "ReportImprint", FANG, 28,
               f'{_border("top", "000000", 8, 2, "bottom")}{tab}<w:spacing w:before="120" '
               f'w:line="480" {_EXACT}/>{left}'),
        _style("header", "Header", FANG, 18, f"{single}{centre}"),
        _style("footer", "Footer", SONG, 28, f"{single}{right}"),
    ]  # fmt: skip


def _style(
    name: str,
    key: str,
    font: str,
    half_points: int,
    paragraph: str,
    more: str = "",
    colour: str = "",
) -> str:
    ink = f'<w:color w:val="{colour}"/>' if colour else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{_font(font)}'
        f'{more}{ink}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


def _character(name: str, key: str, colour: str, more: str = "") -> str:
    return (
        f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/><w:qFormat/>'
        f'<w:rPr>{more}<w:color w:val="{colour}"/></w:rPr></w:style>'
    )


def _grid() -> str:
    def line(side: str, size: int, colour: str) -> str:
        return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'

    borders = line("top", 12, BLUE) + line("bottom", 12, BLUE) + line("insideH", 4, "C9D1DA")
    return (
        f'<w:style w:type="table" w:styleId="ReportGrid"><w:name w:val="{styles.GRID}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>"
        '<w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
        f"{line('bottom', 8, BLUE)}</w:tcBorders>"
        '<w:shd w:val="clear" w:color="auto" w:fill="E4ECF5"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{name}" w:cs="{_LATIN}"/>'


def _tight(before: int, after: int, line: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" {_EXACT}/>'


def _border(side: str, colour: str, size: int, space: int, other: str = "") -> str:
    lines = "".join(
        f'<w:{each} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'
        for each in filter(None, (side, other))
    )
    return f"<w:pBdr>{lines}</w:pBdr>"


def theme_xml() -> str:
    """The theme."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS.items()
    )
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{_LATIN}"/><a:ea typeface="{east}"/>'
        f'<a:cs typeface=""/></a:{kind}Font>'
        for kind, east in _EAST.items()
    )
    lines = f'<a:ln w="9525">{_FILL}</a:ln>'
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="报告">'
        f'<a:themeElements><a:clrScheme name="报告">{colours}</a:clrScheme>'
        f'<a:fontScheme name="报告">{fonts}</a:fontScheme><a:fmtScheme name="报告">'
        f"<a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{lines * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effects * 3}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}"
        "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


if __name__ == "__main__":
    for each in KINDS:
        write_bytes(TEMPLATES / f"{each}.docx", template(each))
