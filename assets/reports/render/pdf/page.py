"""What goes where on paper: a report as the plain tree that `report.typ` sets.

Shapes, sizes and order; the texts are those of the report and of `masthead`, cleaned.
"""

import re
from itertools import groupby
from typing import Any

from assets.reports.content import (
    Block,
    Card,
    Cards,
    Cell,
    Chart,
    Figure,
    HeatMap,
    Points,
    Report,
    Section,
    Stamp,
    Table,
    Text,
    Tone,
)
from assets.reports.render import masthead
from assets.reports.render.charts import PAPER, chart_svg, sparkline_svg
from assets.reports.render.page_layout import (
    MARK,
    cell_text,
    notes,
    numeric_columns,
    shades,
    transpose,
)
from assets.reports.render.pdf.columns import INDENT, UPRIGHT, fit, needs
from assets.reports.render.pdf.fonts import Fonts
from assets.reports.render.text import CELL, FIGURE, PARAGRAPH, clean

Tree = dict[str, Any]

_FACT_ROOM = 20.0  # em; longer facts of the head get a line of their own
_TITLE_SIZES, _TITLE_ROOM = (18.0, 32.0), 460.0  # points
_SHORT_ROWS, _SHORT_LETTERS = 14, 1_500
# Latin text without spaces would run out of its cell: it may break after every eighth letter.
_UNBROKEN = re.compile(r"[!-~]{25,}")
_MAY_BREAK = "\u200b"
_HEAT_SIZES = (7.5, 7.0, 6.5, 6.0)  # points
_HEAT_GAP = 2.5  # points that a cell needs beside its number
_HEAT_HEAD = 6.0  # em that the heads of the rows get at most
_HUES = {Tone.BAD: (0xB3, 0x16, 0x1B), Tone.GOOD: (0x0B, 0x6E, 0x4F), Tone.NEUTRAL: (31, 78, 121)}
_DEEPEST = 0.9  # of a hue: the number must stand out from the deepest cell too
_DARK = 0.78  # from here on, white letters stand out more than dark ones


def page_tree(report: Report, stamp: Stamp, fonts: Fonts) -> Tree:
    """Lay out one issue of a report.

    Args:
        report: its content.
        stamp: what issuing adds.
        fonts: for the widths of texts.
    """
    title = _text(report.title)
    smallest, largest = _TITLE_SIZES
    number, issued = masthead.number(stamp), masthead.day(stamp.issued_at)
    facts = [
        (label, _text(text, PARAGRAPH)) for label, text in masthead.facts(report, stamp)
        if text not in {number, issued}
    ]  # fmt: skip
    sections = [_section(number, each, fonts) for number, each in enumerate(report.sections, 1)]
    return {
        "title": title,
        "title_size": min(largest, max(smallest, _TITLE_ROOM / (fonts.width(title) or 1))),
        "title_fonts": fonts.title,
        "text_fonts": fonts.text,
        "organisation": _text(report.organisation),
        "period": _text(report.period.title),
        "number": number,
        "issued": issued,
        "cutoff": f"数据截至 {masthead.cutoff(report)}",
        "backfilled": masthead.backfilled(stamp),
        "revision": masthead.revision(stamp),
        "changes": [_text(each, PARAGRAPH) for each in stamp.changes],
        "short_facts": [each for each in facts if fonts.width(each[1]) <= _FACT_ROOM],
        "long_facts": [each for each in facts if fonts.width(each[1]) > _FACT_ROOM],
        "runs": [
            {"wide": wide, "sections": list(run)}
            for wide, run in groupby(sections, key=lambda section: section["wide"])
        ],
    }


def _text(text: str, most: int = CELL) -> str:
    return _UNBROKEN.sub(
        lambda run: _MAY_BREAK.join(re.findall(".{1,8}", run.group())), clean(text, most)
    )


def _section(number: int, section: Section, fonts: Fonts) -> Tree:
    blocks = [_block(block, fonts) for block in section.blocks]
    topic, headline = _text(section.topic), _text(section.headline)
    return {
        "number": number,
        "topic": topic,
        "headline": "" if headline == topic else headline,
        "blocks": blocks,
        # A section turns with its widest table, so that a heading stays with what it is about.
        "wide": any(block.get("wide", False) for block in blocks),
    }


def _block(block: Block, fonts: Fonts) -> Tree:
    match block:
        case Text():
            return {"kind": "text", "text": _text(block.text, PARAGRAPH)}
        case Points():
            return {"kind": "points", "items": [_text(each, PARAGRAPH) for each in block.items]}
        case Cards():
            tree = {"kind": "cards", "cards": [_card(each) for each in block.cards]}
        case Table():
            tree = _table(block, fonts)
        case Chart():
            tree = {"kind": "chart", "svg": chart_svg(block, PAPER)}
        case HeatMap():
            tree = _heat(block, fonts)
    if isinstance(block, Chart | HeatMap):
        # What those hear who cannot see it.
        tree["alt"] = clean(block.summary, PARAGRAPH) or clean(block.title)
    below = [_text(each, PARAGRAPH) for each in notes(block)]
    return tree | {"title": _text(block.title), "notes": below}


def _figure(figure: Figure) -> Tree:
    return {"text": _text(figure.text), "tone": figure.tone}


def _card(card: Card) -> Tree:
    return {
        "label": _text(card.label),
        "unit": _text(card.unit),
        "figure": _text(card.figure.text),
        "comparisons": [
            {"against": _text(against), **_figure(change)} for against, change in card.comparisons
        ],
        "target": _text(card.target),
        "verdict": _text(card.verdict),
        "tone": card.tone,
        "trend": sparkline_svg(card.trend, PAPER) if card.trend else "",
    }


def _table(table: Table, fonts: Fonts) -> Tree:
    heads = [(_text(column.title), _text(column.unit)) for column in table.columns]
    marks = [f"{MARK} " if row.tone is Tone.BAD else "" for row in table.rows]
    numeric = numeric_columns(table)
    indents = [
        INDENT if after_number and not is_number else 0
        for after_number, is_number in zip([False, *numeric], numeric, strict=False)
    ]
    needed = []
    for place, (title, unit) in enumerate(heads):
        head = fonts.width(title + (f"（{unit}）" if unit else ""))
        texts = [_text(cell_text(row.cells[place])) for row in table.rows]
        if place == 0:
            texts = [mark + text for mark, text in zip(marks, texts, strict=True)]
        lengths = map(fonts.width, texts)
        needed.append(needs(head, lengths, numeric=numeric[place], indent=indents[place]))
    fitted = fit(needed)
    return {
        "kind": "table",
        "heads": heads,
        "rows": [
            {"cells": [_cell(cell) for cell in row.cells], "total": row.total, "mark": mark}
            for row, mark in zip(table.rows, marks, strict=True)
        ],
        "numeric": numeric,
        "indents": indents,
        "size": fitted.size,
        "widths": fitted.widths,
        "wide": fitted.wide,
        "long": _is_long(table),
    }


def _is_long(table: Table) -> bool:
    """Whether a table may go on over pages: one that surely fits on half a page does not."""
    letters = sum(len(cell_text(cell)) for row in table.rows for cell in row.cells)
    return len(table.rows) > _SHORT_ROWS or letters > _SHORT_LETTERS


def _cell(cell: Cell) -> Tree | str:
    """A text as it is: of what has no tone, `report.typ` has nothing to work out."""
    if isinstance(cell, Figure) and cell.tone is not Tone.NEUTRAL:
        return _figure(cell)
    return _text(cell_text(cell))


def _heat(heat: HeatMap, fonts: Fonts) -> Tree:
    """A heat map as a table with shaded cells: its numbers can be read, copied and heard.

    Hours stand side by side where their numbers fit, below each other where they do not.
    """
    size = _heat_size(heat, fonts)
    if size is None:
        heat = transpose(heat)
        size = _heat_size(heat, fonts)
    points = size or _HEAT_SIZES[-1]
    shaded = zip(heat.rows, heat.cells, shades(heat, uniform=0.3), strict=True)
    return {
        "kind": "heat",
        "size": points,
        "columns": [clean(each) for each in heat.columns],
        "rows": [
            {
                "head": clean(head),
                "cells": [
                    # Its text, the colour behind it and whether its letters are white.
                    (clean(cell.text, FIGURE), _shade(heat.tone, depth or 0), (depth or 0) > _DARK)
                    for cell, depth in zip(cells, depths, strict=True)
                ],
            }
            for head, cells, depths in shaded
        ],
        "head_width": _heat_head(heat, fonts) * points + 6,
    }


def _shade(tone: Tone, depth: float) -> str:
    """A colour between white and a hue; empty for white."""
    ink = [round(255 - (255 - part) * depth * _DEEPEST) for part in _HUES[tone]]
    return f"#{ink[0]:02x}{ink[1]:02x}{ink[2]:02x}" if depth else ""


def _heat_size(heat: HeatMap, fonts: Fonts) -> float | None:
    """The largest size at which every number fits into its column."""
    texts = [clean(cell.text, FIGURE) for row in heat.cells for cell in row]
    widest = max(map(fonts.width, texts), default=0)
    heads = _heat_head(heat, fonts)
    for size in _HEAT_SIZES:
        room = (UPRIGHT - heads * size - 6) / max(len(heat.columns), 1)
        if widest * size + _HEAT_GAP <= room:
            return size
    return None


def _heat_head(heat: HeatMap, fonts: Fonts) -> float:
    """Width of the heads of the rows, in em."""
    return min(max(map(fonts.width, map(clean, heat.rows)), default=0), _HEAT_HEAD)
