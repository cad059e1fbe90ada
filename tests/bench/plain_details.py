"""The facts by plain SQL from the details that the pipeline built: the same Parquet, no check.

Run as `python -m tests.bench.plain_details DETAILS CUTOFF FOLDER`. Which version of a ticket stands
and when it is due is read, as the pipeline's own facts read it.
"""

import sys
from pathlib import Path

import duckdb

from schemas import EXPORTS
from schemas.fields import Kind
from tests.bench.plain import write_tables
from tests.recount import DATASETS, TABLES, run

# The hotline's time is that of China, which has had no other offset since 1991: a sum is what a
# database does fastest.
_LOCAL = "make_timestamp(epoch_us({0}) + 28800000000)"


def _columns(dataset: str, *, titles: bool) -> str:
    chosen = []
    for column in EXPORTS[dataset].columns:
        value = f'"{column.stored_name}"'
        if column.kind is Kind.TIMESTAMP:
            value = _LOCAL.format(value)
        chosen.append(f'{value} AS "{column.title if titles else column.name}"')
    return ", ".join(chosen)


def main(details: Path, cutoff: str, folder: Path) -> None:
    """Compute the facts of all months and write them by table and month."""
    database = duckdb.connect()
    database.execute("SET VARIABLE cutoff = ?::TIMESTAMP", [cutoff])
    for dataset in DATASETS:
        source = f"FROM '{details}/{dataset}/*.parquet'"
        database.execute(
            f"CREATE TEMP VIEW {dataset}_export AS SELECT {_columns(dataset, titles=True)} {source}"
        )
    due = _LOCAL.format("deadline")
    tickets = f"{_columns('tickets', titles=False)}, {due} AS deadline"
    database.execute(
        f"CREATE TEMP VIEW current_ticket AS SELECT {tickets} FROM '{details}/tickets/*.parquet'"
    )
    run(database, TABLES)
    write_tables(database, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
