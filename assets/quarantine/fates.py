"""What became of each row after it was quarantined: open, corrected or discarded.

A quarantined row stays quarantined in the account of its own file (read = accepted + quarantined +
duplicate + superseded + joined). In the second account, kept here, it is exactly one of

- corrected: a good row of a later file has the same key (unless that may be another leg of the same
  call), or a correction file names the row and
  gives a good row for it (if what it gives is quarantined in turn, the correction of that counts);
- discarded: somebody has given it up, with a reason;
- open: everything else.
"""

import polars as pl

from assets.core import Warehouse, read_whole, scan_whole
from assets.details import RANK, has_legs, live_files, scan_staged
from assets.exports import CORRECTIONS, key_text
from assets.quarantine.rows import PLACE, quarantined_rows, read_discarded
from schemas import EXPORTS

OPEN, CORRECTED, DISCARDED = "open", "corrected", "discarded"
FATES = (OPEN, CORRECTED, DISCARDED)
ROW_FATE = "became"


def with_fates(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The rows in quarantine and what became of each.

    Returns:
        The columns of `quarantined_rows` and `became`, `by` and `by_line` (delivery and line of
        what corrected it), `reason`, `who`, `at` (of a row that was discarded).
    """
    rows = quarantined_rows(warehouse, dataset)
    discarded = read_discarded(warehouse, dataset).select(*PLACE, "reason", "who", "at")
    by = pl.concat([_given_back(warehouse, dataset, rows), _same_key(warehouse, dataset, rows)])
    return (
        rows.join(by.unique(PLACE, keep="first", maintain_order=True), on=PLACE, how="left")
        .join(discarded, on=PLACE, how="left")
        .with_columns(
            pl.when(pl.col("by").is_not_null())
            .then(pl.lit(CORRECTED))
            .when(pl.col("reason").is_not_null())
            .then(pl.lit(DISCARDED))
            .otherwise(pl.lit(OPEN))
            .alias(ROW_FATE)
        )
    )


def _given_back(warehouse: Warehouse, dataset: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that a correction file names, with the good row it gives: `by`, `by_line`."""
    files = live_files(warehouse, dataset).select("delivery", "batch")
    parts = [pl.DataFrame(schema=CORRECTIONS)]
    for path in sorted(warehouse.corrections(dataset).glob("*.parquet")):
        live = files.filter(batch=path.stem)
        parts.append(read_whole(path).join(live, on="delivery", how="semi"))
    given = pl.concat(parts).select(
        delivery="corrected", line="corrected_line", by="delivery", by_line="line"
    )
    given = given.filter(pl.col("by") != pl.col("delivery"))
    bad = rows.select(by="delivery", by_line="line")
    found = given.join(bad, on=["by", "by_line"], how="anti")
    while True:
        # A correction that was quarantined itself: what corrects it corrects the first row, too.
        onward = (
            given.rename({"by": "via", "by_line": "via_line"})
            .join(found, left_on=["via", "via_line"], right_on=PLACE)
            .select(*PLACE, "by", "by_line")
            .join(found, on=PLACE, how="anti")
        )
        if not onward.height:
            return found
        found = pl.concat([found, onward])


def _same_key(warehouse: Warehouse, dataset: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose key a good row of a later file has: `delivery`, `line`, `by`, `by_line`."""
    table = EXPORTS[dataset]
    files = live_files(warehouse, dataset)
    keyed = rows.filter(pl.col("key").is_not_null()).select(*PLACE, "key")
    keyed = keyed.join(files.select("delivery", RANK), on="delivery")
    wanted = keyed.select("key").unique().lazy()
    periods = files["periods"].explode().drop_nulls().unique().sort()
    good = [
        scan_staged(warehouse, table, files, period)
        .select(key_text(table), by="__delivery", by_line="__line", later=RANK)
        .join(wanted, on="key", how="semi")
        for period in periods
    ]
    if not good or not keyed.height or has_legs(files):
        return keyed.clear().select(*PLACE, by="delivery", by_line="line")
    found = (
        pl.concat(good).collect().join(rows, left_on=["by", "by_line"], right_on=PLACE, how="anti")
    )
    return (
        keyed.join(found, on="key")
        .filter(pl.col("later") > pl.col(RANK))
        .sort("later", "by_line", descending=True)
        .unique(PLACE, keep="first", maintain_order=True)
        .select(*PLACE, "by", "by_line")
    )


def calls_lacking_legs(warehouse: Warehouse) -> int:
    """How many calls stand although one of their legs is in quarantine."""
    files = live_files(warehouse, "calls")
    if not has_legs(files):
        return 0
    rows = with_fates(warehouse, "calls").filter(pl.col(ROW_FATE) != CORRECTED)
    wanted = rows.select(call_id="key").drop_nulls().unique().lazy()
    details = sorted(warehouse.details("calls").glob("*.parquet"))
    if not details or not rows.height:
        return 0
    kept = scan_whole(details)
    return int(kept.join(wanted, on="call_id", how="semi").select(pl.len()).collect().item())


def counts(rows: pl.DataFrame) -> pl.DataFrame:
    """The second account: `delivery`, `export_date`, `file`, `open`, `corrected`, `discarded`."""
    return (
        rows.group_by("delivery", "export_date", "file")
        .agg((pl.col(ROW_FATE) == each).sum().alias(each) for each in FATES)
        .sort("export_date", "file", "delivery")
    )


def totals(warehouse: Warehouse) -> dict[str, int]:
    """How many rows of all datasets are open, corrected and discarded, in this order."""
    every = [counts(with_fates(warehouse, dataset)) for dataset in EXPORTS]
    return {each: sum(int(own[each].sum()) for own in every) for each in FATES}
