"""Quarantine rows that broke a rule against rows of other files, with their raw text.

Such a row is only known once all versions of its key are seen. Staged rows do not carry the raw
text, which is personal: it is read again from the archive, for few rows.
"""

import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    make_folder,
    remove_file,
    write_atomically,
)
from assets.exports import DELIVERY, LINE, QUARANTINE, key_text, raw_text
from schemas import rules
from schemas.tables import ExportTable

PREFIX = "late-"


def write_cross_file_quarantine(
    warehouse: Warehouse,
    table: ExportTable,
    period: str,
    rows: pl.DataFrame,
    files: pl.DataFrame,
) -> None:
    """Write the rows of a period that broke a rule against other rows; without any, no file.

    Args:
        warehouse: where archive and quarantine lie.
        table: the dataset; `fixed` is the column that the rule is about.
        period: month or year.
        rows: `__delivery`, `__line` and the key.
        files: ledger rows of the files they come from.
    """
    path = warehouse.quarantine(table.name) / f"{PREFIX}{period}.parquet"
    if not rows.height:
        remove_file(path)
        return
    keyed = rows.select(pl.col(DELIVERY).alias("delivery"), line=LINE, key=key_text(table))
    parts = []
    for own in keyed.sort("delivery", "line").partition_by("delivery", maintain_order=True):
        file = files.row(by_predicate=pl.col("delivery") == own["delivery"][0], named=True)
        content = warehouse.archived(file["sha256"]).read_bytes()
        parts.append(
            own.with_columns(
                pl.lit(file["export_date"]).alias("export_date"),
                pl.lit(file["path"]).alias("file"),
                pl.lit(file["sha256"]).alias("sha256"),
                pl.Series("raw", raw_text(content, file["path"], own["line"].to_list())),
                rules=pl.lit([rules.FIXED_CHANGED.id]),
                columns=pl.lit([table.fixed]),
            )
        )
    frame = pl.concat(parts).select(pl.col(name).cast(of) for name, of in QUARANTINE.items())
    make_folder(path.parent, PRIVATE_FOLDER)
    write_atomically(path, frame.write_parquet, mode=PRIVATE_FILE)
