"""Read the ledger of issued reports, which retention and the year's indicators need, too."""

from itertools import islice
from pathlib import Path

import polars as pl

from assets.core.errors import DamagedRecord
from assets.core.files import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, write_bytes
from assets.core.sealed import open_json, read_record, sealed_json
from assets.core.warehouse import Warehouse
from schemas.reports import reports

REPORT_LEDGER_SCHEMA = {column.name: column.polars_type for column in reports.columns}


def read_reports(warehouse: Warehouse) -> pl.DataFrame:
    """All revisions, by kind, period and revision; no rows where nothing was issued.

    Raises:
        DamagedRecord: the file is damaged, gone or shorter than it was.
    """
    path, head = warehouse.reports_ledger, warehouse.reports_head
    # Read before the ledger, which may grow meanwhile.
    least = _issued_at_least(head)
    # The very first issue, where it was interrupted, left one folder and no ledger.
    issued = least or len(list(islice(warehouse.reports.glob("*/*/r*"), 2))) > 1
    if not path.exists() and not issued:
        return pl.DataFrame(schema=REPORT_LEDGER_SCHEMA)
    rows = read_record(path, "报告台账").select(*REPORT_LEDGER_SCHEMA)
    if rows.height < least:
        raise DamagedRecord(
            f"报告台账（{path}）只有 {rows.height} 条，印发过的至少有 {least} 条，所以没有继续："
            f"请从备份恢复它和 {head}，再运行一次。"
        )
    return rows


def write_reports_head(warehouse: Warehouse, count: int) -> None:
    """Write down how many revisions the ledger names, once it does."""
    make_folder(warehouse.reports_head.parent, PRIVATE_FOLDER)
    text = sealed_json({"revisions": count})
    write_bytes(warehouse.reports_head, text.encode(), mode=PRIVATE_FILE)


def _issued_at_least(head: Path) -> int:
    try:
        return int(open_json(head.read_bytes())["revisions"])
    except FileNotFoundError:
        return 0
    except (IsADirectoryError, ValueError, TypeError, KeyError):
        raise DamagedRecord(f"报告台账的记录 {head} 已损坏：请从备份恢复它。") from None


def releases_referred_to(warehouse: Warehouse) -> set[str]:
    """Releases that issued reports were computed from; retention keeps them."""
    return set(read_reports(warehouse)["release"])
