"""Build the rows of a dataset and period as they now stand, and know whether they are stale.

Belongs here: what a period is built from (files, moved keys, code, deadline rules), and the one
file that comes out, `details/<dataset>/<period>.parquet`. Its metadata say what it was built from
and what became of the rows of each file, so that the file and the account of it cannot disagree.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import polars as pl

from assets.core import (
    MEMORY,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    code_version,
    fingerprint,
    in_polars,
    make_folder,
    passes,
    remove_file,
    write_atomically,
)
from assets.deadlines import Deadlines, with_deadline
from assets.details.known import Details, read_details
from assets.details.late import keep_late
from assets.details.moved import Moved, find_moved, keep_moved, moved_rows, read_moved
from assets.details.ranges import key_ranges
from assets.details.resolve import ACCEPTED, FATE, resolve
from assets.details.staged import PERIOD, batch_paths, live_files, scan_period
from assets.details.store import write_details
from assets.details.tally import Columns, Tally
from assets.exports import drop_unnamed
from schemas import EXPORTS
from schemas.exports.tickets import VOIDED
from schemas.table import ExportTable

# (warehouse, dataset) -> state of its ledger, the keys and the rows that were moved, for this
# process.
_MOVED: dict[tuple[Path, str], tuple[str, Moved, pl.DataFrame]] = {}
# What other tables look up, by what they look it up for: when these columns change, what was joined
# with them is stale, and nothing else is.
LINKS: dict[str, dict[str, Columns]] = {
    "calls": {"known": ("call_id",), "callers": ("call_id", "caller_key")},
    "tickets": {
        "known": ("ticket_id",),
        "units": ("ticket_id", "unit", "ticket_type"),
        "requests": (
            *("ticket_id", "call_id", "category", "accepted_at"),
            (pl.col("status") == VOIDED).alias("voided"),
        ),
    },
    "callbacks": {"known": ("ticket_id",)},
}


class DetailsPlan:
    """What the details of one dataset should be built from, period by period.

    Args:
        warehouse: where everything lies.
        dataset: name of the dataset.
        deadlines: rules and calendar, for tickets.
        memory: bytes that rows may take while they are worked on, those of several periods
            together that are built side by side.
    """

    def __init__(
        self, warehouse: Warehouse, dataset: str, deadlines: Deadlines, *, memory: int = MEMORY
    ) -> None:
        self.table: ExportTable = EXPORTS[dataset]
        self._warehouse = warehouse
        self._deadlines = deadlines
        self._memory = memory
        self._files = live_files(warehouse, dataset)
        self._files_of = _by_period(self._files)
        self.periods: list[str] = sorted(self._files_of)
        self._moved_keys, self._moved = self._find_moved()
        self._expected: dict[str, str] = {}

    def _find_moved(self) -> tuple[Moved, pl.DataFrame]:
        """Keys that stand in several periods, and their rows with fates.

        A night asks for this a dozen times. Batches never change, so their names say whether the
        answer is still the same.
        """
        asked = (self._warehouse.root, self.table.name)
        state = fingerprint(self._files.select("delivery", "batch").rows())
        known = _MOVED.get(asked)
        if known is None or known[0] != state:
            keys = find_moved(self._warehouse, self.table, self._files, self._memory)
            rows = moved_rows(self._warehouse, self.table, self._files, keys)
            known = _MOVED[asked] = (state, keys, resolve_moved(rows, self.table))
        return known[1], known[2]

    def expected(self, period: str) -> str:
        """Fingerprint of what the details of a period should be built from."""
        if period not in self._expected:
            self._expected[period] = self._fingerprint(period)
        return self._expected[period]

    def _fingerprint(self, period: str) -> str:
        moved = self._moved_of(period).select(*self.table.key, PERIOD, FATE, "__delivery", "__line")
        files = self._files_of[period]
        return fingerprint(
            code_version("schemas", "assets.deadlines", "assets.details"),
            self._deadlines.version if self.table.name == "tickets" else "",
            files.select("delivery", "batch").rows(),
            moved.sort(pl.all()).rows() if moved.height else [],
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
        """Remove details of periods that no row belongs to any more, and rows of dead batches.

        Where there are new batches, the keys that they moved are remembered, too.
        """
        drop_unnamed(self._warehouse, self.table.name)
        if self._moved_keys.batches != read_moved(self._warehouse, self.table).batches:
            keep_moved(self._warehouse, self.table, self._moved_keys)
        for path in self._warehouse.details(self.table.name).glob("*.parquet"):
            if path.stem not in self.periods:
                remove_file(path)

    def _moved_of(self, period: str) -> pl.DataFrame:
        if not self._moved.height:  # As a rule; a night asks this for every period there is.
            return self._moved
        keys = self._moved.filter(pl.col(PERIOD) == period).select(self.table.key).unique()
        return self._moved.join(keys, on=list(self.table.key), how="semi")

    def build(self, period: str) -> Details:
        """Resolve the rows of a period, range by range, and write those that stand.

        Raises:
            HotlineError: a deadline falls in a year that the calendar does not know.
        """
        table = self.table
        moved = self._moved.filter(pl.col(PERIOD) == period).drop(PERIOD)
        files = self._files_of[period]
        rows = scan_period(self._warehouse, table, files, period)
        paths = batch_paths(self._warehouse, table, files)[period]
        count = passes(paths, table.stored_columns, self._memory // in_polars())
        ranges = key_ranges(rows, table, count)
        tally = Tally(table, LINKS.get(table.name, {}))

        def parts() -> Iterator[pl.DataFrame]:
            for part in ranges:
                fates = self._fates(rows.filter(part).collect(), moved.filter(part))
                standing = self._standing(fates)
                tally.add(fates, standing)
                del fates
                yield standing
            # Before the file that says so.
            keep_late(self._warehouse, table, period, tally.wrong, self._files)

        def account() -> str:
            return json.dumps(asdict(self._describe(period, tally)), ensure_ascii=False)

        folder = self._warehouse.details(table.name)
        make_folder(folder, PRIVATE_FOLDER)
        write_atomically(
            folder / f"{period}.parquet",
            lambda file: write_details(file, table.name, parts(), account),
            mode=PRIVATE_FILE,
        )
        return self._describe(period, tally)

    def _fates(self, rows: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
        if not moved.height:
            return resolve(rows, self.table)
        rows = rows.join(moved.select(self.table.key), on=list(self.table.key), how="anti")
        return pl.concat([resolve(rows, self.table), moved.select(*rows.columns, FATE)])

    def _standing(self, fates: pl.DataFrame) -> pl.DataFrame:
        columns = (*self.table.stored_columns, "__delivery", "__line")
        standing = fates.filter(pl.col(FATE) == ACCEPTED).select(columns).sort(self.table.key)
        if self.table.name == "tickets":
            return with_deadline(standing, self._deadlines)
        return standing

    def _describe(self, period: str, tally: Tally) -> Details:
        latest: date = self._files_of[period]["export_date"].max()  # type: ignore[assignment]
        return Details(
            fingerprint=self.expected(period),
            links=tally.links,
            rows=tally.rows,
            open_until=tally.open_until.isoformat() if tally.open_until else "",
            latest=latest.isoformat(),
            fates=tally.fates,
            quarantined=tally.wrong.select("__delivery", "__line").sort(pl.all()).rows(),
        )


def _by_period(files: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Period -> the files that hold rows of it, in their order."""
    named = files.with_columns(period="periods").explode("period").drop_nulls("period")
    parts = named.partition_by("period", as_dict=True, maintain_order=True, include_key=False)
    return {str(period): part for (period,), part in parts.items()}


def resolve_moved(moved: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Fates of the rows of keys that stand in several periods, decided over all of them."""
    if not moved.height:
        return moved.with_columns(
            pl.lit(None, pl.String).alias(name) for name in (FATE, "__delivery", "__line")
        )
    return resolve(moved, table)
