"""Read every export as text and do nothing with it: the floor of all that reads them with Polars.

Run as `python -m tests.bench.parse LANDING`.
"""

import sys
from pathlib import Path

import polars as pl

if __name__ == "__main__":
    rows = sum(
        pl.read_csv(path, infer_schema=False).height
        for path in sorted(Path(sys.argv[1]).rglob("*.csv"))
    )
    print(f"{rows:,} rows")
