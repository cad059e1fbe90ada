"""Tables of a document, cards among them.

Belongs here: cells and rows. Their look comes from named styles, their widths from `columns`.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from assets.reports.content import Card, Cards, Cell, Figure, Table, Tone
from assets.reports.render import face
from assets.reports.render.clean import clean
from assets.reports.render.docx import look as styles
from assets.reports.render.docx.columns import Line, Shown, fit, letters
from assets.reports.render.docx.look import Look

ROW = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
HEAD_ROW = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_BAD_FILL, _TOTAL_FILL = "FDECEA", "F2F5F9"
_MOST_KEPT, _TOGETHER = 14, 4  # rows of a table that stays on one page, and at a page's end
_SHORT = 8  # halves of a Chinese character
_TONES = {Tone.GOOD: styles.GOOD, Tone.BAD: styles.BAD}


def table(block: Table, look: Look, width: int) -> str:
    """A table, over the width of the text."""
    heads = [f"{c.title}（{c.unit}）" if c.unit else c.title for c in block.columns]
    lines = [
        Line([_shown(cell) for cell in row.cells], row.total, row.tone is Tone.BAD)
        for row in block.rows
    ]
    return _build(block.title, heads, lines, look, width)


def cards_table(block: Cards, look: Look, width: int) -> str:
    """Headline figures as a table, a row each."""
    compared = list(dict.fromkeys(label for card in block.cards for label, _ in card.comparisons))
    lines = [Line(_of_card(card, compared)) for card in block.cards]
    return _build(block.title, ["指标", "本期", *compared, "目标", "评价"], lines, look, width)


def _of_card(card: Card, compared: Sequence[str]) -> list[Shown]:
    changes = dict(card.comparisons)
    label = f"{card.label}（{card.unit}）" if card.unit else card.label
    cells: list[Cell] = [label, card.figure, *(changes.get(each, "") for each in compared)]
    verdict = Shown(clean(card.verdict), card.tone)
    return [*map(_shown, cells), Shown(clean(card.target)), verdict]


def _shown(cell: Cell) -> Shown:
    if isinstance(cell, Figure):
        return Shown(clean(cell.text), cell.tone, number=True)
    return Shown(clean(cell))


def _build(title: str, heads: Sequence[str], lines: Sequence[Line], look: Look, width: int) -> str:
    heads = [clean(head) for head in heads]
    numeric = [any(line.cells[at].number for line in lines) for at in range(len(heads))]
    dense, widths = fit(heads, lines, numeric, width)
    head, text, word, number = styles.DENSE if dense else styles.USUAL
    body = [
        look.id(number if is_number else word if at and _short(lines, at) else text)
        for at, is_number in enumerate(numeric)
    ]
    toned = {tone: f'<w:rStyle w:val="{look.id(name)}"/>' for tone, name in _TONES.items()}
    sizes = [f'<w:tcW w:w="{each}" w:type="dxa"/>' for each in widths]
    made = [opening(look, widths, title), HEAD_ROW]
    made += [cell(size, look.id(head), name) for size, name in zip(sizes, heads, strict=True)]
    made.append("</w:tr>")
    for at, line in enumerate(lines, 1):
        # A short table stays whole; of a long one neither first nor last row stands alone.
        keep = len(lines) <= _MOST_KEPT or at < _TOGETHER or at == len(lines) - 1
        keep = keep and at < len(lines)
        fill = _BAD_FILL if line.bad else _TOTAL_FILL if line.total else ""
        made.append(ROW)
        for size, style, shown in zip(sizes, body, line.cells, strict=True):
            mark = f"{face.MARK} " if line.bad and shown is line.cells[0] else ""
            tone = toned.get(shown.tone, "")
            made.append(
                cell(size, style, mark + shown.text, fill, tone, keep=keep, bold=line.total)
            )
        made.append("</w:tr>")
    made.append("</w:tbl>")
    return "".join(made)


def _short(lines: Sequence[Line], at: int) -> bool:
    """Whether a column holds only words so short that they look lost at the left."""
    return all(letters(line.cells[at].text) <= _SHORT for line in lines)


def opening(look: Look, widths: Sequence[int], title: str) -> str:
    """The beginning of a table with columns of these widths."""
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{look.id(styles.GRID)}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" '
        'w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(clean(title))}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )


def cell(
    size: str,
    style: str,
    text: str,
    fill: str = "",
    more: str = "",
    *,
    keep: bool = False,
    bold: bool = False,
) -> str:
    """A cell of one paragraph.

    Args:
        size: its width, as WordprocessingML.
        style: id of the paragraph's style.
        text: clean.
        fill: colour behind it.
        more: further properties of the text.
        keep: whether the row stays on the page of the next.
        bold: whether the text is bold.
    """
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    run = more + ("<w:b/><w:bCs/>" if bold else "")
    look = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}'
    return (
        f"<w:tc><w:tcPr>{size}{shade}</w:tcPr><w:p><w:pPr>{look}</w:pPr><w:r>"
        f"{f'<w:rPr>{run}</w:rPr>' if run else ''}"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
