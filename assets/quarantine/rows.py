"""The rows that are in quarantine now, who has given up which, and when each entered and left.

A batch that the ledger does not name does not exist, and of the rows that broke a rule against
other files' rows only those count that the present details name: so the rows of a file are as many
as its account says. Two records, `ledger/quarantine/discarded/<dataset>.parquet` and
`ledger/quarantine/history/<dataset>.parquet`, name rows by delivery and line, which a file keeps
however often it is read again.
"""

from datetime import datetime
from pathlib import Path

import polars as pl

from assets.core import (
    PRIVATE_FOLDER,
    HotlineError,
    Warehouse,
    make_folder,
    read_record,
    read_whole,
    write_rows,
)
from assets.details import CROSS_FILE_PREFIX, read_details
from assets.exports import QUARANTINE, TAKEN, read_ledger
from assets.masking import mask, masked_name
from schemas import EXPORTS
from schemas.table import ExportTable, rule_sentences
from schemas.wall_clock import TIME_ZONE

# What names a row.
PLACE = ["delivery", "line"]
_TIME = pl.Datetime("us", TIME_ZONE)
_Schema = dict[str, pl.DataType | type[pl.DataType]]
_DISCARDED: _Schema = {
    "delivery": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "rules": pl.List(pl.String),
    "reason": pl.String,
    "who": pl.String,
    "at": _TIME,
}
_HISTORY: _Schema = {
    "delivery": pl.String,
    "export_date": pl.Date,
    "file": pl.String,
    "line": pl.Int64,
    "rules": pl.List(pl.String),
    "columns": pl.List(pl.String),
    "entered": _TIME,
    "left": _TIME,
    "how": pl.String,
}
PASSED, FILE_GONE = "passed", "file_gone"
_LONGEST_REASON = 200


def quarantined_rows(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """Rows of a dataset that are in quarantine.

    Returns:
        Columns as in `assets.exports.QUARANTINE`, in order of export date, file and line. `raw`
        holds personal data.
    """
    files = read_ledger(warehouse, dataset).filter(state=TAKEN).select("delivery", "batch")
    parts = [pl.DataFrame(schema=QUARANTINE)]
    for path in sorted(warehouse.quarantine(dataset).glob("*.parquet")):
        if path.stem.startswith(CROSS_FILE_PREFIX):
            rows = _broken_across_files(warehouse, dataset, path)
            parts.append(rows.join(files, on="delivery", how="semi"))
        else:
            live = files.filter(batch=path.stem)
            parts.append(_read(path).join(live, on="delivery", how="semi"))
    return pl.concat(parts).sort("export_date", "file", *PLACE)


def _read(path: Path) -> pl.DataFrame:
    """A quarantine file; columns that it was written without are empty."""
    return pl.concat([pl.DataFrame(schema=QUARANTINE), read_whole(path)], how="diagonal")


def _broken_across_files(warehouse: Warehouse, dataset: str, path: Path) -> pl.DataFrame:
    """Rows of a file of the details that they name now."""
    details = read_details(warehouse, dataset, path.stem.removeprefix(CROSS_FILE_PREFIX))
    places = pl.DataFrame(
        details.quarantined if details else [],
        schema={"delivery": pl.String, "line": pl.Int64},
        orient="row",
    )
    return _read(path).join(places, on=PLACE, how="semi")


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


# --- records --------------------------------------------------------------------------------------


def _record(path: Path, schema: _Schema) -> pl.DataFrame:
    return read_record(path, "隔离记录") if path.exists() else pl.DataFrame(schema=schema)


def read_discarded(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """The rows of a dataset that were given up: who did, when, and why."""
    return _record(warehouse.discarded(dataset), _DISCARDED)


def discard(
    warehouse: Warehouse, dataset: str, rows: pl.DataFrame, *, reason: str, who: str, at: datetime
) -> int:
    """Enter rows in the record; rows that are in it stay as they were entered first.

    Args:
        warehouse: where the record lies.
        dataset: the dataset of the rows.
        rows: at least `delivery`, `file`, `line`, `rules`.
        reason: why; numbers of people in it are masked.
        who: the system user.
        at: now.

    Returns:
        How many rows are new in the record.

    Raises:
        HotlineError: there is no reason, or it is a text and no reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise HotlineError("作废必须写明理由：--reason “……”。")
    if len(reason) > _LONGEST_REASON:
        raise HotlineError(f"理由超过 {_LONGEST_REASON} 个字，请写短些。")
    known = read_discarded(warehouse, dataset)
    new = rows.join(known, on=PLACE, how="anti").with_columns(
        reason=pl.lit(mask(reason)), who=pl.lit(who), at=pl.lit(at, _TIME)
    )
    if new.height:
        path = warehouse.discarded(dataset)
        make_folder(path.parent, PRIVATE_FOLDER)
        record = pl.concat([known, new.select(*_DISCARDED)]).sort("file", *PLACE)
        write_rows(path, record)
    return new.height


def read_history(warehouse: Warehouse, dataset: str) -> pl.DataFrame:
    """When each row of a dataset entered and left the quarantine.

    Returns:
        `delivery`, `export_date`, `file`, `line`, `rules`, `columns`, `entered`, `left` and `how`
        (PASSED or FILE_GONE); the last two are null while a row is in quarantine.
    """
    return _record(warehouse.quarantine_history(dataset), _HISTORY)


def update_history(warehouse: Warehouse, *, at: datetime) -> None:
    """Enter what has come into quarantine and what has left it, of every dataset.

    A row leaves when its file is read again by other rules, codes or another profile; a row that
    was corrected stays in its file's account and does not leave.

    Args:
        warehouse: held for writing.
        at: now.
    """
    # There even before the first row is: a backup names it.
    make_folder(warehouse.quarantine_history("").parent, PRIVATE_FOLDER)
    for dataset in EXPORTS:
        known = read_history(warehouse, dataset)
        after = _history_after(warehouse, dataset, known, pl.lit(at, _TIME))
        if not after.equals(known):
            path = warehouse.quarantine_history(dataset)
            write_rows(path, after)


def _history_after(
    warehouse: Warehouse, dataset: str, known: pl.DataFrame, now: pl.Expr
) -> pl.DataFrame:
    """The history with a look at what is in quarantine now."""
    rows = quarantined_rows(warehouse, dataset)
    taken = read_ledger(warehouse, dataset).filter(state=TAKEN)["delivery"]
    here = (
        rows.join(known.select(*PLACE, "entered"), on=PLACE, how="left")
        .with_columns(
            pl.col("entered").fill_null(now),
            left=pl.lit(None, _TIME),
            how=pl.lit(None, pl.String),
        )
        .select(*_HISTORY)
    )
    file_is_taken = pl.col("delivery").is_in(taken.to_list())
    gone = known.join(rows, on=PLACE, how="anti").with_columns(
        pl.col("left").fill_null(now),
        pl.col("how").fill_null(
            pl.when(file_is_taken).then(pl.lit(PASSED)).otherwise(pl.lit(FILE_GONE))
        ),
    )
    return pl.concat([here, gone]).sort("export_date", "file", *PLACE)
