"""Fill a template that the office made in Word: {{ 标题 }} in the text, [[calls]] for a section.

Tags are found however Word has split them. There is no code in a template: a tag names a text, a
paragraph in double brackets names a part, and nothing else exists.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from assets.core import HotlineError
from assets.reports.render.docx.package import DOCUMENT, W, WordPackage
from assets.reports.render.text import PARAGRAPH, clean

REST = "*"
_P, _T, _BODY = f"{{{W}}}p", f"{{{W}}}t", f"{{{W}}}body"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARK = re.compile(
    r"\{\{(?P<tag>.*?)\}\}|\[\[(?P<part>.*?)\]\]|\{%.*?%\}|\{#.*?#\}|\{[{%#]|[%#}]\}"
    r"|\[\[|\]\]"
)
_PLACE = "report"  # of a part, until the document is written
_PLACED = re.compile(rf"<\?{_PLACE} (\d+)\?>".encode())
_OUTSIDE = re.compile(r"word/(header|footer)\d*\.xml")
_SHOWN = 24  # letters of a paragraph in a sentence


@dataclass(frozen=True)
class Content:
    """What a template may name.

    Attributes:
        tags: texts by tag.
        parts: WordprocessingML by name, in the order in which [[*]] places them.
        topics: what the parts are about, by name, for sentences.
    """

    tags: Mapping[str, str]
    parts: Mapping[str, str]
    topics: Mapping[str, str]


def fill(package: WordPackage, content: Content) -> None:
    """Replace all tags and parts of a template.

    Raises:
        HotlineError: the template names what does not exist, or does not place a part.
    """
    for part in sorted(package.parts):
        if _OUTSIDE.fullmatch(part):
            root = package.xml(part)
            _Filler(package.name, content, part).tags(root)
            package.put(part, root)
    root = package.xml(DOCUMENT)
    filler = _Filler(package.name, content, "正文")
    places = filler.tags(root)
    filler.check(places)
    made = [filler.part(name, {other for _, other in places}) for _, name in places]
    for at, (paragraph, _) in enumerate(places):
        _replace(paragraph, etree.ProcessingInstruction(_PLACE, str(at)))
    package.put(DOCUMENT, _with_prefix(root))
    # As text: to parse a thousand cells and move them into the tree takes longer than all else.
    package.parts[DOCUMENT] = _PLACED.sub(
        lambda place: made[int(place[1])].encode(), package.parts[DOCUMENT]
    )


def _with_prefix(root: etree._Element) -> etree._Element:
    """The root of a document in which `w:` means what it means in the parts."""
    if root.nsmap.get("w") == W:
        return root
    renamed = etree.Element(root.tag, root.attrib, nsmap=root.nsmap | {"w": W})
    renamed.extend(root)
    return renamed


class _Filler:
    """Fills one part of the file, and knows how to say where something is wrong."""

    def __init__(self, name: str, content: Content, where: str) -> None:
        self._name, self._content, self._where = name, content, where

    def tags(self, root: etree._Element) -> list[tuple[etree._Element, str]]:
        """Replace the tags; return the paragraphs that name parts."""
        places = []
        for paragraph in list(root.iter(_P)):
            texts = list(_texts(paragraph))
            whole = "".join(text.text or "" for text in texts)
            found = list(_MARK.finditer(whole))
            if not found:
                continue
            if any(mark["part"] is not None for mark in found):
                places.append((paragraph, self._part_name(paragraph, whole)))
                continue
            for mark in reversed(found):
                _put(texts, mark.start(), mark.end(), self._text(mark, whole))
            if not "".join(text.text or "" for text in texts).strip():
                _replace(paragraph)
        return places

    def _part_name(self, paragraph: etree._Element, whole: str) -> str:
        mark = _MARK.fullmatch(whole.strip())
        parent = paragraph.getparent()
        if mark is None or mark["part"] is None or parent is None or parent.tag != _BODY:
            raise self._wrong(whole, "部分标记 [[…]] 要在正文里单独成段，不能放在表格、文本框、"
                              "页眉页脚里，也不能与其他文字同段")  # fmt: skip
        name = str(mark["part"]).strip()
        if name != REST and name not in self._content.parts:
            known = "、".join(f"{key}（{topic}）" for key, topic in self._content.topics.items())
            raise self._wrong(whole, f"报告里没有这个部分，可用的有：{known}，以及 *（其余全部）")
        return name

    def _text(self, mark: re.Match[str], whole: str) -> str:
        if mark["tag"] is None:
            raise self._wrong(whole, f"“{mark[0]}”不是完整的标签，模板只用 {{{{ 名称 }}}} 和 "
                              "[[部分]]，不支持循环、条件和注释")  # fmt: skip
        name = mark["tag"].strip()
        if name not in self._content.tags:
            known = "、".join(self._content.tags)
            raise self._wrong(whole, f"没有名为“{name[:_SHOWN]}”的标签，可用的有：{known}")
        return clean(self._content.tags[name], PARAGRAPH)

    def check(self, places: list[tuple[etree._Element, str]]) -> None:
        """Refuse a template that loses a part, or says one twice."""
        names = [name for _, name in places]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise HotlineError(
                f"Word 模板“{self._name}”里 [[{twice[0]}]] 出现了两次，请只保留一处。"
            )
        missing = [name for name in self._content.parts if name not in names]
        if missing and REST not in names:
            shown = "、".join(f"[[{name}]]（{self._content.topics[name]}）" for name in missing)
            raise HotlineError(
                f"Word 模板“{self._name}”没有放置这些部分：{shown}；"
                "请各加一段标记，或加一段 [[*]] 放置其余全部。"
            )

    def part(self, name: str, placed: set[str]) -> str:
        """The content of a part; of all that have no place of their own for [[*]]."""
        if name != REST:
            return self._content.parts[name]
        return "".join(made for key, made in self._content.parts.items() if key not in placed)

    def _wrong(self, whole: str, what: str) -> HotlineError:
        shown = whole.strip()
        shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
        return HotlineError(
            f"Word 模板“{self._name}”{self._where}的“{shown}”一段：{what}，请在 Word 里改正。"
        )


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The texts of a paragraph, without those of text boxes in it."""
    for text in paragraph.iter(_T):
        if next(text.iterancestors(_P)) is paragraph:
            yield text


def _put(texts: list[etree._Element], start: int, end: int, new: str) -> None:
    """Replace a range of letters that may lie in several texts; the first takes the new ones."""
    at = 0
    for text in texts:
        old = text.text or ""
        first, last = max(start - at, 0), min(end - at, len(old))
        if first < last:
            text.text = old[:first] + new + old[last:]
            text.set(_SPACE, "preserve")
            new = ""
        at += len(old)


def _replace(paragraph: etree._Element, place: etree._Element | None = None) -> None:
    """Put a place in the stead of a paragraph, which stays, empty, where something hangs on it."""
    parent = paragraph.getparent()
    holds = paragraph.find(f"{{{W}}}pPr/{{{W}}}sectPr") is not None
    if place is not None:
        paragraph.addprevious(place)
    if holds:
        for run in list(paragraph)[1:]:
            paragraph.remove(run)
    elif parent is not None and parent.tag == _BODY:
        parent.remove(paragraph)
