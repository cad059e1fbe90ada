"""A reader in a loop, as the README tells readers to read: `current` is resolved once, then read.

As a script: WAREHOUSE LIBRARY. Reads until its standard input ends, then prints what it saw as
JSON: reads, releases, and whatever was not one complete release.
"""

import json
import os
import select
import sys
from collections.abc import Callable

import duckdb
import polars as pl
import pyarrow.compute as pc
import pyarrow.dataset as ds


def with_duckdb(release: str) -> tuple[int, int, int]:
    """Calls offered, calls accounted for, KPI."""
    calls, kpi, files = (f"'{release}/{path}'" for path in PATHS)
    (offered,) = duckdb.sql(f"SELECT sum(offered) FROM {calls}").fetchall()[0]
    (counted,) = duckdb.sql(
        f"SELECT sum(accepted) FROM {files} WHERE dataset = 'calls'"
    ).fetchall()[0]
    (total,) = duckdb.sql(
        f"SELECT sum(numerator) FROM {kpi} WHERE metric = 'calls_offered'"
    ).fetchall()[0]
    return int(offered), int(counted), int(total)


def with_pyarrow(release: str) -> tuple[int, int, int]:
    """The same."""
    calls = ds.dataset(f"{release}/facts/calls").to_table(columns=["offered"])
    files = ds.dataset(f"{release}/files.parquet").to_table(filter=ds.field("dataset") == "calls")
    kpis = ds.dataset(f"{release}/facts/kpi_monthly").to_table(
        filter=ds.field("metric") == "calls_offered"
    )
    return (
        pc.sum(calls["offered"]).as_py(),
        pc.sum(files["accepted"]).as_py(),
        pc.sum(kpis["numerator"]).as_py(),
    )


def with_polars(release: str) -> tuple[int, int, int]:
    """The same."""
    calls, kpi, files = (f"{release}/{path}" for path in PATHS)
    return (
        pl.scan_parquet(calls).select(pl.sum("offered")).collect().item(),
        pl.scan_parquet(files).filter(dataset="calls").select(pl.sum("accepted")).collect().item(),
        pl.scan_parquet(kpi)
        .filter(metric="calls_offered")
        .select(pl.sum("numerator"))
        .collect()
        .item(),
    )


PATHS = ("facts/calls/*.parquet", "facts/kpi_monthly/*.parquet", "files.parquet")
LIBRARIES: dict[str, Callable[[str], tuple[int, int, int]]] = {
    "duckdb": with_duckdb,
    "pyarrow": with_pyarrow,
    "polars": with_polars,
}


def loop(warehouse: str, library: str) -> None:
    """Read until nobody wants it any more."""
    reads, seen, wrong = 0, set(), []
    while not (reads and select.select([sys.stdin], [], [], 0)[0]):
        release = os.path.realpath(f"{warehouse}/current")
        try:
            offered, counted, total = LIBRARIES[library](release)
        except Exception as error:  # Whatever it is, a reader must not meet it.
            wrong.append(f"{release}: {type(error).__name__}: {error}")
        else:
            if not offered == counted == total:
                wrong.append(f"{release}: {offered}, {counted}, {total}")
        seen.add(release)
        reads += 1
        if reads == 1:
            print("reading", flush=True)
    print(json.dumps({"reads": reads, "releases": len(seen), "wrong": wrong[:10]}))


if __name__ == "__main__":
    loop(*sys.argv[1:])
