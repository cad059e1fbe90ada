"""Match the headers of a file with the columns of its dataset, and make the columns it lacks.

A header matches after NFKC, trimming and dropping of inner spaces: `振铃时长 （秒）` is the same
as `振铃时长(秒)`. What a profile composes (joined cells, constants, row keys) becomes one more cell
of the row, so that whatever reads the cells next need not know where it came from.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import polars as pl

from assets.exports.parsed_file import LINE, FileRefused, ParsedFile, trimmed
from assets.masking import mask
from assets.profiles import DatasetProfile, Exclusion
from schemas.fields import Kind
from schemas.table import CORRECTION, ExportTable

_ROW_KEY_DIGITS = 16  # of a SHA-256: enough to tell the files of a hotline apart


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
            for name in (column.title, column.name, *column.aliases)
        } | {normalise_header(header): column for header, column in profile.headers.items()}
        ignored = {
            normalise_header(header) for header in (*profile.ignore, *table.helping, *CORRECTION)
        }
        self._joined = {
            normalise_header(each) for headers in profile.join.values() for each in headers
        }
        given = {*profile.join, *profile.constants, *table.key[: profile.row_key]}
        self._required = [c for c in table.columns if c.required and c.name not in given]
        self._known = self._columns.keys() | ignored | self._joined
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
        return len(found) + len(names & self._joined) >= self._needed

    def column_of(self, header: str) -> str | None:
        """Column that a header feeds."""
        return self._columns.get(normalise_header(header))

    def unknown(self, header: Sequence[str]) -> list[str]:
        """Headers that are not known, fit to be shown."""
        return [
            shown(name)
            for name in map(normalise_header, header)
            if name and name not in self._known
        ]

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


def _refuse(rule: str, headers: Sequence[str]) -> None:
    if headers:
        # A header is the platform's text: it can hold anything, a phone number too.
        raise FileRefused(rule, columns=mask("、".join(headers))[:200])


def match_file(
    parsed: ParsedFile, matcher: HeaderMatcher, nulls: Sequence[str], *, sha256: str
) -> tuple[ParsedFile, dict[str, int], dict[str, int]]:
    """Match a file's header, and apply what the profile says of its rows and columns.

    Args:
        parsed: what was read.
        matcher: of its dataset.
        nulls: texts that mean nothing.
        sha256: of the file, part of the key where rows are known by where they stand.

    Returns:
        The file without the rows that the profile excludes, with the columns that it composes;
        column -> position of the cell that feeds it; name of an exclusion -> rows that it left out,
        those of zero too.

    Raises:
        FileRefused: "header_doubled", "header_missing" or "header_extra".
    """
    table, profile = matcher.table, matcher.profile
    positions = matcher.match(parsed.header)
    if not (profile.exclude or profile.join or profile.constants or profile.row_key):
        return parsed, positions, {}
    cells = {normalise_header(cell): at for at, cell in enumerate(parsed.header)} | positions
    needed = [header for rule in profile.exclude for header in rule.where]
    needed += [header for headers in profile.join.values() for header in headers]
    missing = [each for each in needed if normalise_header(each) not in cells]
    _refuse("header_missing", list(dict.fromkeys(missing)))
    rows, excluded = _without(parsed.rows, profile.exclude, cells)
    composed: dict[str, pl.Expr] = {}
    for column, headers in profile.join.items():
        parts = [_value(cells[normalise_header(each)], nulls) for each in headers]
        between = " " if table.by_name[column].kind is Kind.TIMESTAMP else "-"
        composed[column] = pl.concat_str(parts, separator=between)
    for column, text in profile.constants.items():
        if column not in positions:
            composed[column] = pl.lit(text)
    if profile.row_key:
        place = pl.format("{}-{}", pl.lit(sha256[:_ROW_KEY_DIGITS]), pl.col(LINE))
        composed[table.key[0]] = place
    more = {column: at for at, column in enumerate(composed, len(parsed.header))}
    changed = replace(
        parsed,
        rows=rows.with_columns(made.alias(str(more[name])) for name, made in composed.items()),
        ignored=parsed.ignored + parsed.rows.height - rows.height,
    )
    return changed, positions | more, excluded


def _value(position: int, nulls: Sequence[str]) -> pl.Expr:
    value = trimmed(str(position))
    return pl.when(~value.is_in(["", *nulls])).then(value)


def _without(
    rows: pl.DataFrame, exclusions: Sequence[Exclusion], cells: dict[str, int]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that no exclusion leaves out; the first one that fits a row counts it."""
    counts = {}
    for each in exclusions:
        fits = (_holds(cells[normalise_header(name)], texts) for name, texts in each.where.items())
        kept = rows.filter(~pl.all_horizontal(fits))
        counts[each.name] = rows.height - kept.height
        rows = kept
    return rows, counts


def _holds(position: int, texts: Sequence[str]) -> pl.Expr:
    value = trimmed(str(position)).fill_null("")
    whole = [text for text in texts if not text.endswith("*")]
    starts = (value.str.starts_with(text[:-1]) for text in texts if text.endswith("*"))
    return pl.any_horizontal(value.is_in(whole), *starts)
