"""What is known of the details of a period without reading its rows, nor what builds them.

Belongs here: the account in the footer of a details file.
"""

import json
from dataclasses import dataclass

import polars as pl

from assets.core import Warehouse
from assets.details.store import META


@dataclass(frozen=True)
class Details:
    """What is known of the details of a period without reading its rows.

    Attributes:
        fingerprint: of everything it was built from.
        links: purpose -> fingerprint of the columns that other tables look up for it.
        rows: number of rows.
        open_until: latest deadline of the tickets that are open, ISO; empty where none is.
        latest: last export date of the files that it was built from, YYYY-MM-DD.
        fates: delivery -> fate -> number of its rows in this period.
        quarantined: (delivery, line) of rows that broke a rule against other files' rows.
    """

    fingerprint: str
    links: dict[str, str]
    rows: int
    open_until: str
    latest: str
    fates: dict[str, dict[str, int]]
    quarantined: list[tuple[str, int]]


def read_details(warehouse: Warehouse, dataset: str, period: str) -> Details | None:
    """What was built for a period, or None."""
    path = warehouse.details(dataset) / f"{period}.parquet"
    if not path.exists():
        return None
    try:
        return Details(**json.loads(pl.read_parquet_metadata(path)[META]))
    except (TypeError, ValueError, KeyError, pl.exceptions.ComputeError):
        return None  # Damaged, or another version of the program wrote it: it is stale.
