"""Match the headers of a file with the columns of its dataset.

Belongs here: which cell of the header row feeds which column, and the file rules about headers.
A header matches after NFKC, trimming and dropping of inner spaces: `振铃时长 （秒）` is the same
as `振铃时长(秒)`.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

from assets.exports.profile import DatasetProfile
from assets.exports.refusal import FileRefused
from assets.masking import mask
from schemas.tables import CORRECTION, ExportTable


@cache
def normalised(header: str) -> str:
    """A header as it is compared."""
    return "".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split())


class HeaderMatcher:
    """Matches header rows of one dataset.

    Args:
        table: the dataset's declaration: titles and aliases.
        profile: the platform's own headers, which come first.
    """

    def __init__(self, table: ExportTable, profile: DatasetProfile) -> None:
        self._table = table
        self._columns = {
            normalised(name): column.name
            for column in table.columns
            for name in (column.title, column.name, *column.aliases)
        } | {normalised(header): column for header, column in profile.headers.items()}
        self._ignored = {normalised(header) for header in (*profile.ignore, *table.helping, *CORRECTION)}
        self._known = self._columns.keys() | self._ignored
        # Half of the required columns make a row the header: enough to tell it from data and
        # banners, few enough that a renamed column is reported as such.
        self._needed = max(1, sum(column.required for column in table.columns) // 2)

    @property
    def expected(self) -> frozenset[str]:
        """Headers that may occur, as they are compared."""
        return frozenset(self._known)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header row."""
        found = {self._columns.get(normalised(cell)) for cell in cells} - {None}
        return len(found) >= self._needed

    def match(self, header: Sequence[str]) -> dict[str, int]:
        """Column -> position of the cell that feeds it.

        Raises:
            FileRefused: a header is doubled, unknown, or a required one is missing.
        """
        names = [normalised(cell) for cell in header]
        found: dict[str, int] = {}
        doubled, extra = [], []
        for position, name in enumerate(names):
            column = self._columns.get(name)
            if column is not None and column in found:
                doubled.append(name)
            elif column is not None:
                found[column] = position
            elif name and name not in self._ignored:
                extra.append(name)
        missing = [c.title for c in self._table.columns if c.required and c.name not in found]
        for rule, columns in (
            ("header_doubled", doubled),
            ("header_missing", missing),
            ("header_extra", extra),
        ):
            if columns:
                # A header is the platform's text: it can hold anything, a phone number too.
                raise FileRefused(rule, columns=mask("、".join(columns))[:200])
        return found
