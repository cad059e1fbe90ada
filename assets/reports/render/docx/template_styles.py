"""Styles, fonts and numbering of the built-in templates, in the shape of an official document.

Belongs here: sizes, fonts and spacing by GB/T 9704-2012. The office changes them in Word; these
are what it begins with.
"""

from assets.reports.render.docx import look
from assets.reports.render.docx.package import W

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
        + _character(look.GOOD, "ReportGood", "1B7F4B")
        + _character(look.BAD, "ReportBad", "C00000", "<w:b/><w:bCs/>")
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
        _style(look.HEADING, "Heading1", HEI, size,
               f'{keep}<w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:before="160" '
               f'w:line="560" {_EXACT}/>{_INDENT}<w:outlineLvl w:val="0"/>'),
        _style(look.FINDING, "ReportFinding", KAI, size, f"{keep}{body}{_INDENT}",
               "<w:b/><w:bCs/>"),
        _style(look.BODY, "ReportBody", FANG, size, f"{body}{_INDENT}"),
        _style(look.POINT, "ReportPoint", FANG, size,
               f'<w:numPr><w:numId w:val="2"/></w:numPr>{body}{_INDENT}'),
        _style(look.CAPTION, "ReportCaption", HEI, 24,
               f'{keep}<w:spacing w:before="160" w:after="60" w:line="360" {_EXACT}/>{centre}'),
        # Lines of a fixed height would cut a chart off.
        _style(look.PICTURE, "ReportPicture", FANG, 21,
               f"{keep}{single}{centre}"),
        _style(look.NOTE, "ReportNote", KAI, 19,
               f'<w:spacing w:before="40" w:line="280" {_EXACT}/>{left}', colour=GREY),
        _style(look.HEAT, "ReportHeat", SONG, 16, _tight(0, 0, 228) + centre),
        *(
            _style(name, f"Report{key}{what}", font, size, f"{kept}{spaced}{side}{where}")
            for names, key, size, spaced in (
                (look.USUAL, "Table", 21, cell), (look.DENSE, "Dense", 17, dense)
            )
            for name, (what, font, kept, where) in zip(names, (
                ("Head", HEI, keep, centre), ("Text", SONG, "", left),
                ("Word", SONG, "", centre), ("Number", SONG, "", right),
            ), strict=True)
        ),
        _style(look.FACT, "ReportFact", FANG, 24,
               f'{keep}{_border("top", "7F7F7F", 6, 3, "bottom")}<w:spacing w:line="400" {_EXACT}/>'
               f"{left}"),
        _style(look.CORRECTION, "ReportCorrection", KAI, 28,
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


def _style(  # noqa: PLR0917 - a row of the table above
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
        f'<w:style w:type="table" w:styleId="ReportGrid"><w:name w:val="{look.GRID}"/>'
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
