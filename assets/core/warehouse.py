"""Where everything lies below the warehouse folder, and the number of this layout.

archive/ab/<sha256>                 raw files as delivered, private
ledger/deliveries/<dataset>.parquet what arrived and what became of it, private
ledger/decisions.jsonl              deliveries that a person released or rejected, private
ledger/erasures.jsonl               what was erased on request, as keyed hashes, private
ledger/quarantine/                  rows that were discarded; when rows came and went, private
staged/<dataset>/<period>/          rows that passed the row rules, one file a batch, private
staged/<dataset>/moved.parquet      which keys stand in two periods, can be lost, private
staged/<dataset>/corrections/       which quarantined rows were given back, private
quarantine/<dataset>/<batch>.parquet rows that did not, private
details/<dataset>/<period>.*        rows as they now stand, private
built/<table>/<month>.*             facts waiting for a release
releases/<id>/                      complete, immutable states
current -> releases/<id>            what readers open
reports/<kind>/<period>/r<n>/       issued reports, every revision
caller.key, erasure.key             keys of pseudonyms, and of the record of erasures, private
layout                              number of this layout
heads/                              what of the above must be there, and how much of it, private
ledger/releases.jsonl               which release was made current when, and by whom, private
ledger/reports.parquet              which of them were issued, when, and their checksums
ledger/notices.json                 what people were told and are still to be told, private
"""

from dataclasses import dataclass
from pathlib import Path

from assets.core.errors import HotlineError
from assets.core.files import write_bytes

# Raised whenever an older program would misread or spoil what cannot be computed again: archive,
# journal, ledgers of reports and of discarded rows. Everything else carries the fingerprint of the
# code that made it. 1: the first number; version 0.1.0 wrote none, and the same layout. 2: journals
# are chained by hash.
LAYOUT = 2


@dataclass(frozen=True)
class Warehouse:
    """The folders of one warehouse.

    Attributes:
        root: the warehouse folder.
    """

    root: Path

    @property
    def archive(self) -> Path:
        """Raw files by SHA-256."""
        return self.root / "archive"

    def archived(self, sha256: str) -> Path:
        """The raw file with this SHA-256."""
        return self.archive / sha256[:2] / sha256

    @property
    def ledgers(self) -> Path:
        """Ledgers of deliveries, one file a dataset."""
        return self.root / "ledger" / "deliveries"

    @property
    def decisions(self) -> Path:
        """What people decided on deliveries."""
        return self.root / "ledger" / "decisions.jsonl"

    def staged(self, dataset: str, period: str) -> Path:
        """Rows of a dataset and period that passed the row rules."""
        return self.root / "staged" / dataset / period

    def corrections(self, dataset: str) -> Path:
        """Which quarantined rows the rows of correction files name, one file a batch."""
        return self.staged(dataset, "corrections")

    def moved(self, dataset: str) -> Path:
        """Which keys of a dataset stand in more than one period."""
        return self.root / "staged" / dataset / "moved.parquet"

    def quarantine(self, dataset: str) -> Path:
        """Rows of a dataset that broke a rule."""
        return self.root / "quarantine" / dataset

    def details(self, dataset: str) -> Path:
        """Rows of a dataset as they now stand."""
        return self.root / "details" / dataset

    def built(self, table: str) -> Path:
        """Fact files of a table that are ready for a release."""
        return self.root / "built" / table

    @property
    def releases(self) -> Path:
        """All releases."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link that names the current release."""
        return self.root / "current"

    @property
    def reports(self) -> Path:
        """Issued reports and their index."""
        return self.root / "reports"

    @property
    def reports_index(self) -> Path:
        """The page that lists all reports."""
        return self.reports / "index.html"

    @property
    def reports_ledger(self) -> Path:
        """Ledger of issued reports."""
        return self.root / "ledger" / "reports.parquet"

    @property
    def journal(self) -> Path:
        """Which release was made current when, a `Journal`."""
        return self.root / "ledger" / "releases.jsonl"

    def discarded(self, dataset: str) -> Path:
        """Quarantined rows that somebody has given up, with the reason."""
        return self.root / "ledger" / "quarantine" / "discarded" / f"{dataset}.parquet"

    def quarantine_history(self, dataset: str) -> Path:
        """When each row entered and left the quarantine."""
        return self.root / "ledger" / "quarantine" / "history" / f"{dataset}.parquet"

    @property
    def held(self) -> Path:
        """The release that waits for a person, if one does."""
        return self.root / "ledger" / "held.json"

    @property
    def notices(self) -> Path:
        """What people were told, and what they are still to be told."""
        return self.root / "ledger" / "notices.json"

    @property
    def caller_key(self) -> Path:
        """Key of the callers' pseudonyms."""
        return self.root / "caller.key"

    @property
    def next_caller_key(self) -> Path:
        """The key that is about to take its place."""
        return self.root / "caller.key.next"

    @property
    def erasure_key(self) -> Path:
        """Key of the hashes in the record of erasures."""
        return self.root / "erasure.key"

    @property
    def caller_key_id(self) -> Path:
        """Which key that is, without telling it."""
        return self.root / "heads" / "caller_key.json"

    @property
    def reports_head(self) -> Path:
        """How many revisions of reports were issued at least."""
        return self.root / "heads" / "reports.json"

    @property
    def layout(self) -> Path:
        """Number of the layout of all this."""
        return self.root / "layout"

    @property
    def restoring(self) -> Path:
        """Is there while the warehouse is being restored from a backup."""
        return self.root / ".restoring"

    @property
    def lock(self) -> Path:
        """Whoever holds this file may write."""
        return self.root / ".lock"


def check_warehouse_version(warehouse: Warehouse) -> None:
    """Refuse a warehouse that a newer program has written.

    Raises:
        HotlineError: it was, or its number cannot be read.
    """
    path = warehouse.layout
    if not path.exists():
        return
    text = path.read_bytes().strip() if path.is_file() else b""
    if not text.isdigit():
        raise HotlineError(
            f"{path} 已损坏：请从备份恢复它（hotline restore 备份目录 --file layout）。"
        )
    if int(text) > LAYOUT:
        raise HotlineError(
            f"数据仓库 {warehouse.root} 由更新版本的程序写过（格式 {int(text)}，本程序只认识到 "
            f"{LAYOUT}）：请换回新版本的程序，或用 hotline restore 恢复升级以前的备份。"
        )


def mark_layout(warehouse: Warehouse) -> None:
    """Number the warehouse; only the holder of the lock may do it.

    Raises:
        HotlineError: a newer program has written it.
    """
    check_warehouse_version(warehouse)
    if not warehouse.layout.exists() or int(warehouse.layout.read_bytes()) < LAYOUT:
        write_bytes(warehouse.layout, f"{LAYOUT}\n".encode())
