"""Rows that broke a rule against rows of other files: into the quarantine, with their raw text.

Belongs here: what is known only once all versions of a key are seen. The raw text is read again
from the archive, which happens for few rows: staged rows do not carry it, it is personal.
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
from assets.exports import QUARANTINE, key_text, raw_text
from schemas import rules
from schemas.table import ExportTable

PREFIX = "late-"


def keep_late(
    warehouse: Warehouse,
    table: ExportTable,
    period: str,
    wrong: pl.DataFrame,
    files: pl.DataFrame,
) -> None:
    """Write the rows of a period that broke a rule against other rows; none removes the file.

    Args:
        warehouse: where archive and quarantine lie.
        table: the dataset; `fixed` is the column that the rule is about.
        period: month or year.
        wrong: the rows: `__delivery`, `__line` and the key.
        files: ledger rows of the files they come from.
    """
    path = warehouse.quarantine(table.name) / f"{PREFIX}{period}.parquet"
    if not wrong.height:
        remove_file(path)
        return
    by_delivery = {row["delivery"]: row for row in files.iter_rows(named=True)}
    rows = []
    places = wrong.select("__delivery", "__line", key_text(table)).sort("__delivery", "__line")
    for (delivery,), own in places.partition_by(
        "__delivery", as_dict=True, maintain_order=True
    ).items():
        file = by_delivery[str(delivery)]
        lines, keys = own["__line"].to_list(), own["key"].to_list()
        content = warehouse.archived(file["sha256"]).read_bytes()
        texts = raw_text(content, file["path"], lines)
        for line, key, raw in zip(lines, keys, texts, strict=True):
            rows.append(
                {
                    "delivery": delivery,
                    "export_date": file["export_date"],
                    "file": file["path"],
                    "sha256": file["sha256"],
                    "line": line,
                    "rules": [rules.FIXED_CHANGED.id],
                    "columns": [table.fixed],
                    "raw": raw,
                    "key": key,
                }
            )
    make_folder(path.parent, PRIVATE_FOLDER)
    frame = pl.DataFrame(rows, schema=QUARANTINE)
    write_atomically(path, frame.write_parquet, mode=PRIVATE_FILE)
