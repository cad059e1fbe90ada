"""A Word file as the parts in its zip: read, add to, write the same bytes for the same parts."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from assets.core import HotlineError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT, STYLES, NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
_CORE, _CORE_TYPE = "docProps/core.xml", "core-properties+xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_METADATA = f"{_RELATIONS_NS}/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DATE = (1980, 1, 1, 0, 0, 0)
_MOST = 64 << 20  # bytes unpacked: no letterhead is larger
# An instruction in a template is for nobody; our own mark where a part goes (`template`).
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)


class WordPackage:
    """The parts of a Word file.

    Args:
        content: the bytes of the file.
        name: of the file, for sentences.

    Attributes:
        parts: content by name.
        name: of the file.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(info.file_size for info in archive.infolist()) > _MOST:
                    raise HotlineError(f"Word 模板“{name}”解开后超过 64 MB，请删去其中的大图片。")
                self.parts = {info.filename: archive.read(info) for info in archive.infolist()}
        except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError):
            raise self._no_docx() from None
        if missing := {DOCUMENT, STYLES, _TYPES, _RELATIONS} - set(self.parts):
            raise self._no_docx(f"缺少 {min(missing)}，")

    def _no_docx(self, why: str = "") -> HotlineError:
        return HotlineError(
            f"“{self.name}”不是 Word 文档（.docx），{why}"
            "请用 Word 或 WPS 打开后另存为“Word 文档（*.docx）”。"
        )

    def xml(self, part: str) -> etree._Element:
        """A part, parsed."""
        try:
            root = etree.fromstring(self.parts[part], _PARSER)
        except etree.XMLSyntaxError:
            raise self._no_docx(f"{part} 已损坏，") from None
        if root.getroottree().docinfo.doctype:
            raise self._no_docx(f"{part} 含有不允许的声明，")
        return root

    def put(self, part: str, root: etree._Element) -> None:
        """Replace a part."""
        self.parts[part] = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )

    def add(
        self, parts: dict[str, bytes], types: dict[str, str], relations: dict[str, str]
    ) -> None:
        """Add parts that the document refers to.

        Args:
            parts: content by name.
            types: content type by name of part.
            relations: id of a relation of the document, and `kind target`.
        """
        self.parts |= parts
        content_types = self.xml(_TYPES)
        for name, kind in types.items():
            override = etree.SubElement(content_types, f"{{{_TYPES_NS}}}Override")
            override.set("PartName", f"/{name}")
            override.set("ContentType", kind)
        self.put(_TYPES, content_types)
        links = self.xml(_RELATIONS)
        for key, relation in relations.items():
            kind, target = relation.split(" ")
            etree.SubElement(
                links, f"{{{_RELATIONS_NS}}}Relationship", Id=key, Type=f"{_OFFICE}/{kind}",
                Target=target,
            )  # fmt: skip
        self.put(_RELATIONS, links)

    def describe(self, title: str, author: str, moment: str) -> None:
        """Write title, author and date of the document, in place of the template's."""
        self.parts[_CORE] = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
            'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
            "</cp:coreProperties>"
        ).encode()
        types, links = self.parts[_TYPES].decode(), self.parts["_rels/.rels"].decode()
        if _CORE_TYPE not in types:
            kind = quoteattr(f"application/vnd.openxmlformats-package.{_CORE_TYPE}")
            added = f'<Override PartName="/{_CORE}" ContentType={kind}/></Types>'
            self.parts[_TYPES] = types.replace("</Types>", added).encode()
        if _METADATA not in links:
            added = f'<Relationship Id="rIdCore" Type="{_METADATA}" Target="{_CORE}"/>'
            added += "</Relationships>"
            self.parts["_rels/.rels"] = links.replace("</Relationships>", added).encode()

    def save(self) -> bytes:
        """The file."""
        return zipped(self.parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of parts, the list of their types first, without the time of day."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda part: (part != _TYPES, part)):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return file.getvalue()
