"""The rows that are in quarantine now.

Belongs here: which rows of `quarantine/<dataset>/` exist. A batch that the ledger does not name
does not, and of the rows that broke a rule against other files' rows only those that the present
details name. So the rows of a file are as many as its account says.
"""

from pathlib import Path

import polars as pl

from assets.core import HotlineError, Warehouse
from assets.details import PREFIX, read_details
from assets.exports import QUARANTINE, TAKEN, read_ledger
from assets.masking import masked_name
from schemas.table import ExportTable, rule_sentences


def _read(path: Path) -> pl.DataFrame:
    """A quarantine file; columns that it was written without are empty."""
    return pl.concat([pl.DataFrame(schema=QUARANTINE), pl.read_parquet(path)], how="diagonal")


def _late(warehouse: Warehouse, dataset: str, path: Path) -> pl.DataFrame:
    details = read_details(warehouse, dataset, path.stem.removeprefix(PREFIX))
    places = pl.DataFrame(
        details.quarantined if details else [],
        schema={"delivery": pl.String, "line": pl.Int64},
        orient="row",
    )
    return _read(path).join(places, on=["delivery", "line"], how="semi")


def quarantined_rows(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """Rows of a dataset that are in quarantine.

    Returns:
        Columns as in `assets.exports.quarantine.QUARANTINE`, in order of export date, file and
        line. `raw` holds personal data.
    """
    files = read_ledger(warehouse, dataset).filter(state=TAKEN).select("delivery", "batch")
    parts = [pl.DataFrame(schema=QUARANTINE)]
    for path in sorted(warehouse.quarantine(dataset).glob("*.parquet")):
        if path.stem.startswith(PREFIX):
            parts.append(_late(warehouse, dataset, path).join(files, on="delivery", how="semi"))
        else:
            live = files.filter(batch=path.stem)
            parts.append(_read(path).join(live, on="delivery", how="semi"))
    return pl.concat(parts).sort("export_date", "file", "delivery", "line")


def reasons(table: ExportTable, rules: list[str], columns: list[str]) -> list[str]:
    """The reasons of a row as Chinese sentences, in which nothing of the row is quoted."""
    sentences = rule_sentences(table)
    # A rule that is no longer declared has no sentence: the file was read by an older program.
    return [
        sentences.get((rule, column), (rule, rule))[0]
        for rule, column in zip(rules, columns, strict=True)
    ]


def file_named(rows: pl.DataFrame, wanted: str) -> str:
    """The delivery that an operator means.

    Args:
        rows: at least `delivery` and `file`.
        wanted: a file's name, path, name as it is shown, or the id of the delivery.

    Raises:
        HotlineError: there is none, or more than one.
    """
    wanted = wanted.replace("\\", "/")
    found = []
    for delivery, file in rows.select("delivery", "file").unique().sort("file", "delivery").rows():
        name = file.rpartition("/")[2]
        if wanted in (delivery, file, name, masked_name(name)):
            found.append(delivery)
    if not found:
        raise HotlineError(
            f"隔离记录里没有文件 {masked_name(wanted)}：请用 hotline quarantine list --all 核对。"
        )
    if len(found) > 1:
        raise HotlineError(
            f"名为 {masked_name(wanted)} 的文件有 {len(found)} 个，请改写编号：{'、'.join(found)}。"
        )
    return str(found[0])
