"""The desk on which damage is done: sheets, which of them are taken, and traces of what was done.

Belongs here: claiming sheets and keeping the record. What is done to them is for the kinds.
"""

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import polars as pl

from assets.sample.damage.kind import Kind, Outcome, Row, Trace
from assets.sample.sheets import Form, Sheet

_PREFIXES = {
    "calls": ("call_id", "{date}9{number:09}"),
    "tickets": ("ticket_id", "HZ{date}9{number:05}"),
    "callbacks": ("callback_id", "HF{date}9{number:05}"),
    "quality": ("inspection_id", "ZJ{date}9{number:05}"),
    "knowledge": ("article_id", "ZS9{number:07}"),
    "staff": ("agent_id", "9{number:04}"),
    "survey": ("response_id", "WJ{date}9{number:04}"),
    "annual": ("item", "备用项{number}"),
    "declared": ("source", "草稿{number}"),
}
# Which true rows a bad one is made of, so that every kind finds the values that it spoils.
_DONORS = {
    "calls": pl.col("outcome") == "接通",
    "tickets": (pl.col("status") == "已办结")
    & (pl.col("handling") == "转办")
    & ~pl.col("content").str.contains('["\n]'),
    "callbacks": pl.col("result") == "接通",
}


class Desk:
    """Sheets in work.

    Args:
        sheets: all sheets of the year, in order.
        rng: stream to draw from.
    """

    def __init__(self, sheets: list[Sheet], rng: np.random.Generator) -> None:
        self.sheets = sheets
        self.rng = rng
        self.traces: list[Trace] = []
        self.kind: Kind | None = None
        self._claimed: set[int] = set()
        self._donors: dict[int, pl.DataFrame] = {}
        self._numbers = count(1)

    def claim(
        self,
        wanted: dict[str, int],
        *,
        least_rows: int = 1,
        fits: Callable[[Sheet], bool] = lambda _: True,
    ) -> Iterator[Sheet]:
        """Take sheets that no other kind has taken.

        Args:
            wanted: dataset -> how many sheets.
            least_rows: smaller sheets are left alone.
            fits: which sheets may be taken.
        """
        for dataset, number in wanted.items():
            free = [
                sheet
                for sheet in self.sheets
                if sheet.dataset == dataset
                and id(sheet) not in self._claimed
                and sheet.rows.height >= least_rows
                and fits(sheet)
            ]
            chosen = np.sort(self.rng.choice(len(free), min(number, len(free)), replace=False))
            for position in chosen.tolist():
                self._claimed.add(id(free[position]))
                yield free[position]

    def add(self, sheet: Sheet) -> None:
        """Put a further sheet on the desk, which no kind may take."""
        self.sheets.append(sheet)
        self._claimed.add(id(sheet))

    def trace(
        self, sheet: Sheet, rows: int, *, path: str | None = None, kind: Kind | None = None
    ) -> None:
        """Record that the kind in work (or another) concerns so many lines of a sheet."""
        kind = kind or self.kind
        assert kind is not None
        where = sheet.path if path is None else path
        self.traces.append(Trace(kind.name, sheet.dataset, where, kind.outcome, kind.rule, rows))
        if kind.outcome is Outcome.QUARANTINED:
            sheet.bad_lines += rows

    def donor(self, sheet: Sheet) -> Row | None:
        """A true row of a sheet with fresh ids, or None if the sheet has no fitting one."""
        if id(sheet) not in self._donors:
            fits = _DONORS.get(sheet.dataset, pl.lit(value=True))
            self._donors[id(sheet)] = sheet.rows.filter(fits)
        rows = self._donors[id(sheet)]
        if not rows.height:
            return None
        row: Row = rows.row(int(self.rng.integers(rows.height)), named=True)
        column, form = _PREFIXES[sheet.dataset]
        return row | {column: form.format(date=sheet.date, number=next(self._numbers))}

    def place(self, sheet: Sheet) -> int:
        """A random place between the rows of a sheet."""
        return int(self.rng.integers(0, sheet.rows.height + 1))


def is_plain(sheet: Sheet) -> bool:
    """Whether lines can be put between the rows of a sheet."""
    return sheet.form is not Form.EXCEL and sheet.content is None and sheet.takes_lines
