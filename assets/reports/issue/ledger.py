"""What was issued: `ledger/reports.parquet`, one row for each revision of each report.

Replacing that file is the commit of an issue: a folder of a report that it does not name does not
exist. A row is entered once its folder is durable and stays as it is, but for `deliveries`, which
says what the report was last held against.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

import polars as pl
import pyarrow.parquet as pq

from assets.core import (
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    REPORT_LEDGER_SCHEMA,
    SEAL,
    Warehouse,
    make_folder,
    read_reports,
    write_reports_head,
    write_sealed,
)
from assets.facts import fact_table
from schemas.reports import FORMS, TITLES, ReportKind, reports


@dataclass(frozen=True)
class Entry:
    """One revision of one report; `schemas.reports` says what each column means."""

    kind: ReportKind
    period: str
    revision: int
    first: date
    last: date
    number: int
    due: date
    issued_at: datetime
    in_time: bool
    backfilled: bool
    release: str
    cutoff: datetime
    content: str
    deliveries: str
    docx: str
    xlsx: str
    html: str
    pdf: str
    path: str

    @property
    def state(self) -> str:
        """Whether the report was in time, in Chinese."""
        if self.backfilled:
            return "补发"
        return "按时" if self.in_time else "迟发"

    @property
    def files(self) -> Mapping[str, str]:
        """Form -> its file, below the warehouse."""
        return {form: f"{self.path}/{file_name(self.kind, self.period, form)}" for form in FORMS}


def file_name(kind: ReportKind, period: str, form: str) -> str:
    """Name of a form of a report, as it is sent around."""
    return f"{period}_{TITLES[kind]}.{form}"


class Ledger:
    """The ledger as it is when this is made; one writer at a time.

    Args:
        warehouse: where it lies.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        entries = [Entry(**row) for row in read_reports(warehouse).iter_rows(named=True)]
        self._entries = {(each.kind, each.period, each.revision): each for each in entries}
        self._last = {(each.kind, each.period): each for each in entries}
        self._counted = 0

    @property
    def entries(self) -> list[Entry]:
        """All revisions, by kind, period and revision."""
        return [self._entries[key] for key in sorted(self._entries)]

    def last(self, kind: ReportKind, period: str) -> Entry | None:
        """The last revision of a report; None where it was never issued."""
        return self._last.get((kind, period))

    def enter(self, entry: Entry) -> None:
        """Enter a revision, or a row of which only `deliveries` is new; durable afterwards."""
        self._entries[entry.kind, entry.period, entry.revision] = entry
        self._last[entry.kind, entry.period] = entry
        make_folder(self._warehouse.reports_ledger.parent, PRIVATE_FOLDER)
        rows = pl.DataFrame([vars(each) for each in self.entries], schema=REPORT_LEDGER_SCHEMA)
        table = fact_table(rows, reports)

        def write(file: IO[bytes]) -> None:
            with pq.ParquetWriter(file, table.schema, compression="zstd") as writer:
                writer.write_table(table)
                writer.add_key_value_metadata(SEAL)

        write_sealed(self._warehouse.reports_ledger, write, mode=PUBLIC_FILE)
        if rows.height != self._counted:
            write_reports_head(self._warehouse, rows.height)
            self._counted = rows.height
