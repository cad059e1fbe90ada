"""Read the ledger of issued reports, which retention and the year's indicators need, too."""

import polars as pl

from assets.core.errors import HotlineError
from assets.core.warehouse import Warehouse
from schemas.reports import reports

REPORT_LEDGER_SCHEMA = {column.name: column.polars_type for column in reports.columns}


def read_reports(warehouse: Warehouse) -> pl.DataFrame:
    """All revisions, by kind, period and revision; no rows where nothing was issued.

    Raises:
        HotlineError: the file is damaged; it cannot be made again from anything else.
    """
    path = warehouse.reports_ledger
    if not path.exists():
        return pl.DataFrame(schema=REPORT_LEDGER_SCHEMA)
    try:
        return pl.read_parquet(path).select(*REPORT_LEDGER_SCHEMA)
    except pl.exceptions.PolarsError as error:
        raise HotlineError(
            f"报告台账 {path} 无法读取（{type(error).__name__}）：请从备份恢复这个文件。"
        ) from None


def releases_referred_to(warehouse: Warehouse) -> set[str]:
    """Releases that issued reports were computed from; retention keeps them."""
    return set(read_reports(warehouse)["release"])
