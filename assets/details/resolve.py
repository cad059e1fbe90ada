"""Decide which of several rows with one key is accepted.

This is the rule of DATA.md, section 3, as a pure function of the set of rows, so that the order in
which files arrived cannot matter:

- a ticket whose `accepted_at` differs from that of its earliest file's version is quarantined;
- of the rest, the newest version is accepted (`updated_at`), then the later file, then the later
  line;
- a row equal in every column to one that wins over it is a duplicate, any other is superseded.
"""

import polars as pl

from assets.exports import LINE
from schemas.table import ExportTable

FATE = "__fate"
RANK = "__rank"
_PLACE = "__place"
ACCEPTED = "accepted"
DUPLICATE = "duplicate"
SUPERSEDED = "superseded"
JOINED = "joined"
QUARANTINED = "quarantined"


def resolve(rows: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Give every row its fate.

    Args:
        rows: every row of the keys it holds: stored columns, `__rank` (precedence of the file,
            larger wins) and `__line`.
        table: the dataset: key, version and fixed column.

    Returns:
        The rows with `__fate`: accepted (exactly one for each key that has a valid row), duplicate,
        superseded or quarantined.
    """
    key = list(table.key)
    # Rows are wide: only the columns that decide are sorted, and fates are put in by position.
    version = [table.version] if table.version else []
    fixed = [table.fixed] if table.fixed else []
    several = (
        rows.select(*key, *version, *fixed, RANK, LINE)
        .with_columns(pl.int_range(pl.len()).alias(_PLACE))
        .filter(pl.struct(key).is_duplicated())
    )
    fate = pl.Series(FATE, [ACCEPTED]).new_from_index(0, rows.height)
    if not several.height:
        return rows.with_columns(fate)
    if table.fixed:
        first = pl.col(table.fixed).sort_by(RANK, LINE).first().over(key)
        wrong = several.filter(pl.col(table.fixed) != first)
        fate = fate.scatter(wrong[_PLACE], QUARANTINED)
        several = several.join(wrong, on=_PLACE, how="anti")
    ranked = several.sort(*version, RANK, LINE)
    beaten = ranked.filter(~pl.struct(key).is_last_distinct())
    fate = fate.scatter(beaten[_PLACE], SUPERSEDED)
    # Rows that are equal in every column are so in these.
    alike = ranked.filter(pl.struct(*key, *version).is_duplicated())[_PLACE]
    content = rows.select(table.stored_columns)[alike]
    equal = alike.filter(~content.select(pl.struct(pl.all()).is_last_distinct()).to_series())
    return rows.with_columns(fate.scatter(equal, DUPLICATE))
