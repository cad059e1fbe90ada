"""Compare two sets of fact files cell by cell.

Run as `python -m tests.bench.same FACTS FACTS`; ends with 1 and a line for each table that differs.
"""

import sys
from pathlib import Path

import duckdb

from tests.recount import TABLES


def differences(left: Path, right: Path) -> dict[str, tuple[int, int]]:
    """Rows that only one of two sets of facts holds.

    Args:
        left: folder with `<table>/<month>.parquet`.
        right: another one.

    Returns:
        Table -> number of rows only in `left` and only in `right`, for tables that differ.
    """
    found = {}
    for table in TABLES:
        columns = duckdb.read_parquet(f"{right}/{table}/*.parquet").columns
        chosen = ", ".join(columns)
        sides = [f"SELECT {chosen} FROM '{side}/{table}/*.parquet'" for side in (left, right)]
        if duckdb.read_parquet(f"{left}/{table}/*.parquet").columns != columns:
            raise SystemExit(f"{table}: the columns differ")
        # Month by month: what is compared is held in memory.
        months = duckdb.execute(
            f"SELECT DISTINCT month FROM ({sides[0]} UNION ALL {sides[1]})"
        ).fetchall()
        counts = [0, 0]
        for (month,) in months:
            own = [f"{side} WHERE month = '{month}'" for side in sides]
            for side, (one, other) in enumerate((own, reversed(own))):
                only = f"SELECT count(*) FROM ({one} EXCEPT ALL {other})"
                counts[side] += duckdb.execute(only).fetchall()[0][0]
        if any(counts):
            found[table] = (counts[0], counts[1])
    return found


if __name__ == "__main__":
    different = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    for table, (left, right) in different.items():
        print(f"{table}: {left} rows only here, {right} rows only there")
    raise SystemExit(bool(different))
