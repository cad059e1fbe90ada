"""What goes where on paper: a report as the plain tree that `report.typ` sets.

Belongs here: shapes, sizes and order. Texts are those of the report and of `face`, cleaned.
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
    Row,
    Section,
    Stamp,
    Table,
    Text,
    Tone,
)
from assets.reports.render import face
from assets.reports.render.charts import PAPER, chart_svg, sparkline_svg
from assets.reports.render.clean import PARAGRAPH, clean
from assets.reports.render.pdf.columns import INDENT, fit, needs
from assets.reports.render.pdf.faces import Faces
from assets.reports.render.pdf.heat import heat

Tree = dict[str, Any]

_HEAD_LINES = 20.0  # em; longer facts of the head get a line of their own
_TITLE_SIZES, _TITLE_ROOM = (18.0, 32.0), 460.0  # points
_SHORT_ROWS, _SHORT_LETTERS = 14, 1_500
# Latin text without spaces would run out of its cell: it may break after every eighth letter.
_UNBROKEN = re.compile(r"[!-~]{25,}")
_MAY_BREAK = "\u200b"


def layout(report: Report, stamp: Stamp, faces: Faces) -> Tree:
    """Lay out one issue of a report.

    Args:
        report: its content.
        stamp: what issuing adds.
        faces: the type faces, for the widths of texts.
    """
    title = _text(report.title)
    smallest, largest = _TITLE_SIZES
    shown = {face.number(stamp), face.day(stamp.issued_at)}
    facts = [
        (label, _text(text, PARAGRAPH)) for label, text in face.facts(report, stamp)
        if text not in shown
    ]  # fmt: skip
    sections = [_section(number, each, faces) for number, each in enumerate(report.sections, 1)]
    return {
        "title": title,
        "title_size": min(largest, max(smallest, _TITLE_ROOM / (faces.width(title) or 1))),
        "title_faces": faces.title,
        "text_faces": faces.text,
        "organisation": _text(report.organisation),
        "period": _text(report.period.title),
        "number": face.number(stamp),
        "issued": face.day(stamp.issued_at),
        "cutoff": f"数据截至 {face.cutoff(report)}",
        "backfilled": face.backfilled(stamp),
        "revision": face.revision(stamp),
        "changes": [_text(each, PARAGRAPH) for each in stamp.changes],
        "short_facts": [each for each in facts if faces.width(each[1]) <= _HEAD_LINES],
        "long_facts": [each for each in facts if faces.width(each[1]) > _HEAD_LINES],
        "mark": face.MARK,
        "runs": [
            {"wide": wide, "sections": list(run)}
            for wide, run in groupby(sections, key=lambda section: section["wide"])
        ],
    }


def _text(text: str, most: int | None = None) -> str:
    cleaned = clean(text, most) if most else clean(text)
    return _UNBROKEN.sub(lambda run: _MAY_BREAK.join(re.findall(".{1,8}", run.group())), cleaned)


def _section(number: int, section: Section, faces: Faces) -> Tree:
    blocks = [_block(block, faces) for block in section.blocks]
    topic, headline = _text(section.topic), _text(section.headline)
    return {
        "number": number,
        "topic": topic,
        "headline": "" if headline == topic else headline,
        "blocks": blocks,
        # A section turns with its widest table, so that a heading stays with what it is about.
        "wide": any(block.get("wide", False) for block in blocks),
    }


def _block(block: Block, faces: Faces) -> Tree:
    match block:
        case Text():
            return {"kind": "text", "text": _text(block.text, PARAGRAPH)}
        case Points():
            return {"kind": "points", "items": [_text(each, PARAGRAPH) for each in block.items]}
        case Cards():
            return _titled(block, "cards", cards=[_card(each) for each in block.cards])
        case Table():
            return _table(block, faces)
        case Chart():
            return _titled(block, "chart", svg=chart_svg(block, PAPER), alt=_told(block))
        case HeatMap():
            return _titled(block, "heat", **heat(block, faces), alt=_told(block))


def _titled(block: Cards | Table | Chart | HeatMap, kind: str, **more: Any) -> Tree:  # noqa: ANN401
    notes = [_text(each, PARAGRAPH) for each in face.notes(block)]
    return {"kind": kind, "title": _text(block.title), "notes": notes, **more}


def _told(block: Chart | HeatMap) -> str:
    """What those hear who cannot see it."""
    return clean(block.summary, PARAGRAPH) or clean(block.title)


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


def _table(table: Table, faces: Faces) -> Tree:
    heads = [(_text(column.title), _text(column.unit)) for column in table.columns]
    rows = [_row(row) for row in table.rows]
    # Every text is measured once: for its column, and for whether its row takes one line.
    lengths = [_lengths(row, faces) for row in rows]
    numeric = [
        any(isinstance(row.cells[place], Figure) for row in table.rows)
        for place in range(len(heads))
    ]
    indents = [
        INDENT if place and numeric[place - 1] and not numeric[place] else 0
        for place in range(len(heads))
    ]
    titles = [faces.width(title + (f"（{unit}）" if unit else "")) for title, unit in heads]
    fitted = fit(
        [
            needs(
                title,
                [each[place] for each in lengths],
                numeric=numeric[place],
                indent=indents[place],
            )
            for place, title in enumerate(titles)
        ]
    )
    one_line = [fitted.on_one_line(each, indents) for each in (titles, *lengths)]
    return _titled(
        table, "table", heads=heads, rows=rows, numeric=numeric, indents=indents,
        one_line=one_line if rows else [*one_line, False],
        size=fitted.size, widths=fitted.widths, wide=fitted.wide, long=_is_long(table),
    )  # fmt: skip


def _is_long(table: Table) -> bool:
    """Whether a table may go on over pages: one that surely fits on half a page does not."""
    letters = (len(c.text if isinstance(c, Figure) else c) for r in table.rows for c in r.cells)
    return len(table.rows) > _SHORT_ROWS or sum(letters) > _SHORT_LETTERS


def _row(row: Row) -> Tree:
    bad = row.tone is Tone.BAD
    return {
        "cells": [_cell(cell) for cell in row.cells],
        "total": row.total,
        "mark": f"{face.MARK} " if bad else "",
    }


def _cell(cell: Cell) -> Tree | str:
    """A text as it is: of what has no tone, `report.typ` has nothing to work out."""
    if isinstance(cell, Figure):
        return _text(cell.text) if cell.tone is Tone.NEUTRAL else _figure(cell)
    return _text(cell)


def _lengths(row: Tree, faces: Faces) -> list[float]:
    """How wide each cell of a row is on one line, in em."""
    found = [faces.width(each if isinstance(each, str) else each["text"]) for each in row["cells"]]
    return [found[0] + faces.width(row["mark"]), *found[1:]]
