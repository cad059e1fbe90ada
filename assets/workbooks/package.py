"""The parts of a workbook: its sheets, the formats of its cells, its shared texts.

ECMA-376: both namespaces (transitional and strict), any prefix, any place of the parts.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from assets.workbooks.number_formats import BUILT_IN, NumberFormat, parse_format

MAIN = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    }
)
_CHUNK = 1 << 18  # bytes
_FIRST_CUSTOM_FORMAT = 164
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


class Refused(Exception):
    """A workbook cannot be read.

    Attributes:
        rule: "workbook_damaged", "workbook_encrypted", "too_large" or "over_memory".
        error: type of the error that the reader met; empty where it knew why.
    """

    def __init__(self, rule: str, error: str = "") -> None:
        """Refuse it for `rule`."""
        super().__init__(rule, error)
        self.rule = rule
        self.error = error


@dataclass(frozen=True)
class Sheet:
    """A sheet as the workbook lists it.

    Attributes:
        name: its name.
        is_visible: neither hidden nor very hidden.
        part: name of the part that holds its cells; empty for a chart.
    """

    name: str
    is_visible: bool
    part: str


@dataclass(frozen=True)
class Book:
    """What a workbook says of all its sheets.

    Attributes:
        sheets: in their order.
        is_1904: its days are counted from 1904.
        recalculates: whoever opens it must calculate anew, since the writer did not.
        formats: number format of each cell style; None where it names one that nobody knows.
        texts: shared texts.
    """

    sheets: tuple[Sheet, ...]
    is_1904: bool
    recalculates: bool
    formats: tuple[NumberFormat | None, ...]
    texts: list[str]


class Package:
    """The parts of a workbook by their names, and how many bytes of them may be unpacked.

    Args:
        file: the workbook.
        limit: the most unpacked bytes that are read.

    Raises:
        Refused: it is no zip file, two parts have one name, or a part is encrypted.
    """

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._left = limit
        self._zip = zipfile.ZipFile(file)
        self._members = {part_name(each.filename): each for each in self._zip.infolist()}
        if len(self._members) < len(self._zip.infolist()):
            raise Refused("workbook_damaged")
        if any(each.flag_bits & 1 for each in self._members.values()):
            raise Refused("workbook_encrypted")

    def parse(self, part: str, start: Start, end: End | None = None) -> None:
        """Read a part to its end, where its checksum is compared.

        Args:
            part: name of the part.
            start: is called with the name and attributes of each element of the main namespace;
                others have their namespace before them.
            end: is called with the name of each element that ends.

        Raises:
            Refused: the part is not there, or unpacks to more than is left of the limit.
        """
        for _ in self.parsed(part, self.parser(start, end)):
            pass

    @staticmethod
    def parser(start: Start, end: End | None = None) -> expat.XMLParserType:
        """A parser of a part; names are as in `parse`."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = _refuse_doctype
        return parser

    def parsed(self, part: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Read a part piece by piece; what the handlers made of a piece can be taken in between.

        Raises:
            Refused: as `parse`.
        """
        member = self._members.get(part_name(part))
        if member is None:
            raise Refused("workbook_damaged")
        with self._zip.open(member) as packed:
            while piece := packed.read(_CHUNK):
                self._left -= len(piece)
                if self._left < 0:
                    raise Refused("too_large")
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
        yield

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> last word of the kind, name of the part."""
        folder, name = posixpath.split(part)
        found = {}

        def start(element: str, attributes: Attributes) -> None:
            if element.endswith(" Relationship") and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rpartition("/")[2]
                target = attributes["Target"].replace("\\", "/")
                found[attributes["Id"]] = kind, posixpath.normpath(posixpath.join(folder, target))

        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found


def part_name(name: str) -> str:
    """The name of a part as parts are told apart."""
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_doctype(*_: object) -> None:
    raise Refused("workbook_damaged")  # the standard forbids it; entities can be made to explode


def local(element: str) -> str:
    """Name of an element of the main namespace; empty for others."""
    space, _, name = element.rpartition(" ")
    return name if space in MAIN else ""


def is_on(flag: str) -> bool:
    """Whether a flag is set."""
    return flag in ("1", "true", "on")


def open_book(package: Package) -> Book:
    """Read everything but the cells.

    Raises:
        Refused: a part that must be there is not, or cannot be read.
    """
    roots = package.relations("")
    main = next((part for kind, part in roots.values() if kind == "officeDocument"), None)
    if main is None:
        raise Refused("workbook_damaged")
    relations = package.relations(main)
    sheets: list[Sheet] = []
    flags = {"date1904": False, "fullCalcOnLoad": False}

    def start(element: str, attributes: Attributes) -> None:
        name = local(element)
        if name == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith("relationships id")]
            kind, part = relations.get(ids[0], ("", "")) if ids else ("", "")
            is_visible = attributes.get("state", "visible") == "visible"
            part = part if kind == "worksheet" else ""
            sheets.append(Sheet(attributes["name"], is_visible, part))
        elif name in ("workbookPr", "calcPr"):
            flags.update({key: is_on(attributes[key]) for key in flags.keys() & attributes.keys()})

    package.parse(main, start)
    parts = dict(relations.values())
    return Book(
        tuple(sheets),
        flags["date1904"],
        flags["fullCalcOnLoad"],
        _formats(package, parts["styles"]) if "styles" in parts else (),
        _texts(package, parts["sharedStrings"]) if "sharedStrings" in parts else [],
    )


def _formats(package: Package, part: str) -> tuple[NumberFormat | None, ...]:
    own: dict[int, str] = {}
    ids: list[int] = []
    inside = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal inside
        name = local(element)
        if name == "numFmt":
            own[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            ids.append(int(attributes.get("numFmtId", "0")))

    def end(element: str) -> None:
        nonlocal inside
        inside = inside and local(element) != "cellXfs"

    package.parse(part, start, end)
    codes = BUILT_IN | own
    return tuple(
        parse_format(codes.get(each, "General"))
        if each in codes or each >= _FIRST_CUSTOM_FORMAT
        else None
        for each in ids
    )


def _texts(package: Package, part: str) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    phonetic = 0

    def start(element: str, _: Attributes) -> None:
        nonlocal phonetic
        name = local(element)
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic += 1
        parser.CharacterDataHandler = pieces.append if name == "t" and not phonetic else None

    def end(element: str) -> None:
        nonlocal phonetic
        parser.CharacterDataHandler = None
        name = local(element)
        if name == "si":
            texts.append(unescaped("".join(pieces)))
        elif name == "rPh":
            phonetic -= 1

    parser = package.parser(start, end)
    for _ in package.parsed(part, parser):
        pass
    return texts


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, such as `_x000D_`."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Two escapes can be the halves of one character; one half alone is none.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
