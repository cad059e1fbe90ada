"""The facts, recomputed from raw exports with plain DuckDB SQL and no check of any kind.

Belongs here: a second way to the figures of FACTS.md, section 2, that shares no line with the
pipeline, so that the two can be held against each other cell by cell. It believes what it reads:
clean exports as UTF-8 CSV, the headers of DATA.md in the same order in every file, one file for
each dataset and period. Each table is one SQL file beside this module.
"""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

DATASETS = ("calls", "tickets", "callbacks", "quality", "knowledge", "staff")
TABLES = (*DATASETS, "workload", "focus_tickets", "repeats", "seats")
_SQL = Path(__file__).parent
# What the tables are made from, before them.
_FIRST = ("calendar", "current_tickets")
# Columns are named, all text: DuckDB would else guess at every file, for most of the time.
_EXPORT = """
CREATE TEMP VIEW {dataset}_export AS
SELECT * FROM read_csv(
    '{landing}/**/{dataset}_*.csv',
    columns = {{{columns}}},
    filename = 'path',
    auto_detect = false,
    header = true,
    delim = ',',
    quote = '"',
    escape = '"',
    nullstr = ['', '-']
)
"""


def local(moment: datetime) -> datetime:
    """A moment as the hotline's wall clock shows it, without zone; naive ones are that already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)


def _export(landing: Path, dataset: str) -> str:
    """SQL of a view of a dataset's files: every column as text under its Chinese header.

    An empty cell and a lone dash are nothing; `path` is the file.
    """
    first = min(landing.rglob(f"{dataset}_*.csv"))
    with first.open(encoding="utf-8-sig", newline="") as file:
        columns = ", ".join(f"'{header}': 'VARCHAR'" for header in next(csv.reader(file)))
    return _EXPORT.format(dataset=dataset, landing=landing, columns=columns)


def recount(landing: Path, *, cutoff: datetime, working_days: Path) -> duckdb.DuckDBPyConnection:
    """Recompute the facts of all months.

    Args:
        landing: folder of clean exports; sub-folders are searched, too. Every one of the six
            datasets has at least one file, if only a header.
        cutoff: open tickets are in time or overdue as of this moment.
        working_days: CSV of `date`, `day` (休 or 班) and `festival`: the days on which the State
            Council differs from Monday to Friday.

    Returns:
        A database in memory with the tables of `TABLES`, columns as published, rows in no
        particular order.
    """
    database = duckdb.connect()
    database.execute("SET VARIABLE working_days = ?", [str(working_days)])
    database.execute("SET VARIABLE cutoff = ?::TIMESTAMP", [local(cutoff)])
    for dataset in DATASETS:
        database.execute(_export(landing, dataset))
    run(database, (*_FIRST, *TABLES))
    return database


def run(database: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Run the SQL of some tables."""
    for name in names:
        database.execute((_SQL / f"{name}.sql").read_text(encoding="utf-8"))
