"""Read the columns that the facts are made of and do nothing with them: the floor of the facts.

Run as `python -m tests.bench.decode DETAILS`.
"""

import sys
from pathlib import Path

import polars as pl

_WIDE = ("title", "content", "__delivery", "__line")

if __name__ == "__main__":
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        rows = pl.scan_parquet(folder / "*.parquet")
        narrow = [name for name in rows.collect_schema() if name not in _WIDE]
        rows.select(narrow).sink_batches(lambda _: None)
