"""Tables of a document: figures, headline figures a row each, and heat maps with shaded cells.

Their look comes from named styles, their widths from `columns`.
"""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from assets.reports.content import Card, Cards, Cell, Figure, HeatMap, Table, Tone
from assets.reports.render.docx import styles
from assets.reports.render.docx.columns import Line, Shown, fit
from assets.reports.render.docx.styles import Styles
from assets.reports.render.page_layout import MARK, column_head, compared_with, fit_across, shades
from assets.reports.render.text import clean, half_widths

_ROW = "<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>"
_HEAD_ROW = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{}</w:tr>"
_BAD_FILL, _TOTAL_FILL = "FDECEA", "F2F5F9"
_MOST_KEPT, _TOGETHER = 14, 4  # rows of a table that stays on one page, and at a page's end
_SHORT = 8  # halves of a Chinese character
_TONES = {Tone.GOOD: styles.GOOD, Tone.BAD: styles.BAD}
_DARKEST = {Tone.BAD: (240, 128, 112), Tone.GOOD: (112, 190, 145), Tone.NEUTRAL: (115, 170, 225)}
_HEAT_LETTER, _HEAT_PADDING, _NARROWEST_HEAD = 90, 150, 800  # twentieths of a point
_MOST_HEAT_KEPT = 31  # rows


def table(block: Table, look: Styles, width: int) -> str:
    """A table, over the width of the text."""
    lines = [
        Line([_shown(cell) for cell in row.cells], row.total, row.tone is Tone.BAD)
        for row in block.rows
    ]
    return _build(block.title, map(column_head, block.columns), lines, look, width)


def cards_table(block: Cards, look: Styles, width: int) -> str:
    """Headline figures as a table, a row each."""
    compared = compared_with(block)
    lines = [Line(_of_card(card, compared)) for card in block.cards]
    return _build(block.title, ["指标", "本期", *compared, "目标", "评价"], lines, look, width)


def _of_card(card: Card, compared: Sequence[str]) -> list[Shown]:
    changes = dict(card.comparisons)
    label = f"{card.label}（{card.unit}）" if card.unit else card.label
    cells = [label, card.figure, *(changes.get(each, "") for each in compared), card.target]
    return [*map(_shown, cells), Shown(clean(card.verdict), card.tone)]


def _shown(cell: Cell) -> Shown:
    if isinstance(cell, Figure):
        return Shown(clean(cell.text), cell.tone, number=True)
    return Shown(clean(cell))


def _build(title: str, heads: Iterable[str], lines: list[Line], look: Styles, width: int) -> str:
    heads = list(map(clean, heads))
    numeric = [any(line.cells[at].number for line in lines) for at in range(len(heads))]
    dense, widths = fit(heads, lines, numeric, width)
    head, text, word, number = styles.DENSE if dense else styles.USUAL
    body = [
        look.id(number if is_number else word if at and _short(lines, at) else text)
        for at, is_number in enumerate(numeric)
    ]
    toned = {tone: f'<w:rStyle w:val="{look.id(name)}"/>' for tone, name in _TONES.items()}
    sized = zip(widths, heads, strict=True)
    rows = [_HEAD_ROW.format("".join(_cell(size, look.id(head), name) for size, name in sized))]
    for at, line in enumerate(lines, 1):
        # A short table stays whole; of a long one neither first nor last row stands alone.
        keep = len(lines) <= _MOST_KEPT or at < _TOGETHER or at == len(lines) - 1
        keep = keep and at < len(lines)
        fill = _BAD_FILL if line.bad else _TOTAL_FILL if line.total else ""
        marks = [f"{MARK} " if line.bad else "", *[""] * (len(heads) - 1)]
        cells = (
            _cell(size, style, mark + shown.text, fill, toned.get(shown.tone, ""),
                  keep=keep, bold=line.total)
            for size, style, mark, shown in zip(widths, body, marks, line.cells, strict=True)
        )  # fmt: skip
        rows.append(_ROW.format("".join(cells)))
    return _table(look, widths, title, rows)


def _short(lines: Sequence[Line], at: int) -> bool:
    """Whether a column holds only words so short that they look lost at the left."""
    return all(half_widths(line.cells[at].text) <= _SHORT for line in lines)


def heat_table(block: HeatMap, look: Styles, width: int) -> str:
    """A heat map as a table."""
    block = fit_across(block)
    heads, columns = list(map(clean, block.rows)), list(map(clean, block.columns))
    longest = max(map(half_widths, heads), default=0)
    side = max(min(longest * _HEAT_LETTER + _HEAT_PADDING, width // 4), _NARROWEST_HEAD)
    each = (width - side) // max(len(columns), 1)
    side = width - each * len(columns)
    style = look.id(styles.HEAT)
    top = [_cell(side, style, "", keep=True, bold=True)]
    top += [_cell(each, style, name, keep=True, bold=True) for name in columns]
    rows = [_HEAD_ROW.format("".join(top))]
    shaded = zip(heads, block.cells, shades(block, uniform=None), strict=True)
    for at, (head, figures, depths) in enumerate(shaded, 1):
        # A map that breaks over two pages cannot be read.
        keep = at < len(heads) <= _MOST_HEAT_KEPT
        cells = [_cell(side, style, head, keep=keep, bold=True)]
        for figure, depth in zip(figures, depths, strict=True):
            fill = "" if depth is None else _shade(depth, block.tone)
            cells.append(_cell(each, style, clean(figure.text), fill, keep=keep))
        rows.append(_ROW.format("".join(cells)))
    return _table(look, [side, *[each] * len(columns)], block.title, rows)


def _shade(depth: float, tone: Tone) -> str:
    return "".join(f"{round(255 + (dark - 255) * depth):02X}" for dark in _DARKEST[tone])


def _table(look: Styles, widths: Sequence[int], title: str, rows: Iterable[str]) -> str:
    """A table with columns of these widths."""
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{look.id(styles.GRID)}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" '
        'w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(clean(title))}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(
    width: int,
    style: str,
    text: str,
    fill: str = "",
    tone: str = "",
    *,
    keep: bool = False,
    bold: bool = False,
) -> str:
    """A cell of one paragraph of clean text; `keep` holds its row on the page of the next."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    run = tone + ("<w:b/><w:bCs/>" if bold else "")
    look = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f"<w:p><w:pPr>{look}</w:pPr><w:r>{f'<w:rPr>{run}</w:rPr>' if run else ''}"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
