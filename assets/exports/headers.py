"""Match the headers of a file with the columns of its dataset.

Belongs here: which cell of the header row feeds which column, and the file rules about headers.
A header matches after NFKC, trimming and dropping of inner spaces: `振铃时长 （秒）` is the same
as `振铃时长(秒)`.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

from assets.exports.refusals import FileRefused
from assets.masking import mask
from assets.profiles import DatasetProfile
from schemas.table import CORRECTION, ExportTable


@cache
def normalised(header: str) -> str:
    """A header as it is compared."""
    return "".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split())


class HeaderMatcher:
    """Matches header rows of one dataset.

    Args:
        table: the dataset's declaration: titles and aliases.
        profile: the platform's own headers, which come first.

    Attributes:
        table: the dataset.
        profile: what the platform says of it.
    """

    def __init__(self, table: ExportTable, profile: DatasetProfile) -> None:
        self.table = table
        self.profile = profile
        self._columns = {
            normalised(name): column.name
            for column in table.columns
            for name in (column.title, column.name, *column.aliases)
        } | {normalised(header): column for header, column in profile.headers.items()}
        self._ignored = {
            normalised(header) for header in (*profile.ignore, *table.helping, *CORRECTION)
        }
        self._joined = {normalised(each) for headers in profile.join.values() for each in headers}
        given = {*profile.join, *profile.constants, *table.key[: profile.row_key]}
        self._required = [c for c in table.columns if c.required and c.name not in given]
        self._refuses_extra = profile.extra_columns == "refuse"
        self._known = self._columns.keys() | self._ignored | self._joined
        # Half of the required columns make a row the header: enough to tell it from data and
        # banners, few enough that a renamed column is reported as such.
        self._needed = max(1, len(self._required) // 2)

    @property
    def expected(self) -> frozenset[str]:
        """Headers that may occur, as they are compared."""
        return frozenset(self._known)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header row."""
        names = {normalised(cell) for cell in cells}
        found = {self._columns.get(name) for name in names} - {None}
        return len(found) + len(names & self._joined) >= self._needed

    def column_of(self, header: str) -> str | None:
        """Column that a header feeds."""
        return self._columns.get(normalised(header))

    def unknown(self, header: Sequence[str]) -> list[str]:
        """Headers that are not known, fit to be shown."""
        names = (normalised(cell) for cell in header)
        # A header is the platform's text: it can hold anything, a phone number too.
        return [mask(name)[:50] for name in names if name and name not in self._known]

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
            elif name and name not in self._known and self._refuses_extra:
                extra.append(name)
        missing = [column.title for column in self._required if column.name not in found]
        for rule, columns in (
            ("header_doubled", doubled),
            ("header_missing", missing),
            ("header_extra", extra),
        ):
            if columns:
                # A header is the platform's text: it can hold anything, a phone number too.
                raise FileRefused(rule, columns=mask("、".join(columns))[:200])
        return found
