"""The same facts by plain SQL, as monthly Parquet files: what the pipeline is held against.

Run as `python -m tests.bench.plain LANDING FOLDER`. It reads, adds up and writes; it checks
nothing, keeps no history and protects nobody's data.
"""

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from tests.recount import TABLES, recount

WORKING_DAYS = Path(__file__).parents[2] / "assets" / "deadlines" / "working_days.csv"
_DAY = re.compile(r"_([0-9]{8})\.csv$")


def cutoff_of(landing: Path) -> datetime:
    """The midnight that ends the last day of which there is a daily export."""
    days = [match[1] for path in landing.rglob("*.csv") if (match := _DAY.search(path.name))]
    return datetime.strptime(max(days), "%Y%m%d") + timedelta(days=1)


def write_facts(landing: Path, folder: Path) -> None:
    """Recompute the facts of a landing folder and write `<folder>/<table>/<month>.parquet`."""
    database = recount(landing, cutoff=cutoff_of(landing), working_days=WORKING_DAYS)
    write_tables(database, folder)


def write_tables(database: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write all fact tables, by month."""
    for table in TABLES:
        (folder / table).mkdir(parents=True)
        months = database.execute(f"SELECT DISTINCT month FROM {table}").fetchall()
        for (month,) in months:
            database.execute(
                f"COPY (SELECT * FROM {table} WHERE month = '{month}' ORDER BY ALL)"
                f" TO '{folder}/{table}/{month}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )


if __name__ == "__main__":
    write_facts(Path(sys.argv[1]), Path(sys.argv[2]))
