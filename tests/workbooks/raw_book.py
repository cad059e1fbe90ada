"""Workbooks as raw XML: whatever a writer may put into them, and what none should."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# A text, or a whole element `<c ...>`; its row and column are added where it says none.
Rows = Sequence[Sequence[object]]


def raw_book(
    rows: Rows = (),
    *,
    sheets: Mapping[str, Rows] | None = None,
    states: Mapping[str, str] | None = None,
    formats: Sequence[str] = (),
    shared: Sequence[str] = (),
    merged: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    columns: str = "",
    is_1904: bool = False,
    recalculates: bool = False,
    namespace: str = TRANSITIONAL,
    prefix: str = "",
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook.

    Args:
        rows: of its only sheet, "Sheet1", where `sheets` says no others.
        sheets: name -> rows. A text becomes an inline one, a number a number; "" is no cell.
        states: name -> "hidden", "veryHidden" or "chart".
        formats: number formats of the styles 1, 2, ...; style 0 is General.
        shared: `<si>` elements of the shared texts.
        merged: ranges that are merged on the first sheet.
        hidden_rows: rows that are hidden on every sheet.
        columns: the element `<cols>` of every sheet.
        is_1904: days are counted from 1904.
        recalculates: the writer has not calculated.
        namespace: main namespace.
        prefix: of that namespace, with a colon.
        parts: further or other parts.
    """
    sheets = {"Sheet1": rows} if sheets is None else sheets
    states = states or {}
    relations = _STRICT_RELATIONS if namespace == STRICT else _RELATIONS
    made: dict[str, str | bytes] = {
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")], relations)
    }
    listed, targets = [], []
    for number, (name, own) in enumerate(sheets.items(), start=1):
        state = states.get(name, "visible")
        kind = "chartsheet" if state == "chart" else "worksheet"
        state = "visible" if state == "chart" else state
        listed.append(
            f'<sheet name={quoteattr(name)} sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        )
        targets.append((kind, f"{kind}s/sheet{number}.xml"))
        merges = "".join(f'<mergeCell ref="{each}"/>' for each in merged if number == 1)
        body = (
            f"{columns}<sheetData>{_rows(own, hidden_rows)}</sheetData>"
            f"<mergeCells>{merges}</mergeCells>"
        )
        made[f"xl/{kind}s/sheet{number}.xml"] = _main(
            "worksheet" if kind == "worksheet" else kind, body, namespace, prefix
        )
    targets += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    made["xl/_rels/workbook.xml.rels"] = _relations(targets, relations)
    made["xl/workbook.xml"] = _main(
        "workbook",
        f'<workbookPr date1904="{int(is_1904)}"/><sheets>{"".join(listed)}</sheets>'
        f'<calcPr fullCalcOnLoad="{int(recalculates)}"/>',
        namespace,
        prefix,
        f' xmlns:r="{relations}"',
    )
    own_formats = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode={quoteattr(code)}/>'
        for at, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    made["xl/styles.xml"] = _main(
        "styleSheet",
        f'<numFmts>{own_formats}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs>',
        namespace,
        prefix,
    )
    made["xl/sharedStrings.xml"] = _main("sst", "".join(shared), namespace, prefix)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in {**made, **(parts or {})}.items():
            book.writestr(name, part)
    return out.getvalue()


def _rows(rows: Rows, hidden: Sequence[int]) -> str:
    made = []
    for line, cells in enumerate(rows, start=1):
        flag = ' hidden="1"' if line in hidden else ""
        own = "".join(_cell(cell, f"{_letters(at)}{line}") for at, cell in enumerate(cells))
        made.append(f'<row r="{line}"{flag}>{own}</row>')
    return "".join(made)


def _cell(cell: object, place: str) -> str:
    text = str(cell)
    if text.startswith("<c"):
        return text if ' r="' in text else text.replace("<c", f'<c r="{place}"', 1)
    if not text:
        return ""
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    return f'<c r="{place}"><v>{text}</v></c>'


def _letters(at: int) -> str:
    first, second = divmod(at, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + second)


def _main(root: str, body: str, namespace: str, prefix: str, more: str = "") -> str:
    name = prefix.removesuffix(":")
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    spaces = f'xmlns{":" + name if name else ""}="{namespace}"{more}'
    return f'<?xml version="1.0"?><{prefix}{root} {spaces}>{body}</{prefix}{root}>'


def _relations(targets: Sequence[tuple[str, str]], kinds: str) -> str:
    own = "".join(
        f'<Relationship Id="rId{at}" Type="{kinds}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{own}</Relationships>'
