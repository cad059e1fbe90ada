"""Take rows out of a workbook: what is left holds them nowhere, and the others where they were."""

import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from xml.etree import ElementTree as ET

from assets.workbooks.package import Package, open_book, part_name

# What a reader needs; comments, pivot tables, properties and the like may repeat what a row held.
_KEPT = {"Types", "Relationships", "workbook", "worksheet", "chartsheet", "sst", "styleSheet"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_rows(
    raw: bytes, rows: Mapping[int, Collection[int]], hide: Callable[[str], str]
) -> bytes:
    """The workbook without the cells of some rows.

    Args:
        raw: a workbook that was read before.
        rows: position of a sheet -> its rows, from 1; sheets that are not named lose all of theirs.
        hide: what is left of a text that stays.

    Returns:
        Its sheets, texts and formats; the same for the same input.
    """
    sheets = open_book(Package(BytesIO(raw), 1 << 40)).sheets
    parts = _parts(raw)
    used: set[int] = set()
    for at, sheet in enumerate(sheets):
        if (root := parts.get(part_name(sheet.part))) is not None:
            _clear(root, rows.get(at))
            used |= _shared(root)
    for root in parts.values():
        for at, text in enumerate(each for each in root if _name(each) == "si"):
            if at not in used:
                text.clear()
        for each in root.iter():
            if _name(each) == "t" and each.text:
                each.text = hide(each.text)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, root in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), ET.tostring(root, "utf-8"))
    return target.getvalue()


def _parts(raw: bytes) -> dict[str, ET.Element]:
    """The parts that are kept, by their names as they are told apart."""
    found = {}
    with zipfile.ZipFile(BytesIO(raw)) as package:
        for name in package.namelist():
            if name.lower().endswith((".xml", ".rels")):
                # The reader refuses a document type, so no entity can expand.
                root = ET.fromstring(package.read(name))  # noqa: S314
                if _name(root) in _KEPT:
                    found[part_name(name)] = root
    return found


def _name(element: ET.Element) -> str:
    return re.sub("^{.*}", "", str(element.tag))


def _clear(sheet: ET.Element, wanted: Collection[int] | None) -> None:
    """Empty rows, all where none is named; they keep their numbers, so the others keep theirs."""
    number = 0
    for row in (each for each in sheet.iter() if _name(each) == "row"):
        number = int(row.get("r") or number + 1)
        if wanted is None or number in wanted:
            row.clear()
            row.set("r", str(number))


def _shared(sheet: ET.Element) -> set[int]:
    """Positions of the shared texts that a sheet shows."""
    cells = (each for each in sheet.iter() if _name(each) == "c" and each.get("t") == "s")
    return {int(each.text or 0) for cell in cells for each in cell if _name(each) == "v"}
