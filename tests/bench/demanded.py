"""What DATA.md demands of an export whatever checks it, by the libraries alone and nothing between.

Belongs here: the floor below which no ingestion can be: the archive by SHA-256, UTF-8, fields,
pseudonyms, Parquet. Rows are those of the clean export, which Polars reads without a word.
"""

import hashlib
from pathlib import Path

import polars as pl
import polars_hash as plh

from schemas import EXPORTS


def meet_demands(export: Path, clean: Path, scratch: Path, encoding: str) -> None:
    """Archive, decode, parse, make pseudonyms and write.

    Args:
        export: the file as delivered.
        clean: the same rows without damage, in UTF-8.
        scratch: folder for the copy and the Parquet file.
        encoding: of the export.
    """
    raw = export.read_bytes()
    (scratch / hashlib.sha256(raw).hexdigest()).write_bytes(raw)
    if encoding != "utf-8":  # which Polars checks while it parses
        raw.decode(encoding, "replace").encode()
    del raw
    caller = EXPORTS["calls"].by_name["caller"].title
    rows = pl.read_csv(clean, infer_schema=False)
    rows = rows.with_columns(plh.col(caller).chash.hmac_sha256(key="0" * 64))
    rows.write_parquet(scratch / "rows.parquet", compression_level=1)
