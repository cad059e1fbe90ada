"""Build the rows of a dataset and period as they now stand, and know whether they are stale.

Belongs here: what a period is built from (files, moved keys, code, deadline rules), and the one
file that comes out, `details/<dataset>/<period>.parquet`. Its metadata say what it was built from
and what became of the rows of each file, so that the file and the account of it cannot disagree.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from assets.deadlines.due import DEADLINE, Deadlines, with_deadline
from assets.details.late import keep_late
from assets.details.resolve import ACCEPTED, FATE, QUARANTINED, resolve
from assets.details.staged import PERIOD, live_files, moved_rows, scan_period
from assets.exports.ledger import drop_unnamed
from assets.files import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, remove_file, write_atomically
from assets.fingerprint import code_version, fingerprint
from assets.warehouse import Warehouse
from schemas import EXPORTS
from schemas.exports.tickets import VOIDED
from schemas.tables import ExportTable

_META = "hotline"
# (warehouse, dataset) -> state of its ledger and the rows that were moved, for this process.
_MOVED: dict[tuple[Path, str], tuple[str, pl.DataFrame]] = {}
# What other tables look up, by what they look it up for: when these columns change, what was joined
# with them is stale, and nothing else is.
LINKS: dict[str, dict[str, tuple[str | pl.Expr, ...]]] = {
    "calls": {"known": ("call_id",), "callers": ("call_id", "caller_key")},
    "tickets": {
        "known": ("ticket_id",),
        "units": ("ticket_id", "unit", "ticket_type"),
        "requests": (
            *("ticket_id", "call_id", "category", "accepted_at"),
            pl.col("status") == VOIDED,
        ),
    },
    "callbacks": {"known": ("ticket_id",)},
}


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
        return Details(**json.loads(pl.read_parquet_metadata(path)[_META]))
    except (TypeError, ValueError, KeyError, pl.exceptions.ComputeError):
        return None  # Damaged, or another version of the program wrote it: it is stale.


class DetailsPlan:
    """What the details of one dataset should be built from, period by period.

    Args:
        warehouse: where everything lies.
        dataset: name of the dataset.
        deadlines: rules and calendar, for tickets.
    """

    def __init__(self, warehouse: Warehouse, dataset: str, deadlines: Deadlines) -> None:
        self.table: ExportTable = EXPORTS[dataset]
        self._warehouse = warehouse
        self._deadlines = deadlines
        self._files = live_files(warehouse, dataset)
        self.periods: list[str] = (
            self._files["periods"].explode().drop_nulls().unique().sort().to_list()
        )
        self._moved = self._moved_rows()

    def _moved_rows(self) -> pl.DataFrame:
        """Rows of keys that stand in several periods, with their fates.

        A night asks for this a dozen times, and it reads the keys of every row. Batches never
        change, so their names say whether the answer is still the same.
        """
        asked = (self._warehouse.root, self.table.name)
        state = fingerprint(self._files.select("delivery", "batch").rows())
        known = _MOVED.get(asked)
        if known is None or known[0] != state:
            rows = moved_rows(self._warehouse, self.table, self._files, self.periods)
            known = _MOVED[asked] = (state, resolve_moved(rows, self.table))
        return known[1]

    def expected(self, period: str) -> str:
        """Fingerprint of what the details of a period should be built from."""
        moved = self._moved_of(period).select(*self.table.key, PERIOD, FATE, "__delivery", "__line")
        files = self._files.filter(pl.col("periods").list.contains(period))
        return fingerprint(
            code_version("schemas", "assets.deadlines", "assets.details"),
            self._deadlines.version if self.table.name == "tickets" else "",
            files.select("delivery", "batch").rows(),
            moved.sort(pl.all()).rows(),
        )

    def stale(self) -> list[str]:
        """Periods whose details are not built from what they should be."""
        stale = []
        for period in self.periods:
            built = read_details(self._warehouse, self.table.name, period)
            if built is None or built.fingerprint != self.expected(period):
                stale.append(period)
        return stale

    def drop_gone(self) -> None:
        """Remove details of periods that no row belongs to any more, and rows of dead batches."""
        drop_unnamed(self._warehouse, self.table.name)
        for path in self._warehouse.details(self.table.name).glob("*.parquet"):
            if path.stem not in self.periods:
                remove_file(path)

    def _moved_of(self, period: str) -> pl.DataFrame:
        if not self._moved.height:  # As a rule; a night asks this for every period there is.
            return self._moved
        keys = self._moved.filter(pl.col(PERIOD) == period).select(self.table.key).unique()
        return self._moved.join(keys, on=list(self.table.key), how="semi")

    def build(self, period: str) -> Details:
        """Resolve the rows of a period and write them.

        Raises:
            HotlineError: a deadline falls in a year that the calendar does not know.
        """
        table = self.table
        rows = scan_period(self._warehouse, table, self._files, period).collect()
        moved = self._moved.filter(pl.col(PERIOD) == period).drop(PERIOD)
        if moved.height:
            rows = rows.join(moved.select(table.key), on=list(table.key), how="anti")
            fates = pl.concat([resolve(rows, table), moved.select(*rows.columns, FATE)])
        else:
            fates = resolve(rows, table)
        standing = fates.filter(pl.col(FATE) == ACCEPTED).sort(table.key)
        standing = standing.select(*table.stored_columns, "__delivery", "__line")
        if table.name == "tickets":
            standing = with_deadline(standing, self._deadlines)
        details = self._describe(period, fates, standing)
        wrong = fates.filter(pl.col(FATE) == QUARANTINED)
        keep_late(self._warehouse, table, period, wrong, self._files)
        folder = self._warehouse.details(table.name)
        make_folder(folder, PRIVATE_FOLDER)
        metadata = {_META: json.dumps(asdict(details), ensure_ascii=False)}
        write_atomically(
            folder / f"{period}.parquet",
            lambda file: standing.write_parquet(file, metadata=metadata),
            mode=PRIVATE_FILE,
        )
        return details

    def _describe(self, period: str, fates: pl.DataFrame, standing: pl.DataFrame) -> Details:
        counted: dict[str, dict[str, int]] = {}
        for delivery, fate, count in fates.group_by("__delivery", FATE).len().sort(pl.all()).rows():
            counted.setdefault(delivery, {})[fate] = count
        wrong = fates.filter(pl.col(FATE) == QUARANTINED).select("__delivery", "__line")
        files = self._files.filter(pl.col("periods").list.contains(period))
        latest: date = files["export_date"].max()  # type: ignore[assignment]
        links = LINKS.get(self.table.name, {})
        deadline = None
        if self.table.name == "tickets":
            closed = pl.col("closed_at").is_not_null() | (pl.col("status") == VOIDED)
            deadline = standing.filter(~closed)[DEADLINE].max()
        return Details(
            fingerprint=self.expected(period),
            links={name: _digest(standing.select(of)) for name, of in links.items()},
            rows=standing.height,
            open_until=deadline.isoformat() if isinstance(deadline, datetime) else "",
            latest=latest.isoformat(),
            fates=counted,
            quarantined=wrong.sort(pl.all()).rows(),
        )


def resolve_moved(moved: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Fates of the rows of keys that stand in several periods, decided over all of them."""
    if not moved.height:
        return moved.with_columns(
            pl.lit(None, pl.String).alias(name) for name in (FATE, "__delivery", "__line")
        )
    return resolve(moved, table)


def _digest(rows: pl.DataFrame) -> str:
    texts = pl.all().cast(pl.String).fill_null("\0")
    joined = rows.select(pl.concat_str(texts, separator="\x1f").sort())
    return fingerprint(joined.to_series().str.join("\n").item() if rows.height else "")
