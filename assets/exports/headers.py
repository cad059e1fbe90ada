"""Match the headers of a file with the columns of its dataset.

A header matches after NFKC, trimming and dropping of inner spaces: `振铃时长 （秒）` is the same
as `振铃时长(秒)`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

from assets.exports.derive import derive, holds
from assets.exports.feet import without_feet
from assets.exports.parsed_file import FileRefused, Ignored, ParsedFile
from assets.masking import mask
from assets.profiles import DatasetProfile, Exclusion, Profile
from schemas.table import CORRECTION, ExportTable


@cache
def normalise_header(header: str) -> str:
    """A header as it is compared."""
    return "".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split())


def shown(header: str) -> str:
    """A header fit to be shown: it is the platform's text and can hold anything, a phone too."""
    return mask(header)[:50]


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
            normalise_header(name): column.name
            for column in table.columns
            if column.name not in profile.absent
            for name in (column.title, column.name, *column.aliases)
        } | {normalise_header(header): column for header, column in profile.headers.items()}
        ignored = {
            normalise_header(header) for header in (*profile.ignore, *table.helping, *CORRECTION)
        }
        ways = [way for of_column in profile.made.values() for way in of_column]
        self.sources = {header for way in ways for header in way.headers}
        self._sources = {normalise_header(each) for each in self.sources}
        given = {
            *profile.made,
            *profile.constants,
            *profile.absent,
            *table.key[: profile.row_key],
        }
        self._required = [
            c for c in table.columns if (c.required or c.header_required) and c.name not in given
        ]
        self._known = self._columns.keys() | ignored | self._sources
        excluding = {normalise_header(each) for rule in profile.exclude for each in rule.where}
        self._read = self._known - set(map(normalise_header, profile.ignore)) | excluding
        # Half of the required columns make a row the header: enough to tell it from data and
        # banners, few enough that a renamed column is reported as such.
        self._needed = max(1, len(self._required) // 2)

    @property
    def expected(self) -> frozenset[str]:
        """Headers that may occur, as they are compared."""
        return frozenset(self._known)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header row."""
        names = {normalise_header(cell) for cell in cells}
        found = {self._columns.get(name) for name in names} - {None}
        return len(found) + len(names & self._sources) >= self._needed

    def column_of(self, header: str) -> str | None:
        """Column that a header feeds."""
        return self._columns.get(normalise_header(header))

    def is_read(self, header: str) -> bool:
        """Whether what stands below a header counts."""
        return normalise_header(header) in self._read

    def unknown(self, header: Sequence[str]) -> list[str]:
        """Headers that are not known, fit to be shown."""
        return [
            shown(name)
            for name in map(normalise_header, header)
            if name and name not in self._known
        ]

    def missing(self, header: Sequence[str]) -> list[str]:
        """Titles of required columns that no header feeds, and headers that are lacking."""
        names = {normalise_header(cell) for cell in header}
        fed = {self._columns.get(name) for name in names} | self.profile.made.keys()
        there = {each for each in self.sources if normalise_header(each) in names}
        titles = [column.title for column in self._required if column.name not in fed]
        return [*titles, *(self.sources - there - fed)]

    def match(self, header: Sequence[str]) -> dict[str, int]:
        """Column -> position of the cell that feeds it.

        Raises:
            FileRefused: "header_doubled", "header_missing" or "header_extra".
        """
        found: dict[str, int] = {}
        doubled, extra = [], []
        for position, name in enumerate(map(normalise_header, header)):
            column = self._columns.get(name)
            if column is not None and column in found:
                doubled.append(name)
            elif column is not None:
                found[column] = position
            elif name and name not in self._known and self.profile.extra_columns == "refuse":
                extra.append(name)
        missing = [column.title for column in self._required if column.name not in found]
        _refuse("header_doubled", doubled)
        _refuse("header_missing", missing)
        _refuse("header_extra", extra)
        return found

    def required_positions(self, positions: Mapping[str, int], header: Sequence[str]) -> list[int]:
        """Positions of the cells without which a row is none.

        Args:
            positions: as `match` returns them.
            header: cells of the header row.
        """
        own = [positions[each.name] for each in self._required]
        sources = (at for at, name in enumerate(header) if normalise_header(name) in self._sources)
        return own or list(sources)


def _refuse(rule: str, headers: Sequence[str]) -> None:
    if headers:
        # A header is the platform's text: it can hold anything, a phone number too.
        raise FileRefused(rule, columns=mask("、".join(headers))[:200])


def match_file(
    parsed: ParsedFile, matcher: HeaderMatcher, profile: Profile, *, day: date, sha256: str
) -> tuple[ParsedFile, dict[str, int], dict[str, int]]:
    """Match a file's header, and apply what the profile says of its rows and columns.

    Args:
        parsed: what was read.
        matcher: of its dataset.
        profile: how the platform exports.
        day: export date of the file.
        sha256: of the file.

    Returns:
        The file without totals and what stands below the last row, and without the rows that the
        profile excludes, with the columns that it makes;
        column -> position of the cell that feeds it; name of an exclusion -> rows that it left out,
        those of zero too.

    Raises:
        FileRefused: "header_doubled", "header_missing" or "header_extra".
    """
    dataset = matcher.profile
    positions = matcher.match(parsed.header)
    parsed = without_feet(
        parsed,
        required=matcher.required_positions(positions, parsed.header),
        key=[positions[name] for name in matcher.table.key if name in positions],
    )
    if not (dataset.exclude or dataset.made or dataset.constants or dataset.row_key):
        return parsed, positions, {}
    by_header = {normalise_header(cell): at for at, cell in enumerate(parsed.header)}
    excluding = [header for rule in dataset.exclude for header in rule.where]
    # Where a header is called like a column, the header is meant.
    cells = positions | {
        each: by_header[normalise_header(each)]
        for each in (*excluding, *matcher.sources)
        if normalise_header(each) in by_header
    }
    missing = [each for each in excluding if each not in cells]
    known = set(cells)
    for column, ways in dataset.made.items():
        missing += [each for way in ways for each in way.headers if each not in known]
        known.add(column)
    _refuse("header_missing", list(dict.fromkeys(missing)))
    rows, excluded = _without(parsed.rows, dataset.exclude, cells, profile.nulls)
    ignored = parsed.ignored + Ignored(excluded=parsed.rows.height - rows.height)
    rows, made = derive(rows, cells, matcher.table, profile, day=day, sha256=sha256)
    return replace(parsed, rows=rows, ignored=ignored), positions | made, excluded


def _without(
    rows: pl.DataFrame, exclusions: Sequence[Exclusion], cells: dict[str, int], nulls: Sequence[str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that no exclusion leaves out; the first one that fits a row counts it."""
    counts = {}
    for each in exclusions:
        kept = rows.filter(~holds(cells, each.where, nulls))
        counts[each.name] = rows.height - kept.height
        rows = kept
    return rows, counts
