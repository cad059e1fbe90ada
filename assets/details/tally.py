"""What became of the rows of a period, added up range by range.

Belongs here: everything that the footer of a details file says of its rows. No row is kept but
those that broke a rule, which are few.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import polars as pl

from assets.core import fingerprint
from assets.deadlines import DEADLINE
from assets.details.resolve import FATE, QUARANTINED
from schemas.exports.tickets import VOIDED
from schemas.table import ExportTable

Columns = tuple[str | pl.Expr, ...]
# After each value that is hashed, so that two cannot pass for one.
_END = "\x1f"


class Tally:
    """The account of a period, which does not depend on how the rows were cut.

    Args:
        table: the dataset.
        links: purpose -> columns that other tables look up for it.

    Attributes:
        rows: number of rows that stand.
        fates: delivery -> fate -> number of rows.
        open_until: latest deadline of the tickets that are open.
    """

    def __init__(self, table: ExportTable, links: Mapping[str, Columns]) -> None:
        self.rows = 0
        self.fates: dict[str, dict[str, int]] = {}
        self.open_until: datetime | None = None
        self._table = table
        self._links = {
            purpose: [pl.col(each) if isinstance(each, str) else each for each in columns]
            for purpose, columns in links.items()
        }
        # Several purposes need one column: each is hashed once.
        self._looked_up = {
            each.meta.output_name(): each for columns in self._links.values() for each in columns
        }
        self._digests = {name: hashlib.sha256() for name in self._looked_up}
        self._wrong: list[pl.DataFrame] = []

    def add(self, fates: pl.DataFrame, standing: pl.DataFrame) -> None:
        """Add a range, later in the order of the key than those before.

        Args:
            fates: all its rows.
            standing: those that stand, in order of the key; tickets with their deadline.
        """
        for delivery, fate, count in fates.group_by("__delivery", FATE).len().sort(pl.all()).rows():
            counted = self.fates.setdefault(delivery, {})
            counted[fate] = counted.get(fate, 0) + count
        key = self._table.key
        self._wrong.append(
            fates.filter(pl.col(FATE) == QUARANTINED).select(*key, "__delivery", "__line")
        )
        if not standing.height:
            return
        self.rows += standing.height
        for column in standing.select(self._looked_up.values()):
            texts = column.to_physical().cast(pl.String).fill_null("\0")
            self._digests[column.name].update(f"{texts.str.join(_END).item()}{_END}".encode())
        if self._table.name == "tickets":
            closed = pl.col("closed_at").is_not_null() | (pl.col("status") == VOIDED)
            latest = standing.filter(~closed)[DEADLINE].max()
            known = [each for each in (self.open_until, latest) if isinstance(each, datetime)]
            self.open_until = max(known, default=None)

    @property
    def wrong(self) -> pl.DataFrame:
        """Rows that broke a rule against rows of other files: key, `__delivery`, `__line`."""
        return pl.concat(self._wrong)

    @property
    def links(self) -> dict[str, str]:
        """Purpose -> fingerprint of the columns that are looked up for it."""
        return {
            purpose: fingerprint(
                [self._digests[each.meta.output_name()].hexdigest() for each in columns]
            )
            for purpose, columns in self._links.items()
        }
