"""Heat maps of a document: tables whose cells are shaded, with the figure in each.

Belongs here: shades and the shape of the table.
"""

from assets.reports.content import Figure, HeatMap, Tone
from assets.reports.render.clean import clean
from assets.reports.render.docx import look as styles
from assets.reports.render.docx.columns import letters
from assets.reports.render.docx.look import Look
from assets.reports.render.docx.tables import HEAD_ROW, ROW, cell, opening
from assets.reports.render.native import upright

_DARKEST = {Tone.BAD: (240, 128, 112), Tone.GOOD: (112, 190, 145), Tone.NEUTRAL: (115, 170, 225)}
_LETTER, _PADDING = 90, 150
_MOST_KEPT = 31  # rows


def heat_map(block: HeatMap, look: Look, width: int) -> str:
    """A heat map."""
    block = upright(block)
    rows, columns = tuple(map(clean, block.rows)), tuple(map(clean, block.columns))
    side = max((letters(name) for name in rows), default=0) * _LETTER + _PADDING
    side = max(min(side, width // 4), 800)
    each = (width - side) // max(len(columns), 1)
    widths = [width - each * len(columns), *(each for _ in columns)]
    sizes = [f'<w:tcW w:w="{one}" w:type="dxa"/>' for one in widths]
    style = look.id(styles.HEAT)
    made = [opening(look, widths, block.title), HEAD_ROW]
    heads = zip(sizes, ("", *columns), strict=True)
    made += [cell(size, style, name, keep=True, bold=True) for size, name in heads]
    made.append("</w:tr>")
    values = [f.value for row in block.cells for f in row if f.value is not None]
    low, high = (min(values), max(values)) if values else (0, 0)
    for at, (name, figures) in enumerate(zip(rows, block.cells, strict=True), 1):
        # A map that breaks over two pages cannot be read.
        keep = at < len(rows) <= _MOST_KEPT
        made += [ROW, cell(sizes[0], style, name, keep=keep, bold=True)]
        made += [
            cell(size, style, clean(figure.text), _shade(figure, low, high, block.tone), keep=keep)
            for size, figure in zip(sizes[1:], figures, strict=True)
        ]
        made.append("</w:tr>")
    return "".join([*made, "</w:tbl>"])


def _shade(figure: Figure, low: float, high: float, tone: Tone) -> str:
    if figure.value is None or high == low:
        return ""
    part = (figure.value - low) / (high - low)
    return "".join(f"{round(255 + (dark - 255) * part):02X}" for dark in _DARKEST[tone])
