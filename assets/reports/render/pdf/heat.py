"""A heat map as a table with shaded cells: its numbers can be read, copied and heard.

Belongs here: which way round it stands and how deep each cell is shaded.
"""

from typing import Any

from assets.reports.content import Figure, HeatMap, Tone
from assets.reports.render.clean import clean
from assets.reports.render.pdf.columns import UPRIGHT
from assets.reports.render.pdf.faces import Faces

_SIZES = (7.5, 7.0, 6.5, 6.0)  # points
_GAP = 2.5  # points that a cell needs beside its number
_HEAD = 6.0  # em that the heads of the rows get at most
_HUES = {Tone.BAD: (0xB3, 0x16, 0x1B), Tone.GOOD: (0x0B, 0x6E, 0x4F), Tone.NEUTRAL: (31, 78, 121)}
_DARK = 0.78  # from here on, white letters stand out more than dark ones


def heat(heated: HeatMap, faces: Faces) -> dict[str, Any]:
    """Lay out a heat map.

    Hours stand side by side where their numbers fit, below each other where they do not.

    Args:
        heated: what to show.
        faces: the type faces, for the widths of numbers.
    """
    rows, columns = [clean(each) for each in heated.rows], [clean(each) for each in heated.columns]
    cells = heated.cells
    size = _size(rows, columns, cells, faces)
    if size is None:
        rows, columns, cells = columns, rows, tuple(zip(*cells, strict=True))
        size = _size(rows, columns, cells, faces)
    values = [cell.value for row in cells for cell in row if cell.value is not None]
    low, high = min(values, default=0), max(values, default=0)
    hue = _HUES[heated.tone]

    def shaded(figure: Figure) -> tuple[str, str, bool]:
        """Its text, the colour behind it and whether its letters are white."""
        share = 0.0
        if figure.value is not None:
            share = (figure.value - low) / (high - low) if high > low else 0.3
        return clean(figure.text, 24), _shade(hue, share) if share else "", share > _DARK

    longest = max(map(faces.width, rows), default=0)
    points = size or _SIZES[-1]
    head_width = min(longest, _HEAD) * points + 6
    room = (UPRIGHT - head_width) / max(len(columns), 1) - _GAP
    return {
        "size": points,
        "heads_on_one_line": max(map(faces.width, columns), default=0) * points <= room,
        "rows_on_one_line": size is not None and longest <= _HEAD,
        "columns": columns,
        "rows": [
            {"head": head, "cells": [shaded(cell) for cell in row]}
            for head, row in zip(rows, cells, strict=True)
        ],
        "head_width": head_width,
    }


def _shade(hue: tuple[int, int, int], share: float) -> str:
    """A colour between white and a hue."""
    # 0.9 at most: the number must stand out from the deepest cell too.
    ink = [round(255 - (255 - part) * share * 0.9) for part in hue]
    return f"#{ink[0]:02x}{ink[1]:02x}{ink[2]:02x}"


def _size(
    rows: list[str], columns: list[str], cells: tuple[tuple[Figure, ...], ...], faces: Faces
) -> float | None:
    """The largest size at which every number fits into its column."""
    widest = max((faces.width(clean(each.text, 24)) for row in cells for each in row), default=0)
    heads = min(max(map(faces.width, rows), default=0), _HEAD)
    for size in _SIZES:
        room = (UPRIGHT - heads * size - 6) / max(len(columns), 1)
        if widest * size + _GAP <= room:
            return size
    return None
