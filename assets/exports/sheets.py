"""The sheets of a workbook as the parts of one file, each by its own header."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from assets.exports.headers import HeaderMatcher, match_file, normalise_header, shown
from assets.exports.parsed_file import LINE, FileRefused, Ignored, ParsedFile
from assets.exports.xlsx import ParsedSheet, Workbook
from assets.profiles import Profile
from schemas.fields import Kind
from schemas.table import ExportTable

# Days from the first day of Excel's usual date system to that of the other.
_DAYS_TO_1904 = 1462
_SERIAL = r"^[0-9]{1,6}(?:[.][0-9]+)?$"


def match_sheets(
    book: Workbook, matcher: HeaderMatcher, profile: Profile, *, day: date, sha256: str
) -> tuple[ParsedFile, dict[str, int], dict[str, int], dict[str, Any]]:
    """Match each sheet's header as `match_file` does, and put their rows together.

    A sheet that lacks a required column is not read, if another one does not.

    Returns:
        As `match_file`; and what is worth telling: rows of each sheet that is not read (`sheets`),
        hidden rows and columns that are (`hidden`).

    Raises:
        FileRefused: as `match_file`.
    """
    matched: list[tuple[ParsedFile, dict[str, int]]] = []
    excluded: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    refusals: list[FileRefused] = []
    for sheet in book.sheets:
        try:
            parsed = _counted_from_1900(sheet, matcher)
            parsed, positions, left_out = match_file(
                parsed, matcher, profile, day=day, sha256=sha256
            )
        except FileRefused as refused:
            if refused.rule != "header_missing":
                raise
            refusals.append(refused)
            unread[f"{shown(sheet.name)}（缺少列：{refused.detail['columns']}）"] += sheet.filled
            continue
        matched.append((parsed, positions))
        excluded.update(left_out)
        hidden.update(rows=sheet.hidden_rows, columns=sheet.hidden_columns)
    if not matched:
        raise refusals[0]
    for name, filled in book.others:
        unread[shown(name)] += filled
    parsed, positions = join(matched)
    noticed: dict[str, Any] = {"sheets": dict(unread)}
    if hidden.total():
        noticed["hidden"] = dict(hidden)
    whole = replace(parsed, ignored=parsed.ignored + Ignored(sheet=unread.total()))
    return whole, positions, dict(excluded), noticed


def join_sheets(book: Workbook, column_of: Callable[[str], str | None]) -> ParsedFile:
    """Put the sheets together as they are, cells by the columns that their headers feed."""
    parts = []
    for each in book.sheets:
        columns = {column_of(cell): at for at, cell in enumerate(each.parsed.header)}
        parts.append((each.parsed, {name: at for name, at in columns.items() if name}))
    return join(parts)[0]


def join(
    parts: Sequence[tuple[ParsedFile, dict[str, int]]],
) -> tuple[ParsedFile, dict[str, int]]:
    """Put parts of one file together.

    Args:
        parts: what was read, and column -> position of the cell that feeds it.

    Returns:
        The same of the whole. Its header is that of the first part and what others have beside it.
    """
    if len(parts) == 1:
        return parts[0]
    places: dict[object, int] = {}
    header: list[str] = []
    names = [_names(parsed, positions) for parsed, positions in parts]
    for (parsed, _), own in zip(parts, names, strict=True):
        for name, cell in zip(own, parsed.header, strict=False):
            if name not in places:
                places[name] = len(header)
                header.append(cell)
    for own in names:
        for name in own:
            places.setdefault(name, len(places))
    frames = [
        parsed.rows.select(
            LINE, *(pl.col(str(at)).alias(str(places[name])) for at, name in enumerate(own))
        )
        for (parsed, _), own in zip(parts, names, strict=True)
    ]
    empty = pl.DataFrame(schema={LINE: pl.Int64} | {str(at): pl.String for at in places.values()})
    files = [parsed for parsed, _ in parts]

    def raw(lines: Sequence[int]) -> list[str]:
        # A line stands in one part; the others have no text for it.
        return ["".join(texts) for texts in zip(*(each.raw(lines) for each in files), strict=True)]

    whole = replace(
        files[0],
        header=tuple(header),
        rows=pl.concat([empty, *frames], how="diagonal"),
        rejects=pl.concat([each.rejects for each in files]),
        ignored=sum((each.ignored for each in files), Ignored()),
        raw=raw,
    )
    columns = {name for _, positions in parts for name in positions}
    return whole, {name: places[name] for name in columns}


def _names(parsed: ParsedFile, positions: dict[str, int]) -> list[object]:
    """What each cell of a row is known by: its column, or its header and which one of that name."""
    of_column = {at: name for name, at in positions.items()}
    seen: Counter[str] = Counter()
    names: list[object] = []
    for at in range(len(parsed.rows.columns) - 1):
        if (name := of_column.get(at)) is None:
            header = normalise_header(parsed.header[at])
            seen[header] += 1
            names.append((header, seen[header]))
        else:
            names.append(name)
    return names


def _counted_from_1900(sheet: ParsedSheet, matcher: HeaderMatcher) -> ParsedFile:
    """Bring serial days that no format of date shows to the date system that profiles know."""
    parsed = sheet.parsed
    if not sheet.is_1904:
        return parsed
    times = _times(matcher.table, matcher, parsed.header)
    changed = [
        pl.when(pl.col(name).str.contains(_SERIAL))
        .then((pl.col(name).cast(pl.Float64, strict=False) + _DAYS_TO_1904).cast(pl.String))
        .otherwise(pl.col(name))
        .alias(name)
        for name in times
    ]
    return replace(parsed, rows=parsed.rows.with_columns(changed))


def _times(table: ExportTable, matcher: HeaderMatcher, header: Sequence[str]) -> list[str]:
    columns = {str(at): matcher.column_of(cell) for at, cell in enumerate(header)}
    return [
        at
        for at, name in columns.items()
        if name and name in table.by_name and table.by_name[name].kind is Kind.TIMESTAMP
    ]
