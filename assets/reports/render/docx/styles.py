"""The named styles that a template must have, and the ids by which a document refers to them.

The office may change them in Word. Word gives styles new ids when it saves, so they are always
found by name.
"""

from lxml import etree

from assets.core import HotlineError
from assets.reports.render.docx.package import NUMBERING, STYLES, W, WordPackage

HEADING, FINDING, BODY, POINT = "heading 1", "报告结论", "报告正文", "报告要点"
CAPTION, PICTURE, NOTE, HEAT = "报告表题", "报告图", "报告注", "报告热图"
# Head, text, short words and numbers of a table, and of one with many columns.
USUAL = ("报告表头", "报告表文", "报告表词", "报告表数")
DENSE = ("报告密表头", "报告密表文", "报告密表词", "报告密表数")
FACT, CORRECTION = "报告说明", "报告更正"
GOOD, BAD, GRID = "报告向好", "报告需关注", "报告表格"
NEEDED = (
    HEADING, FINDING, BODY, POINT, CAPTION, PICTURE, NOTE, HEAT, *USUAL, *DENSE, FACT, CORRECTION,
    GOOD, BAD, GRID,
)  # fmt: skip
_VALUE = f"{{{W}}}val"


class Styles:
    """The styles of one template.

    Args:
        package: the template.

    Raises:
        HotlineError: a style is missing.
    """

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        styles = package.xml(STYLES)
        found = {}
        for style in styles.iterchildren(f"{{{W}}}style"):
            name = style.find(f"{{{W}}}name")
            if name is not None:
                # Word writes the names of its own styles small, WPS not always.
                found[name.get(_VALUE, "").lower()] = style
        if missing := [name for name in NEEDED if name not in found]:
            raise HotlineError(
                f"Word 模板“{package.name}”缺少样式“{'”“'.join(missing)}”，"
                "请从自带模板复制同名样式，或以自带模板为底稿重做。"
            )
        self._ids = {name: str(found[name].get(f"{{{W}}}styleId")) for name in NEEDED}
        numbered = found[POINT].find(f".//{{{W}}}numId")
        self._list = None if numbered is None else numbered.get(_VALUE)

    def id(self, name: str) -> str:
        """Id of a style."""
        return self._ids[name]

    def new_list(self) -> str:
        """Properties that let a list of points begin at one; empty where points have no numbers."""
        if self._list is None or NUMBERING not in self._package.parts:
            return ""
        numbering = self._package.xml(NUMBERING)
        number = f"{{{W}}}num"
        nums = numbering.findall(number)
        source = next((n for n in nums if n.get(f"{{{W}}}numId") == self._list), None)
        if source is None:
            return ""
        key = str(max(int(n.get(f"{{{W}}}numId", "0")) for n in nums) + 1)
        made = etree.Element(number, {f"{{{W}}}numId": key})
        made.append(etree.fromstring(etree.tostring(source[0])))
        level = etree.SubElement(made, f"{{{W}}}lvlOverride", {f"{{{W}}}ilvl": "0"})
        etree.SubElement(level, f"{{{W}}}startOverride", {_VALUE: "1"})
        nums[-1].addnext(made)
        self._package.put(NUMBERING, numbering)
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{key}"/></w:numPr>'
