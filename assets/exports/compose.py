"""Apply to the cells of a file what its profile says of whole rows and of columns it lacks.

Belongs here: rows left out, cells put together, constants, rows without a key. Each made column is
one more cell of the row, so that whatever reads the cells next need not know where it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_

import polars as pl

from assets.exports.headers import normalised
from assets.exports.layout import LINE, Records
from assets.exports.refusals import FileRefused
from assets.masking import mask
from assets.profiles import DatasetProfile, Exclusion
from schemas.fields import Kind
from schemas.table import ExportTable

_DIGITS = 16  # of a SHA-256: enough to tell the files of a hotline apart
_SPACES = " \t\u3000\xa0"


@dataclass(frozen=True)
class Composed:
    """A file as its profile wants it read.

    Attributes:
        records: without the rows that are left out, with the columns that were put together.
        positions: column -> position of the cell that feeds it.
        excluded: name of a rule -> rows that it left out, those of zero too.
    """

    records: Records
    positions: dict[str, int]
    excluded: dict[str, int]


def compose(
    records: Records,
    positions: dict[str, int],
    table: ExportTable,
    profile: DatasetProfile,
    nulls: Sequence[str],
    *,
    sha256: str,
) -> Composed:
    """Apply the statements of a profile to a file.

    Args:
        records: what was read.
        positions: column -> position of the cell that feeds it.
        table: the dataset.
        profile: its statements.
        nulls: texts that mean nothing.
        sha256: of the file, part of the key where rows are known by where they stand.

    Raises:
        FileRefused: "header_missing", where a statement needs a header that the file lacks.
    """
    if not (profile.exclude or profile.join or profile.constants or profile.row_key):
        return Composed(records, positions, {})
    cells = {normalised(cell): at for at, cell in enumerate(records.header)} | positions
    needed = [header for rule in profile.exclude for header in rule.where]
    needed += [header for headers in profile.join.values() for header in headers]
    if missing := [each for each in needed if normalised(each) not in cells]:
        raise FileRefused("header_missing", columns=mask("、".join(dict.fromkeys(missing)))[:200])
    rows, excluded = _without(records.rows, profile.exclude, cells)
    found = dict(positions)
    made: list[pl.Expr] = []
    for column, headers in profile.join.items():
        parts = [_text(str(cells[normalised(each)]), nulls) for each in headers]
        between = " " if table.by_name[column].kind is Kind.TIMESTAMP else "-"
        found[column] = len(records.header) + len(made)
        made.append(pl.concat_str(parts, separator=between).alias(str(found[column])))
    for column, text in profile.constants.items():
        if column not in found:
            found[column] = len(records.header) + len(made)
            made.append(pl.lit(text).alias(str(found[column])))
    if profile.row_key:
        key = table.key[0]
        found[key] = len(records.header) + len(made)
        place = pl.format("{}-{}", pl.lit(sha256[:_DIGITS]), pl.col(LINE))
        made.append(place.alias(str(found[key])))
    changed = replace(
        records,
        rows=rows.with_columns(made),
        ignored=records.ignored + records.rows.height - rows.height,
    )
    return Composed(changed, found, excluded)


def _text(name: str, nulls: Sequence[str]) -> pl.Expr:
    value = pl.col(name).str.strip_chars(_SPACES)
    return pl.when(~value.is_in(["", *nulls])).then(value)


def _without(
    rows: pl.DataFrame, rules: Sequence[Exclusion], cells: dict[str, int]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that no rule leaves out; the first rule that fits a row counts it."""
    counts = {}
    for rule in rules:
        fits = reduce(
            and_, (_holds(cells[normalised(name)], texts) for name, texts in rule.where.items())
        )
        kept = rows.filter(~fits)
        counts[rule.name] = rows.height - kept.height
        rows = kept
    return rows, counts


def _holds(position: int, texts: Sequence[str]) -> pl.Expr:
    value = pl.col(str(position)).str.strip_chars(_SPACES).fill_null("")
    whole = [text for text in texts if not text.endswith("*")]
    starts = (value.str.starts_with(text[:-1]) for text in texts if text.endswith("*"))
    return pl.any_horizontal(value.is_in(whole), *starts)
