"""The summary of a details file: what it was built from and what became of every row.

It is written into the footer of the file, so that rows and summary cannot disagree, and read
without the rows.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from assets.core import Warehouse, open_json
from assets.deadlines import DEADLINE
from assets.details.resolve import ACCEPTED, FATE, QUARANTINED, RANK
from assets.details.rows import META
from assets.exports import DELIVERY, LINE
from schemas.exports.tickets import CLOSED, MERGED, VOIDED
from schemas.table import ExportTable

# Dataset -> purpose -> columns that other tables look up for it. What was joined with these columns
# is stale when their values change, and only then.
_LOOKED_UP: dict[str, dict[str, list[pl.Expr]]] = {
    "calls": {
        "known": [pl.col("call_id")],
        "callers": [pl.col("call_id"), pl.col("caller_key")],
    },
    "tickets": {
        "known": [pl.col("ticket_id")],
        "merges": [pl.col("ticket_id"), pl.when(pl.col("status") == MERGED).then("merged_into")],
        "units": [pl.col("ticket_id"), pl.col("unit"), pl.col("ticket_type")],
        "requests": [
            *map(pl.col, ("ticket_id", "call_id", "category", "accepted_at")),
            pl.col("status") == VOIDED,
        ],
    },
    "callbacks": {"known": [pl.col("ticket_id")]},
}
# After each value that is hashed, so that the values "ab", "c" and "a", "bc" differ.
_END = "\x1f"


@dataclass(frozen=True)
class DetailsSummary:
    """What is known of the details of a period without reading its rows.

    Attributes:
        fingerprint: of everything it was built from.
        links: purpose -> fingerprint of the columns that other tables look up for it.
        rows: number of rows.
        open_until: latest deadline of the tickets that are open, ISO; empty where none is.
        latest: last export date of the files that it was built from, YYYY-MM-DD.
        fates: delivery -> fate -> number of its rows in this period.
        quarantined: (delivery, line) of rows that broke a rule against other files' rows.
        absent: columns that the platform does not have, and `deadline` where it hangs on one.
        years_unknown: years that deadlines fall in and the working-day calendar does not have.
        noted: of tickets, how many are `merged`, were `reopened` or `changed_after_closing`.
    """

    fingerprint: str
    links: dict[str, str]
    rows: int
    open_until: str
    latest: str
    fates: dict[str, dict[str, int]]
    quarantined: list[tuple[str, int]]
    absent: list[str]
    years_unknown: list[int]
    noted: dict[str, int]


def read_details(warehouse: Warehouse, dataset: str, period: str) -> DetailsSummary | None:
    """The summary of a period; None where it was not built, or its file is damaged."""
    path = warehouse.details(dataset) / f"{period}.parquet"
    if not path.is_file():
        return None
    try:
        return DetailsSummary(**open_json(pl.read_parquet_metadata(path)[META]))
    except (TypeError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None  # Damaged, or written by another version of the program.


class SummaryBuilder:
    """Adds up the summary of a period range by range; it does not depend on how rows were cut.

    Args:
        table: the dataset.
    """

    def __init__(self, table: ExportTable) -> None:
        self._table = table
        self._fates: dict[str, dict[str, int]] = {}
        self._open_until: datetime | None = None
        self._quarantined: list[pl.DataFrame] = []
        self._looked_up = _LOOKED_UP.get(table.name, {})
        self._noted: Counter[str] = Counter()
        self._years_unknown: set[int] = set()
        self._digests = {purpose: hashlib.sha256() for purpose in self._looked_up}

    def add(
        self, fates: pl.DataFrame, accepted: pl.DataFrame, years_unknown: Iterable[int] = ()
    ) -> None:
        """Add a range, later in the order of the key than those before.

        Args:
            fates: all its rows.
            accepted: the accepted ones, in order of the key; tickets with their deadline.
            years_unknown: years that the calendar lacks for these deadlines.
        """
        self._years_unknown.update(years_unknown)
        for delivery, fate, count in fates.group_by(DELIVERY, FATE).len().sort(pl.all()).rows():
            counted = self._fates.setdefault(delivery, {})
            counted[fate] = counted.get(fate, 0) + count
        quarantined = fates.filter(pl.col(FATE) == QUARANTINED)
        self._quarantined.append(quarantined.select(*self._table.key, DELIVERY, LINE))
        if not accepted.height:
            return
        for purpose, columns in self._looked_up.items():
            texts = [each.to_physical().cast(pl.String).fill_null("\0") for each in columns]
            rows = accepted.select(pl.concat_str(texts, separator=_END)).to_series()
            self._digests[purpose].update(f"{rows.str.join(_END).item()}{_END}".encode())
        if self._table.name == "tickets":
            self._noted["merged"] += accepted.filter(pl.col("status") == MERGED).height
            self._noted.update(_changes_after_closing(fates))
            closed = pl.col("closed_at").is_not_null() | (pl.col("status") == VOIDED)
            latest = accepted.filter(~closed)[DEADLINE].max()
            known = [each for each in (self._open_until, latest) if isinstance(each, datetime)]
            self._open_until = max(known, default=None)

    @property
    def quarantined(self) -> pl.DataFrame:
        """Rows that broke a rule against rows of other files: key, `__delivery`, `__line`."""
        return pl.concat(self._quarantined)

    def summary(self, built_from: str, latest: date, absent: list[str]) -> DetailsSummary:
        """The summary of all ranges.

        Args:
            built_from: fingerprint of everything that the period is built from.
            latest: last export date of its files.
            absent: columns that are lacking.
        """
        return DetailsSummary(
            fingerprint=built_from,
            links={name: digest.hexdigest()[:16] for name, digest in self._digests.items()},
            rows=sum(counted.get(ACCEPTED, 0) for counted in self._fates.values()),
            open_until=self._open_until.isoformat() if self._open_until else "",
            latest=latest.isoformat(),
            fates=self._fates,
            quarantined=self.quarantined.select(DELIVERY, LINE).sort(pl.all()).rows(),
            absent=absent,
            years_unknown=sorted(self._years_unknown),
            noted=dict(self._noted),
        )


def _changes_after_closing(fates: pl.DataFrame) -> dict[str, int]:
    """How many tickets were open again, or changed otherwise, after a version that was closed.

    Args:
        fates: all rows of the tickets.
    """
    valid = fates.filter(pl.col(FATE) != QUARANTINED)
    several = valid.filter(pl.struct("ticket_id").is_duplicated())
    versions = several.sort("ticket_id", "updated_at", RANK, LINE)
    done = pl.col("status").is_in([CLOSED, MERGED])
    closed_before = done.shift(1).cum_max().over("ticket_id")
    own = {"ticket_id", "updated_at", RANK, LINE, DELIVERY, FATE}
    content = pl.struct(name for name in versions.columns if name not in own)
    other = content.ne_missing(content.shift(1).over("ticket_id"))
    found = {
        "reopened": closed_before & ~done & (pl.col("status") != VOIDED),
        "changed_after_closing": closed_before & done & other,
    }
    return {
        name: versions.filter(condition)["ticket_id"].n_unique()
        for name, condition in found.items()
    }
