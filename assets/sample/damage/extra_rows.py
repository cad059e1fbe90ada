"""Put bad rows between the true ones, of every kind that a dataset knows.

Belongs here: how many, and where. A file keeps so few of them that it is not refused.
"""

import numpy as np

from assets.sample.damage.desk import Desk, is_plain
from assets.sample.damage.registry import KINDS, RowKind
from assets.sample.sheets import Sheet

SHARE = 0.005
SMALL_FILE = 60
LARGE_FILE_SHARE = 0.03
# In a smaller file bad rows could be all that can be read of it.
_LEAST_ROWS = 8
# Datasets with few files get a fixed number of bad rows instead of a share.
_FEW = {"staff": 4, "survey": 2, "annual": 2, "declared": 2, "knowledge": 14, "quality": 60}


def room(sheet: Sheet) -> int:
    """How many more bad lines a sheet may hold without being refused."""
    rows = sheet.rows.height
    most = 2 if rows < SMALL_FILE else int(rows * LARGE_FILE_SHARE)
    return most - sheet.bad_lines


def _put(desk: Desk, sheet: Sheet, kind: RowKind) -> bool:
    row = desk.donor(sheet)
    if row is None or room(sheet) < kind.lines:
        return False
    lines = kind.spoil(row, sheet.dataset, desk.rng)
    sheet.inserts.append((desk.place(sheet), sheet.line_end.join(lines)))
    desk.trace(sheet, kind.lines, kind=kind)
    return True


def add_bad_rows(desk: Desk) -> None:
    """Spread bad rows over all sheets: about one in two hundred, every kind in turn."""
    for dataset in dict.fromkeys(sheet.dataset for sheet in desk.sheets):
        sheets = [
            sheet
            for sheet in desk.sheets
            if sheet.dataset == dataset and is_plain(sheet) and sheet.rows.height >= _LEAST_ROWS
        ]
        row_kinds = [kind for kind in KINDS.values() if isinstance(kind, RowKind)]
        kinds = [kind for kind in row_kinds if dataset in kind.datasets]
        rows = np.array([sheet.rows.height for sheet in sheets], np.float64)
        total = _FEW.get(dataset, round(rows.sum() * SHARE))
        places = np.sort(desk.rng.choice(len(sheets), total, p=rows / rows.sum()))
        left = {kind.name: kind.at_most or total for kind in kinds}
        turn = 0
        for place in places.tolist():
            while not left[kinds[turn % len(kinds)].name]:
                turn += 1
            kind = kinds[turn % len(kinds)]
            if _put(desk, sheets[place], kind):
                left[kind.name] -= 1
                turn += 1
