"""Decide which of several rows with one key stands.

Belongs here: the rule of DATA.md, section 3, as a pure function of the set of rows, so that the
order in which files arrived cannot matter:

- a ticket whose `accepted_at` differs from that of its earliest file's version is quarantined;
- of the rest, the newest version stands (`updated_at`), then the later file, then the later line;
- a row equal in every column to one that wins over it is a duplicate, any other is superseded.
"""

import polars as pl

from schemas.tables import ExportTable

FATE = "__fate"
RANK = "__rank"
LINE = "__line"
ACCEPTED = "accepted"
DUPLICATE = "duplicate"
SUPERSEDED = "superseded"
QUARANTINED = "quarantined"


def resolve(rows: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Give every row its fate.

    Args:
        rows: every row of the keys it holds: stored columns, `__rank` (precedence of the file,
            larger wins) and `__line`.
        table: the dataset: key, version and fixed column.

    Returns:
        The rows with `__fate`: accepted (exactly one for each key that has a valid row), duplicate,
        superseded or quarantined. In no particular order.
    """
    key = list(table.key)
    content = list(table.stored_columns)
    shared = pl.struct(key).is_duplicated()
    single = rows.filter(~shared).with_columns(pl.lit(ACCEPTED).alias(FATE))
    several = rows.filter(shared)
    if not several.height:
        return single
    order = [*([table.version] if table.version else []), RANK, LINE]
    if table.fixed:
        first = pl.col(table.fixed).sort_by(RANK, LINE).first().over(key)
        several = several.with_columns(
            pl.when(pl.col(table.fixed) != first).then(pl.lit(QUARANTINED)).alias(FATE)
        )
    else:
        several = several.with_columns(pl.lit(None, pl.String).alias(FATE))
    wrong = several.filter(pl.col(FATE) == QUARANTINED)
    ranked = several.filter(pl.col(FATE).is_null()).sort(order)
    ranked = ranked.with_columns(
        pl.when(pl.struct(key).is_last_distinct())
        .then(pl.lit(ACCEPTED))
        .when(~pl.struct(content).is_last_distinct())
        .then(pl.lit(DUPLICATE))
        .otherwise(pl.lit(SUPERSEDED))
        .alias(FATE)
    )
    return pl.concat([single, ranked, wrong])
